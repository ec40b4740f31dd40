// SPDX-License-Identifier: GPL-3.0-or-later
// Hashes, random bytes and base64, by OpenSSL: the only file of the engine that uses libcrypto
// itself, so that another library is one file's work.
//
//   const std::string key = hmac(Hash::Sha256, salted_password, "Client Key");
//
// Source   RFC 2104 (HMAC), RFC 8018 (PBKDF2), RFC 4648 (base64)
// Threads  pure functions; random_bytes from any thread.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace plumb::auth {

enum class Hash : std::uint8_t { Sha1, Sha256 };

// 20 or 32.
[[nodiscard]] std::size_t hash_bytes(Hash hash);

[[nodiscard]] std::string digest(Hash hash, std::string_view bytes);
[[nodiscard]] std::string hmac(Hash hash, std::string_view key, std::string_view text);

// PBKDF2 with HMAC, as many bytes as the hash has. Takes some milliseconds on purpose.
//   requires iterations > 0
[[nodiscard]] std::string stretch(Hash hash,
                                  std::string_view password,
                                  std::string_view salt,
                                  std::int32_t iterations);

// Bytes that nobody can guess. errors: InternalError if the system has none
[[nodiscard]] Result<std::string> random_bytes(std::size_t count);

// Takes as long whatever differs, so that the time of an answer tells nothing; only the lengths are
// compared at once.
[[nodiscard]] bool equal_secrets(std::string_view one, std::string_view other);

// The bytes of both by exclusive or. requires the same length
[[nodiscard]] std::string exclusive_or(std::string_view one, std::string_view other);

[[nodiscard]] std::string to_base64(std::string_view bytes);
// With padding and nothing else in it; nothing if it is not that.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

}  // namespace plumb::auth
