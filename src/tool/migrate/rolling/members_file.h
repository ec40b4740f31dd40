// SPDX-License-Identifier: GPL-3.0-or-later
// How each member of a replica set is reached, taken out and brought back, as an operator writes it
// down for `--members`.
//
//   wait: 10m                        # for each stop, start and catch-up; default 10m
//   members:
//     - name: db1.example:27017      # as rs.status() has it
//       url: mongodb://db1.example:27017/?directConnection=true
//       standalone_url: mongodb://db1.example:37017/
//       stop: ssh db1 sudo systemctl stop mongod
//       start_standalone: ssh db1 sudo systemctl start mongod-standalone
//       stop_standalone: ssh db1 sudo systemctl stop mongod-standalone   # default: stop
//       start: ssh db1 sudo systemctl start mongod
//
// Threads  value types, pure functions.
#pragma once

#include "base/result.h"

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::migrate {

struct MemberAccess {
    std::string name;
    std::string url;             // as a member of the set
    std::string standalone_url;  // while it is out of the set; another port than the member's
    std::string stop;            // commands for /bin/sh; 0 is success
    std::string start_standalone;
    std::string stop_standalone;
    std::string start;
};

struct MembersFile {
    std::vector<MemberAccess> members;
    std::chrono::seconds wait{600};
};

// errors  ProjectFileInvalid with the place; IoError if it cannot be read
[[nodiscard]] Result<MembersFile> load_members_file(const std::filesystem::path& path);
[[nodiscard]] Result<MembersFile> read_members_file(std::string_view text, std::string_view name);

}  // namespace plumb::migrate
