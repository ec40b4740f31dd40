// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/auth/crypto.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <limits>

namespace plumb::auth {

namespace {

constexpr std::string_view kBase64Letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

const EVP_MD* algorithm(Hash hash) {
    return hash == Hash::Sha1 ? EVP_sha1() : EVP_sha256();
}

// OpenSSL takes bytes as unsigned char.
const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* bytes_of(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}

int length_of(std::string_view text) {
    PLUMB_ASSERT(text.size() <= std::size_t{std::numeric_limits<int>::max()});
    return static_cast<int>(text.size());
}

}  // namespace

std::size_t hash_bytes(Hash hash) {
    return hash == Hash::Sha1 ? 20 : 32;
}

std::string digest(Hash hash, std::string_view bytes) {
    std::string out(hash_bytes(hash), '\0');
    const int done =
        EVP_Digest(bytes.data(), bytes.size(), bytes_of(out), nullptr, algorithm(hash), nullptr);
    PLUMB_ASSERT(done == 1);
    return out;
}

std::string hmac(Hash hash, std::string_view key, std::string_view text) {
    std::string out(hash_bytes(hash), '\0');
    const unsigned char* done = HMAC(algorithm(hash),
                                     key.data(),
                                     length_of(key),
                                     bytes_of(text),
                                     text.size(),
                                     bytes_of(out),
                                     nullptr);
    PLUMB_ASSERT(done != nullptr);
    return out;
}

std::string stretch(Hash hash,
                    std::string_view password,
                    std::string_view salt,
                    std::int32_t iterations) {
    std::string out(hash_bytes(hash), '\0');
    const int done = PKCS5_PBKDF2_HMAC(password.data(),
                                       length_of(password),
                                       bytes_of(salt),
                                       length_of(salt),
                                       iterations,
                                       algorithm(hash),
                                       length_of(out),
                                       bytes_of(out));
    PLUMB_ASSERT(done == 1);
    return out;
}

Result<std::string> random_bytes(std::size_t count) {
    std::string out(count, '\0');
    if (RAND_bytes(bytes_of(out), length_of(out)) != 1) {
        return fail(ErrorCode::InternalError, "the system gives no random bytes");
    }
    return out;
}

bool equal_secrets(std::string_view one, std::string_view other) {
    return one.size() == other.size() && CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

std::string exclusive_or(std::string_view one, std::string_view other) {
    PLUMB_ASSERT(one.size() == other.size());
    std::string out{one};
    for (std::size_t at = 0; at < out.size(); ++at) {
        out[at] = static_cast<char>(static_cast<unsigned char>(out[at]) ^
                                    static_cast<unsigned char>(other[at]));
    }
    return out;
}

std::string to_base64(std::string_view bytes) {
    std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');  // OpenSSL ends it with a zero
    const int written = EVP_EncodeBlock(bytes_of(out), bytes_of(bytes), length_of(bytes));
    out.resize(static_cast<std::size_t>(written));
    return out;
}

std::optional<std::string> from_base64(std::string_view text) {
    const std::size_t letters = text.find_last_not_of('=') + 1;
    const std::size_t padding = text.size() - letters;
    // OpenSSL itself would take white space, and padding for data.
    const bool well_formed =
        text.size() % 4 == 0 && padding <= 2 &&
        text.substr(0, letters).find_first_not_of(kBase64Letters) == std::string_view::npos;
    if (!well_formed) {
        return std::nullopt;
    }
    std::string out(text.size() / 4 * 3, '\0');
    const int written = EVP_DecodeBlock(bytes_of(out), bytes_of(text), length_of(text));
    if (written < 0) {
        return std::nullopt;
    }
    out.resize(static_cast<std::size_t>(written) - padding);
    // Another text of the same bytes is none of ours: bits behind the last byte must be zero.
    return to_base64(out) == text ? std::optional{std::move(out)} : std::nullopt;
}

}  // namespace plumb::auth
