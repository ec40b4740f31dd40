// SPDX-License-Identifier: GPL-3.0-or-later
// Keys and filters of indexes that might help one query, before anything is measured.
//
// Threads  pure functions.
#pragma once

#include "bson/document.h"
#include "tool/advise/cost.h"
#include "tool/advise/query_model.h"

#include <compare>
#include <cstddef>
#include <optional>
#include <set>
#include <vector>

namespace plumb::advise {

struct Draft {
    std::vector<IndexField> fields;
    std::optional<bson::Document> partial;
    bool sparse = false;

    [[nodiscard]] Candidate candidate() const;
    [[nodiscard]] bool operator<(const Draft& other) const;
};

// For each branch of the query: equality–sort–range with the equality fields in each order,
// equality–range–sort, lists before and behind the sort, the sort alone, covering ones; each of
// them partial on a condition that is the same in every call, and sparse where a field has to
// exist.
[[nodiscard]] std::set<Draft> drafts_for(const QueryModel& query, std::size_t fields_max);

// {a} and {b, a, c}: an index that begins with what they share, {a, b, c}, serves both.
void add_merged(std::set<Draft>& drafts, std::size_t fields_max);

// The condition as the filter of a partial index; nothing if servers take no such filter.
[[nodiscard]] std::optional<bson::Document> as_partial_filter(const Condition& condition);

}  // namespace plumb::advise
