// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/secret_fields.h"

#include <algorithm>
#include <array>

namespace plumb::commands {

namespace {

struct SecretRow {
    std::string_view command;
    std::string_view field;
    auto operator<=>(const SecretRow&) const = default;
};
constexpr auto kSecrets = std::to_array<SecretRow>({
    {"authenticate", "key"},
    {"authenticate", "nonce"},
    {"copydbSaslStart", "payload"},
    {"createUser", "pwd"},
    {"hello", "speculativeAuthenticate"},
    {"isMaster", "speculativeAuthenticate"},
    {"ismaster", "speculativeAuthenticate"},
    {"saslContinue", "payload"},
    {"saslStart", "payload"},
    {"updateUser", "pwd"},
});
static_assert(std::ranges::is_sorted(kSecrets));

}  // namespace

bool is_secret(std::string_view command, std::string_view field) {
    return std::ranges::binary_search(kSecrets, SecretRow{command, field});
}

}  // namespace plumb::commands
