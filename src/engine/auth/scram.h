// SPDX-License-Identifier: GPL-3.0-or-later
// The server's side of SCRAM: a password is proved without being sent, and what the server keeps
// does not allow to log in elsewhere.
//
//   PLUMB_TRY(exchange, ScramExchange::begin(Hash::Sha256, client_first, server_nonce));
//   send(exchange.challenge(credentials_of(exchange.user())));
//   PLUMB_TRY(answer, exchange.verify(client_final));      // AuthenticationFailed, or the
//   signature
//
// Source   RFC 5802, RFC 7677; MongoDB's driver specification "Authentication": SCRAM-SHA-1 takes
//          hex(MD5("user:mongo:password")) as password
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "engine/auth/crypto.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace plumb::auth {

// Longer messages are refused unread: names have at most some hundred bytes, nonces fewer.
inline constexpr std::size_t kScramMessageBytesMax = 4096;

// "SCRAM-SHA-1", "SCRAM-SHA-256".
[[nodiscard]] std::string_view mechanism_name(Hash hash);
[[nodiscard]] std::optional<Hash> mechanism_of(std::string_view name);
// As MongoDB: 10 000 and 15 000 rounds, salts of 16 and 28 bytes.
[[nodiscard]] std::int32_t default_iterations(Hash hash);
[[nodiscard]] std::size_t salt_bytes(Hash hash);

// What is kept of a password.
struct ScramCredentials {
    std::int32_t iterations = 0;
    std::string salt;
    std::string stored_key;
    std::string server_key;
};

// The password as the mechanism hashes it. errors: BadValue as sasl_prep(), for SHA-256 only
[[nodiscard]] Result<std::string> prepare_password(Hash hash,
                                                   std::string_view user,
                                                   std::string_view password);
[[nodiscard]] ScramCredentials derive_credentials(Hash hash,
                                                  std::string_view prepared_password,
                                                  std::string salt,
                                                  std::int32_t iterations);
// New credentials with a random salt and the default number of rounds.
[[nodiscard]] Result<ScramCredentials> new_credentials(Hash hash,
                                                       std::string_view user,
                                                       std::string_view password);
// For a user who is not there: the same salt each time, as a real one's, and keys nobody knows.
[[nodiscard]] ScramCredentials unknown_user_credentials(Hash hash,
                                                        std::string_view server_secret,
                                                        std::string_view full_user_name);

// One log-in under way.
class ScramExchange {
  public:
    // Reads the client's first message.
    //   server_nonce  random, printable, without a comma
    //   errors        BadValue (2) naming what is malformed or not available (channel binding,
    //                 acting for another user)
    [[nodiscard]] static Result<ScramExchange> begin(Hash hash,
                                                     std::string_view client_first,
                                                     std::string_view server_nonce);

    [[nodiscard]] Hash hash() const { return hash_; }
    [[nodiscard]] const std::string& user() const { return user_; }

    // The server's first message for these credentials.
    [[nodiscard]] std::string challenge(ScramCredentials credentials);

    // Reads the client's final message; gives the server's if the proof is right.
    //   requires  challenge() was called
    //   errors    BadValue (2) if malformed; AuthenticationFailed (18)
    [[nodiscard]] Result<std::string> verify(std::string_view client_final) const;

  private:
    explicit ScramExchange(Hash hash) : hash_(hash) {}

    Hash hash_;
    std::string user_;
    std::string gs2_header_;  // "n,,"
    std::string client_first_bare_;
    std::string nonce_;  // the client's and the server's
    std::string server_first_;
    ScramCredentials credentials_;
};

}  // namespace plumb::auth
