// SPDX-License-Identifier: GPL-3.0-or-later
// The users of this server: in memory for log-ins and checks, in admin.system.users for ever.
//
//   std::shared_ptr<const UserRecord> ann = users.find("shop", "ann");   // null: nobody
//   PLUMB_CHECK(users.add(context.operation, std::move(record)));
//
// Threads  from any thread. Changes are made one at a time, by the caller's lock of kUsersNamespace
//          (ServiceState::catalog_locks).
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "engine/commands/user_record.h"
#include "engine/exec/operation.h"

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::commands {

inline constexpr std::string_view kUsersNamespace = "admin.system.users";

class UserCatalog {
  public:
    // Reads the users that there are. A record that cannot be read makes no user, but keeps the
    // localhost exception closed; status() tells of it.
    //   data_directory  holds the secret that unknown users' salts come from; empty: in memory only
    static std::shared_ptr<UserCatalog> load(storage::Engine& engine,
                                             exec::PlanCache& plans,
                                             const Clock& clock,
                                             const std::string& data_directory);

    // The user of this name in this database; null if there is none.
    [[nodiscard]] std::shared_ptr<const UserRecord> find(std::string_view database,
                                                         std::string_view name) const;
    // All of them, by id.
    [[nodiscard]] std::vector<std::shared_ptr<const UserRecord>> all() const;
    // Nobody could log in, and nobody ever could: the localhost exception is open.
    [[nodiscard]] bool empty() const;
    // Grows with each change, so that log-ins know when to look again.
    [[nodiscard]] std::uint64_t generation() const {
        return generation_.load(std::memory_order_acquire);
    }
    // Why some users could not be read, if so.
    [[nodiscard]] const Status& status() const { return status_; }

    // What nobody else knows: fake salts are made of it. errors: IoError naming the file
    [[nodiscard]] Result<std::string> secret();

    // Each is in the journal when it returns.
    //   errors  51003 if the user exists; those of writing
    [[nodiscard]] Status add(exec::Operation& operation, UserRecord user);
    //   errors  UserNotFound (11)
    [[nodiscard]] Status replace(exec::Operation& operation, UserRecord user);
    [[nodiscard]] Status remove(exec::Operation& operation,
                                std::string_view database,
                                std::string_view name);

  private:
    void read_all(exec::Operation& operation);
    void keep(UserRecord user);

    std::string data_directory_;
    Status status_;
    std::atomic<std::uint64_t> generation_{1};
    mutable std::mutex mutex_;  // guards what follows
    std::map<std::string, std::shared_ptr<const UserRecord>, std::less<>> users_;  // by id
    std::string secret_;
};

// "user "ann@shop" not found" as MongoDB words it.
[[nodiscard]] Error user_not_found(std::string_view database, std::string_view name);

}  // namespace plumb::commands
