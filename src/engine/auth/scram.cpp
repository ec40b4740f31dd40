// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/auth/scram.h"

#include "bson/md5.h"
#include "engine/auth/sasl_prep.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace plumb::auth {

namespace {

struct MechanismRow {
    std::string_view name;
    Hash hash;
    std::int32_t iterations;
    std::size_t salt_bytes;
};
constexpr auto kMechanisms = std::to_array<MechanismRow>({
    {"SCRAM-SHA-1", Hash::Sha1, 10'000, 16},
    {"SCRAM-SHA-256", Hash::Sha256, 15'000, 28},
});

const MechanismRow& row_of(Hash hash) {
    return kMechanisms[hash == Hash::Sha1 ? 0 : 1];
}

Error malformed(std::string_view what) {
    return fail(ErrorCode::BadValue, fmt::format("malformed SCRAM message: {}", what));
}

// Splits off what stands before the next comma.
std::string_view next_part(std::string_view& rest) {
    const std::size_t comma = rest.find(',');
    const std::string_view part = rest.substr(0, comma);
    rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
    return part;
}

// The value of an attribute "n=…" that must stand here.
Result<std::string_view> attribute(std::string_view part, char letter) {
    if (part.size() < 3 || part[0] != letter || part[1] != '=') {
        return malformed(fmt::format("'{}=' is missing or empty", letter));
    }
    return part.substr(2);
}

// Commas and equal signs of a name are written =2C and =3D.
Result<std::string> decode_name(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '=') {
            out.push_back(text[at]);
            continue;
        }
        const std::string_view code = text.substr(at, 3);
        if (code != "=2C" && code != "=3D") {
            return malformed("the user name has a '=' that is neither =2C nor =3D");
        }
        out.push_back(code == "=2C" ? ',' : '=');
        at += 2;
    }
    return out;
}

bool is_printable(std::string_view text) {
    return std::ranges::all_of(text, [](char letter) { return letter > ' ' && letter < 127; });
}

std::string hexadecimal(const std::array<std::uint8_t, 16>& bytes) {
    std::string out;
    for (const std::uint8_t byte : bytes) {
        out += fmt::format("{:02x}", byte);
    }
    return out;
}

}  // namespace

std::string_view mechanism_name(Hash hash) {
    return row_of(hash).name;
}

std::optional<Hash> mechanism_of(std::string_view name) {
    const auto row = std::ranges::find(kMechanisms, name, &MechanismRow::name);
    return row == kMechanisms.end() ? std::nullopt : std::optional{row->hash};
}

std::int32_t default_iterations(Hash hash) {
    return row_of(hash).iterations;
}

std::size_t salt_bytes(Hash hash) {
    return row_of(hash).salt_bytes;
}

Result<std::string> prepare_password(Hash hash, std::string_view user, std::string_view password) {
    if (hash == Hash::Sha256) {
        return sasl_prep(password);
    }
    bson::Md5 md5;
    md5.add(user);
    md5.add(":mongo:");
    md5.add(password);
    return hexadecimal(md5.finish());
}

ScramCredentials derive_credentials(Hash hash,
                                    std::string_view prepared_password,
                                    std::string salt,
                                    std::int32_t iterations) {
    const std::string salted = stretch(hash, prepared_password, salt, iterations);
    ScramCredentials out;
    out.iterations = iterations;
    out.salt = std::move(salt);
    out.stored_key = digest(hash, hmac(hash, salted, "Client Key"));
    out.server_key = hmac(hash, salted, "Server Key");
    return out;
}

Result<ScramCredentials> new_credentials(Hash hash,
                                         std::string_view user,
                                         std::string_view password) {
    PLUMB_TRY(prepared, prepare_password(hash, user, password));
    PLUMB_TRY(salt, random_bytes(salt_bytes(hash)));
    return derive_credentials(hash, prepared, std::move(salt), default_iterations(hash));
}

ScramCredentials unknown_user_credentials(Hash hash,
                                          std::string_view server_secret,
                                          std::string_view full_user_name) {
    const auto secret = [&](std::string_view purpose) {
        return hmac(hash,
                    server_secret,
                    fmt::format("{}:{}:{}", purpose, mechanism_name(hash), full_user_name));
    };
    ScramCredentials out;
    out.iterations = default_iterations(hash);
    // A salt is at most as long as the hash.
    out.salt = secret("salt").substr(0, salt_bytes(hash));
    out.stored_key = secret("stored key");
    out.server_key = secret("server key");
    return out;
}

Result<ScramExchange> ScramExchange::begin(Hash hash,
                                           std::string_view client_first,
                                           std::string_view server_nonce) {
    if (client_first.size() > kScramMessageBytesMax) {
        return malformed("it is too long");
    }
    std::string_view rest = client_first;
    const std::string_view binding = next_part(rest);
    const std::string_view acting_for = next_part(rest);
    if (binding.starts_with("p=")) {
        return fail(ErrorCode::BadValue, "SCRAM with channel binding is not available");
    }
    if (binding != "n" && binding != "y") {
        return malformed("it begins neither with n, nor with y,");
    }
    ScramExchange out{hash};
    out.client_first_bare_ = rest;
    out.gs2_header_ = client_first.substr(0, client_first.size() - rest.size());
    PLUMB_TRY(name, attribute(next_part(rest), 'n'));
    PLUMB_TRY(user, decode_name(name));
    PLUMB_TRY(nonce, attribute(next_part(rest), 'r'));
    if (!is_printable(nonce)) {
        return malformed("the nonce has characters that do not print");
    }
    if (!acting_for.empty() && acting_for != fmt::format("a={}", name)) {
        return fail(ErrorCode::BadValue, "SCRAM on behalf of another user is not available");
    }
    out.user_ = std::move(user);
    out.nonce_ = fmt::format("{}{}", nonce, server_nonce);
    return out;
}

std::string ScramExchange::challenge(ScramCredentials credentials) {
    credentials_ = std::move(credentials);
    server_first_ = fmt::format(
        "r={},s={},i={}", nonce_, to_base64(credentials_.salt), credentials_.iterations);
    return server_first_;
}

Result<std::string> ScramExchange::verify(std::string_view client_final) const {
    PLUMB_ASSERT(!server_first_.empty());
    if (client_final.size() > kScramMessageBytesMax) {
        return malformed("it is too long");
    }
    const std::size_t proof_at = client_final.rfind(",p=");
    if (proof_at == std::string_view::npos) {
        return malformed("'p=' is missing or empty");
    }
    const std::string_view without_proof = client_final.substr(0, proof_at);
    std::string_view rest = without_proof;
    PLUMB_TRY(binding, attribute(next_part(rest), 'c'));
    PLUMB_TRY(nonce, attribute(next_part(rest), 'r'));
    const auto proof = from_base64(client_final.substr(proof_at + 3));
    if (!proof || proof->size() != hash_bytes(hash_)) {
        return malformed("the proof is not as long as the hash");
    }
    const std::string spoken =
        fmt::format("{},{},{}", client_first_bare_, server_first_, without_proof);
    const std::string signature = hmac(hash_, credentials_.stored_key, spoken);
    const std::string client_key = exclusive_or(*proof, signature);
    const bool same_exchange = binding == to_base64(gs2_header_) && nonce == nonce_;
    const bool proved = equal_secrets(digest(hash_, client_key), credentials_.stored_key);
    if (!same_exchange || !proved) {
        return fail(ErrorCode::AuthenticationFailed, "Authentication failed.");
    }
    return fmt::format("v={}", to_base64(hmac(hash_, credentials_.server_key, spoken)));
}

}  // namespace plumb::auth
