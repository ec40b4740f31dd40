// SPDX-License-Identifier: GPL-3.0-or-later
// What currentOp says about index builds. For this folder.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "bson/value.h"
#include "tool/migrate/deployment/deployment.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::migrate {

// One createIndexes that the server is working on.
struct RunningBuild {
    bson::Value operation_id;  // for killOp
    std::string stage;         // "scanning collection", as the server words it; may be empty
    std::int64_t done = 0;
    std::int64_t total = 0;  // 0: the server does not say
};

// The stage in currentOp's `msg`: "Index Build: scanning collection Index Build: scanning
// collection: 7/9 77%" is "scanning collection".
[[nodiscard]] std::string build_stage(std::string_view message);

// errors  Unauthorized …; where currentOp may not be read nothing is known
[[nodiscard]] Result<std::vector<RunningBuild>> running_builds(const Deployment& deployment,
                                                               const std::string& collection);

[[nodiscard]] Status kill_operation(const Deployment& deployment, const bson::Value& operation_id);

}  // namespace plumb::migrate
