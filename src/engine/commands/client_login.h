// SPDX-License-Identifier: GPL-3.0-or-later
// Who is logged in on a connection: at most one user of each database, as in MongoDB 4.2, and the
// log-in that is under way.
//
// Threads  a connection's own thread; owner() from any.
#pragma once

#include "engine/auth/scram.h"
#include "engine/commands/service.h"
#include "engine/commands/user_record.h"

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::commands {

class UserCatalog;

// A log-in between saslStart and its end.
struct Conversation {
    auth::ScramExchange exchange;
    std::string database;
    std::shared_ptr<const UserRecord> user = nullptr;  // null: there is none; no proof will do
    std::int32_t id = 1;
    bool skips_empty_exchange = false;
    bool speculative = false;  // it came with hello
    bool proved = false;       // one empty exchange is left
};

struct LoggedInUser {
    std::shared_ptr<const UserRecord> record;
    Privileges privileges;
};

struct ClientLogin {
    std::vector<LoggedInUser> users;
    std::optional<Conversation> conversation;
    std::uint64_t generation = 0;  // of the catalog when `users` was looked up

    // Logs a user in, in place of another of the same database.
    void add(std::shared_ptr<const UserRecord> user);
    void remove(std::string_view database);
    // Looks the users up again if the catalog has changed: who was dropped is out.
    void refresh(const UserCatalog& catalog);

    [[nodiscard]] bool allow(const Requirement& requirement) const;
    [[nodiscard]] bool any_in_database(std::string_view database) const;
    [[nodiscard]] bool any_on(const Target& target) const;

    // "ann@shop", several separated by commas; empty: nobody.
    [[nodiscard]] std::string owner() const;

  private:
    void note_owner();

    mutable std::mutex mutex_;  // guards owner_
    std::string owner_;
};

// The log-in of a connection; made if it has none yet.
//   requires  the connection's own thread
[[nodiscard]] ClientLogin& login_of(ClientState& client);
// As ClientLogin::owner(); empty for a connection without one. From any thread.
[[nodiscard]] std::string owner_of(const ClientState& client);
// Whether anybody is logged in. requires: the connection's own thread
[[nodiscard]] bool is_logged_in(const ClientState& client);

}  // namespace plumb::commands
