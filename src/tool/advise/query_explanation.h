// SPDX-License-Identifier: GPL-3.0-or-later
// One query in full: what was known of it, which indexes were considered for it, and why one of
// them was chosen and the others were not.
//
// Threads  value types.
#pragma once

#include "bson/document.h"
#include "tool/advise/cost.h"
#include "tool/advise/field_statistics.h"

#include <cstdint>
#include <string>
#include <vector>

namespace plumb::advise {

struct ConsideredIndex {
    Candidate candidate;
    Access access;         // of this query under it alone
    double upkeep_us = 0;  // a minute, for all writes of the collection
    bool chosen = false;
    std::string why;
};

struct QueryExplanation {
    std::string label;
    std::string title;
    std::string shape;
    std::string collection;
    double calls_a_minute = 0;
    std::int64_t documents = 0;  // of the collection
    std::size_t sampled = 0;
    double document_bytes = 0;           // on average
    std::vector<std::string> instances;  // some, as they were judged; none of a captured query
    std::size_t instance_count = 0;
    std::vector<FieldStatistics> fields;
    Access scan;
    Access before;
    Access after;
    std::string index_before;
    std::string index_after;
    std::vector<ConsideredIndex> considered;  // cheapest for this query first
    std::size_t not_usable = 0;               // candidates of the collection that do not serve it
};

}  // namespace plumb::advise
