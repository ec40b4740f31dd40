// SPDX-License-Identifier: GPL-3.0-or-later
// All values that a unique index would refuse, counted, with what a rule would keep of each.
//
//   PLUMB_TRY(report, report_duplicates(deployment, "users", index, {Keep::Oldest, "created_at"}));
//
// Reads only; what is to be removed becomes a migration that somebody looks at first.
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "project/index_definition.h"
#include "tool/migrate/deployment/deployment.h"

#include <cstdint>
#include <string>
#include <vector>

namespace plumb::migrate {

enum class Keep : std::uint8_t { Oldest, Newest };

struct KeepRule {
    Keep keep = Keep::Oldest;
    std::string by;  // the field that tells the age; documents without it count as oldest
};

struct DuplicateGroup {
    std::string value;  // for people
    std::string keep;
    std::vector<std::string> remove;
};

// How many documents of the index have nothing, null or "" in a field: to the server the first two
// are one value.
struct EmptyValues {
    std::string field;
    std::int64_t missing = 0;
    std::int64_t null = 0;
    std::int64_t empty_text = 0;
};

struct DuplicateReport {
    std::string collection;
    std::string index;
    std::int64_t values = 0;     // that more than one document has
    std::int64_t documents = 0;  // that have one of them
    std::int64_t surplus = 0;    // that would have to go
    std::vector<EmptyValues> empty;
    std::vector<DuplicateGroup> listed;  // the first kGroupsListed
    std::vector<bson::Value> remove;     // _id of each surplus document, at most kRemoveMax
};

inline constexpr std::size_t kGroupsListed = 20;
inline constexpr std::size_t kRemoveMax = 10000;

// errors  what the server says
[[nodiscard]] Result<DuplicateReport> report_duplicates(const Deployment& deployment,
                                                        const std::string& collection,
                                                        const project::IndexDefinition& index,
                                                        const KeepRule& rule);

}  // namespace plumb::migrate
