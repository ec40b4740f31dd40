// SPDX-License-Identifier: GPL-3.0-or-later
// Whether links that go both ways agree. For this folder.
//
//   const Links customers{"customers_v2", "user_id", "users", "customer_v2_id"};
//   PLUMB_TRY(before, count_disagreement(deployment, customers));
//
// Reads only, with the `id` of the targets as index. Memory: a batch.
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "tool/migrate/deployment/deployment.h"
#include "tool/migrate/deployment/problem.h"

#include <cstdint>
#include <string>
#include <vector>

namespace plumb::migrate {

// `collection.field` is the `id` of a document of `target`, whose `back` is the `id` of ours.
struct Links {
    std::string collection;
    std::string field;
    std::string target;
    std::string back;
};

struct Disagreement {
    std::int64_t dangling = 0;          // the target is not there
    std::int64_t one_way = 0;           // the target points at nobody
    std::int64_t shared = 0;            // the same, and another of ours points at it too
    std::int64_t other = 0;             // the target points at another
    std::vector<std::string> examples;  // ids of ours, a few
};

[[nodiscard]] Result<Disagreement> count_disagreement(const Deployment& deployment,
                                                      const Links& links);

// A problem for each number that is larger than before, with examples.
[[nodiscard]] std::vector<Problem> worse(const Links& links,
                                         const Disagreement& before,
                                         const Disagreement& now);

}  // namespace plumb::migrate
