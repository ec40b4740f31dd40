// SPDX-License-Identifier: GPL-3.0-or-later
// The query language as a list: every operator, stage and accumulator that is known, from the
// tables that parse them. What docs/compatibility.md is made of.
//
//   for (const LanguageEntry& entry : match_entries()) { … }
//
// Threads  pure functions.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace plumb::query {

struct LanguageEntry {
    std::string_view name;
    std::string_view help;        // one line
    std::string_view difference;  // from MongoDB 4.2; empty: none known
    std::string_view refused;     // why it is an error; empty: it works
};

// Filters. match_parse.cpp
[[nodiscard]] std::vector<LanguageEntry> match_entries();
// Updates. update_parse.cpp
[[nodiscard]] std::vector<LanguageEntry> update_entries();
// Aggregation stages. stages/table.cpp
[[nodiscard]] std::vector<LanguageEntry> stage_entries();
// Aggregation expressions. expr/table.cpp
[[nodiscard]] std::vector<LanguageEntry> expression_entries();
// Accumulators of $group and its kin. accumulator.cpp
[[nodiscard]] std::vector<LanguageEntry> accumulator_entries();

// A table of rows that have name, help, difference and refused.
template <class Rows>
[[nodiscard]] std::vector<LanguageEntry> entries_of(const Rows& rows) {
    std::vector<LanguageEntry> out;
    for (const auto& row : rows) {
        out.push_back({row.name, row.help, row.difference, row.refused});
    }
    return out;
}

}  // namespace plumb::query
