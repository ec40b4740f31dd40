// SPDX-License-Identifier: GPL-3.0-or-later
// One query of the workload, ready to be judged under any index: with concrete values, and for each
// of its conditions the set of sampled documents that meet it.
//
// Threads  value types; const functions may run at once.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "tool/advise/columns.h"
#include "tool/advise/document_set.h"
#include "tool/advise/sample.h"
#include "tool/advise/split_filter.h"
#include "tool/capture/shape.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace plumb::advise {

// One condition with its matches in each instance (one set of concrete values) of the query.
struct Condition {
    std::string path;
    Bounds bounds = Bounds::None;
    double points = 1;
    std::vector<DocumentSet> matches;     // by instance
    std::vector<bson::Document> filters;  // by instance: {path: …}
    bool constant = false;  // the same in every call, as far as is known; see mark_constants
};

// The plain conjunction that an index serves; a query has one, or one for each branch of an $or.
struct Branch {
    std::vector<Condition> conditions;
    std::vector<DocumentSet> matches;  // by instance: documents that meet all of this branch
    double mean_matches = 0;           // their number, on average over the instances

    [[nodiscard]] const Condition* find(std::string_view path) const;
};

// The number of documents in a set, on average.
[[nodiscard]] double mean_count(const std::vector<DocumentSet>& sets);

enum class WriteKind : std::uint8_t { None, Insert, Update, Delete };

struct SortField {
    std::string path;
    int direction = 1;
};

struct QueryModel {
    std::string label;  // "Q5", or the shape's id
    capture::Shape shape;
    double calls_a_minute = 0;
    bool critical = false;

    bool reads = true;  // an insert does not
    std::size_t instances = 0;
    Branch whole;                  // the conjunction outside of $or
    std::vector<Branch> branches;  // of the $or; empty if there is none
    std::vector<SortField> sort;
    double limit = 0;  // 0: none
    // The fields that are read if they are known; an index that has them all covers the query.
    std::optional<std::set<std::string>> needs;
    bool counts_only = false;
    bool groups = false;       // a pipeline that returns other documents than it reads
    bool inner = false;        // of a $lookup: no command of its own
    std::string distinct_key;  // of a distinct

    WriteKind writes = WriteKind::None;
    std::set<std::string> changed;  // fields that an update touches
    bool changes_all = false;       // a replacement or a pipeline
    double statements = 1;          // documents or statements a call
};

// The model of one shape. `commands` are instances of it, each as its statement or command; their
// filters have one structure and differ in their values.
//   errors  the matcher's, for a filter that no server would take
[[nodiscard]] Result<QueryModel> make_query_model(capture::Shape shape,
                                                  const std::vector<bson::Document>& commands,
                                                  const CollectionSample& sample);

// The same with sets that other queries of the collection have found.
[[nodiscard]] Result<QueryModel> make_query_model(capture::Shape shape,
                                                  const std::vector<bson::Document>& commands,
                                                  Columns& columns);

// Marks the conditions that are the same in every call: those of the declared statement that hold
// no placeholder, {{…}}. Values that were drawn alike prove nothing.
void mark_constants(QueryModel& model, bson::View declared);

}  // namespace plumb::advise
