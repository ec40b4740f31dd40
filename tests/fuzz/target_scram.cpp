// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/auth/sasl_prep.h"
#include "engine/auth/scram.h"
#include "target.h"

namespace plumb::fuzz {
namespace {

// A client's two messages, separated by a line's end, against credentials that it does not know.
void log_in(auth::Hash hash, std::string_view first, std::string_view final) {
    auto exchange = auth::ScramExchange::begin(hash, first, "servernonce");
    if (!exchange.ok()) {
        return;
    }
    static_cast<void>(
        exchange->challenge(auth::unknown_user_credentials(hash, "secret", exchange->user())));
    require(!exchange->verify(final).ok(), "a proof by chance");
}

}  // namespace

void run_scram(std::string_view bytes) {
    const std::size_t line = bytes.find('\n');
    const std::string_view first = bytes.substr(0, line);
    const std::string_view final =
        line == std::string_view::npos ? std::string_view{} : bytes.substr(line + 1);
    log_in(auth::Hash::Sha1, first, final);
    log_in(auth::Hash::Sha256, first, final);
    if (const auto text = auth::from_base64(first)) {
        require(auth::to_base64(*text) == first, "base64 reads what it writes");
    }
    if (const auto prepared = auth::sasl_prep(bytes); prepared.ok()) {
        const auto again = auth::sasl_prep(*prepared);
        require(again.ok() && *again == *prepared, "a prepared password stays as it is");
    }
}

}  // namespace plumb::fuzz
