// SPDX-License-Identifier: GPL-3.0-or-later
// What plumbline.yaml says of deploying and watching: who does what, and which queries of the
// workload are the dashboard and the reports.
//
//   owners: {deploy: Asha, watch: the one on call, abort: Ravi}
//   deploy: {window: 02:00-05:00}
//   watch: {for: 48h, dashboard: [D1], reports: [R1, R2]}
//
// Threads  value types.
#pragma once

#include "base/result.h"
#include "project/project.h"

#include <string>
#include <utility>
#include <vector>

namespace plumb::project {

struct Notes {
    // Role and who has it, in the order of the file; any roles.
    std::vector<std::pair<std::string, std::string>> owners;
    std::string window;                  // "02:00-05:00", local time; empty if not said
    std::string watch_for;               // "48h"; empty if not said
    std::vector<std::string> dashboard;  // ids of queries
    std::vector<std::string> reports;

    // Empty if nobody has this role.
    [[nodiscard]] std::string owner(std::string_view role) const;
};

// errors  ProjectFileInvalid with the position; IoError
[[nodiscard]] Result<Notes> load_notes(const Project& project);

}  // namespace plumb::project
