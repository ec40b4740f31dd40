// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/explain_row.h"

#include "bson/builder.h"
#include "tool/bench/plan_summary.h"
#include "tool/bench/sample_calls.h"

#include <algorithm>

namespace plumb::bench {
namespace {

constexpr std::uint64_t kExplains = 5;
// One explain is enough where five would take long.
constexpr double kSlowNs = 100e6;

void note_lookup(bson::View command, Row& row) {
    const bson::ValueView pipeline = command.find("pipeline");
    if (pipeline.type() != bson::Type::Array || !row.lookup_from.empty()) {
        return;
    }
    for (const bson::Element& stage : pipeline.as_array()) {
        if (stage.value.type() != bson::Type::Document) {
            continue;
        }
        const bson::ValueView lookup = stage.value.as_document().find("$lookup");
        if (lookup.type() != bson::Type::Document) {
            continue;
        }
        const bson::ValueView from = lookup.as_document().find("from");
        const bson::ValueView field = lookup.as_document().find("foreignField");
        row.looks_up = true;
        if (from.type() == bson::Type::String && field.type() == bson::Type::String) {
            row.lookup_from = from.as_string();
            row.lookup_field = field.as_string();
            return;
        }
    }
}

void add_plan(const PlanSummary& plan, bool first_draw, Row& row) {
    row.keys_examined += plan.keys_examined;
    row.docs_examined += plan.docs_examined;
    row.counted = row.counted || plan.executed;
    row.collection_scan = row.collection_scan || plan.collection_scan;
    row.sorts_in_memory = row.sorts_in_memory || plan.sorts_in_memory;
    row.looks_up = row.looks_up || plan.looks_up;
    for (const std::string& index : plan.indexes) {
        if (std::find(row.indexes.begin(), row.indexes.end(), index) == row.indexes.end()) {
            row.indexes.push_back(index);
        }
    }
    if (row.plan.find(plan.text) == std::string::npos) {
        row.plan += row.plan.empty() ? "" : first_draw ? "; " : " or ";
        row.plan += plan.text;
    }
}

}  // namespace

void explain_row(const Measured& with, const workload::Query& query, Row& row) {
    const bool slow = row.p50_ns > kSlowNs;
    const std::uint64_t draws = slow ? 1 : kExplains;
    row.inserts_only = true;
    for (std::uint64_t index = 0; index < draws; ++index) {
        const auto commands = sample_calls(with.drawer, query, index);
        if (!commands.ok()) {
            return;
        }
        for (const bson::Document& command : *commands) {
            note_lookup(command, row);
            if (command.view().front().name == "insert") {
                PlanSummary insert;
                insert.text = "INSERT";
                add_plan(insert, index == 0, row);
                continue;
            }
            row.inserts_only = false;
            bson::Builder ask;
            ask.append("explain", command);
            ask.append("verbosity", "executionStats");
            const auto reply = with.client.command(with.database, ask.finish());
            if (reply.ok()) {
                add_plan(summarise_plan(*reply), index == 0, row);
            }
        }
    }
    row.keys_examined /= static_cast<double>(draws);
    row.docs_examined /= static_cast<double>(draws);
}

}  // namespace plumb::bench
