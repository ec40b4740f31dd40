// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/replan/contest.h"

#include "bson/number.h"

#include <algorithm>
#include <cmath>

namespace plumb::replan {
namespace {

constexpr int kDepthMax = 50;

bson::View sub_document(bson::View document, std::string_view name) {
    const bson::ValueView value = document.find(name);
    return value.type() == bson::Type::Document ? value.as_document() : bson::View{};
}

double number_of(bson::View document, std::string_view name) {
    const bson::ValueView value = document.find(name);
    return value.is_number() ? bson::to_double(value) : 0;
}

// The names of all indexes below a stage, in the order of the plan.
// NOLINTNEXTLINE(misc-no-recursion): the depth is bounded
void append_indexes(bson::View stage, std::string& out, int depth) {
    if (stage.empty() || depth > kDepthMax) {
        return;
    }
    append_indexes(sub_document(stage, "inputStage"), out, depth + 1);
    const bson::ValueView inputs = stage.find("inputStages");
    if (inputs.type() == bson::Type::Array) {
        for (const bson::Element& input : inputs.as_array()) {
            if (input.value.type() == bson::Type::Document) {
                append_indexes(input.value.as_document(), out, depth + 1);
            }
        }
    }
    const bson::ValueView name = stage.find("indexName");
    if (name.type() == bson::Type::String) {
        out += (out.empty() ? "" : " + ") + std::string{name.as_string()};
    }
}

Trial read_trial(bson::View entry) {
    const bson::View stages = sub_document(entry, "executionStages");
    Trial out;
    append_indexes(stages, out.plan, 0);
    if (out.plan.empty()) {
        out.plan = "scan";
    }
    out.returned = number_of(entry, "nReturned");
    out.works = number_of(stages, "works");
    const bson::ValueView end = stages.find("isEOF");
    out.finished = !end.missing() && bson::truthy(end);
    return out;
}

// The part of a reply that has `executionStats`.
bson::View explained_query(bson::View reply) {
    const bson::View shards = sub_document(reply, "shards");
    if (!shards.empty() && shards.front().value.type() == bson::Type::Document) {
        return shards.front().value.as_document();
    }
    const bson::ValueView stages = reply.find("stages");
    if (stages.type() != bson::Type::Array) {
        return reply;
    }
    for (const bson::Element& stage : stages.as_array()) {
        if (stage.value.type() == bson::Type::Document) {
            const bson::View cursor = sub_document(stage.value.as_document(), "$cursor");
            if (!cursor.empty()) {
                return cursor;
            }
        }
    }
    return reply;
}

}  // namespace

bool Contest::tied() const {
    return trials.size() > 1 && trials[0].finished == trials[1].finished &&
           trials[0].productivity() == trials[1].productivity();
}

bool Contest::near_equal(double tolerance) const {
    if (trials.size() < 2 || trials[0].finished != trials[1].finished ||
        std::max(trials[0].works, trials[1].works) < kWorksMin) {
        return false;
    }
    const double first = trials[0].productivity();
    return first - trials[1].productivity() <= tolerance * first;
}

Contest read_contest(bson::View explain_reply) {
    const bson::View stats = sub_document(explained_query(explain_reply), "executionStats");
    bson::ValueView plans = stats.find("allPlansExecution");
    // A mongos answers with one list for each shard.
    if (plans.type() == bson::Type::Array && !plans.as_array().empty() &&
        plans.as_array().front().value.type() == bson::Type::Document) {
        const bson::View first = plans.as_array().front().value.as_document();
        plans = first.has("allPlans") ? first.find("allPlans") : plans;
    }
    Contest out;
    if (plans.type() != bson::Type::Array) {
        return out;
    }
    for (const bson::Element& entry : plans.as_array()) {
        if (entry.value.type() == bson::Type::Document) {
            out.trials.push_back(read_trial(entry.value.as_document()));
        }
    }
    std::ranges::stable_sort(out.trials, [](const Trial& a, const Trial& b) {
        return a.finished != b.finished ? a.finished : a.productivity() > b.productivity();
    });
    return out;
}

}  // namespace plumb::replan
