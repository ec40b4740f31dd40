// SPDX-License-Identifier: GPL-3.0-or-later
// One member of a set as it answers now. For this folder.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "client/client.h"
#include "project/index_definition.h"
#include "tool/migrate/deployment/deployment.h"
#include "tool/migrate/rolling/members_file.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace plumb::migrate {

struct MemberLook {
    bool answers = false;
    std::string set;  // empty: it is in none
    bool is_primary = false;
    bool is_secondary = false;

    // True if it takes part: as primary or secondary of its set, or as a server that has none.
    [[nodiscard]] bool in_service() const {
        return answers && (set.empty() || is_primary || is_secondary);
    }
};

// A short connection to this url; who does not answer at once does not answer.
[[nodiscard]] Result<std::unique_ptr<client::Client>> reach(const std::string& url);
[[nodiscard]] MemberLook look_at(const std::string& url);

// What is to be there on each member.
struct Wanted {
    std::string collection;
    std::vector<project::IndexDefinition> indexes;
};

// Those of the wanted indexes that this server does not have.
//   errors  IndexOptionsConflict if it has another one in their place
[[nodiscard]] Result<std::vector<Wanted>> missing_on(client::Client& client,
                                                     const std::string& database,
                                                     const std::vector<Wanted>& wanted);

// How many seconds of writes the oplog holds; nothing where there is none, or it may not be read.
[[nodiscard]] std::optional<std::chrono::seconds> oplog_window(client::Client& client);

enum class Wait : std::uint8_t { Interruptible, ToTheEnd };

// Asks again and again until `is_so`. errors: OperationFailed "… after N s"; Interrupted
[[nodiscard]] Status wait_until(const Deployment& deployment,
                                const std::string& what,
                                std::chrono::seconds limit,
                                Wait wait,
                                const std::function<bool()>& is_so);

}  // namespace plumb::migrate
