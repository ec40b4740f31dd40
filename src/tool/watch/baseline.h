// SPDX-License-Identifier: GPL-3.0-or-later
// What a watch holds the samples against: the recordings of `plumb bench` and the strategy. It is
// kept in the series itself, so that a replay needs nothing else and says the same.
//
// Threads  value types.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "project/strategy.h"
#include "tool/bench/recording.h"
#include "tool/workload/workload.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::watch {

// An index that the strategy wants or that the bench run met.
struct BaselineIndex {
    std::string collection;
    std::string name;
    std::vector<std::string> used_by;  // ids of the queries whose plans used it
    double calls_a_minute = 0;         // declared, of those queries together
    bool is_new = false;  // what is being watched: not there before, or of the strategy
    bool unique = false;
    bool expires = false;
    bool wanted = false;  // of the strategy, with a priority that is checked

    // "orders.user_id_1"
    [[nodiscard]] std::string subject() const { return collection + "." + name; }
};

// A shape that the workload declares.
struct BaselineShape {
    std::string shape;  // its id
    std::string query;  // the workload's id
    std::string title;
    bool has_figures = false;  // the query was measured and is this one command
    double docs_examined = 0;  // a call
    double returned = 0;       // documents a call
    double p95_ms = 0;
    bool collection_scan = false;
};

// A line of the checklist that the bench runs alone decide.
struct MeasuredPromise {
    std::string item;  // "dashboard", "reports", "cpu"
    std::string promised{};
    std::string measured{};
    std::string verdict{};  // met, exceeded, missed, no difference, not measured
    std::string evidence{};
};

struct Baseline {
    std::string recorded_at;  // of after.json; empty if there is none
    std::vector<BaselineIndex> indexes;
    std::vector<BaselineShape> shapes;
    std::vector<MeasuredPromise> promises;
    // Documents examined for each one returned, all calls of the workload together; 0: not known.
    double docs_per_returned = 0;

    [[nodiscard]] const BaselineIndex* index(std::string_view subject) const;
    [[nodiscard]] const BaselineShape* shape(std::string_view id) const;
};

// What there is to make one of; each may be missing.
struct BaselineSources {
    std::optional<bench::Recording> before;
    std::optional<bench::Recording> after;
    std::optional<workload::Workload> workload;
    std::optional<project::Strategy> strategy;
    std::vector<std::string> dashboard;  // query ids; empty: those whose title says so
    std::vector<std::string> reports;
    int priority = 1;
};

[[nodiscard]] Baseline make_baseline(const BaselineSources& sources);

[[nodiscard]] bson::Document to_document(const Baseline& baseline);
// What is missing in the document stays empty.
[[nodiscard]] Baseline baseline_from(bson::View document);

}  // namespace plumb::watch
