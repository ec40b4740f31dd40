// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/plan_summary.h"

#include "bson/number.h"

#include <algorithm>
#include <array>

namespace plumb::bench {
namespace {

// Plans nest a stage a level; servers stop far earlier than this.
constexpr int kDepthMax = 64;

// Stages that say nothing about the work that is done.
constexpr auto kSilent = std::to_array<std::string_view>({
    "CACHED_PLAN",
    "ENSURE_SORTED",
    "LIMIT",
    "PROJECTION",
    "PROJECTION_COVERED",
    "PROJECTION_DEFAULT",
    "PROJECTION_SIMPLE",
    "SHARD_MERGE",
    "SINGLE_SHARD",
    "SORT_KEY_GENERATOR",
    "SUBPLAN",
});

void append_stage(std::string& text, std::string_view stage) {
    if (!text.empty()) {
        text += " → ";
    }
    text += stage;
}

// The first document of an array of documents under this name, or the empty one.
bson::View first_of(bson::View document, std::string_view name) {
    const bson::ValueView list = document.find(name);
    if (list.type() != bson::Type::Array) {
        return {};
    }
    const bson::ValueView first = list.as_array().at(0);
    return first.type() == bson::Type::Document ? first.as_document() : bson::View{};
}

bson::View sub_document(bson::View document, std::string_view name) {
    const bson::ValueView found = document.find(name);
    return found.type() == bson::Type::Document ? found.as_document() : bson::View{};
}

// NOLINTNEXTLINE(misc-no-recursion): bounded by kDepthMax
std::string walk(bson::View plan, PlanSummary& out, int depth) {
    if (depth > kDepthMax || plan.empty()) {
        return {};
    }
    std::string text;
    const bson::View shard = first_of(plan, "shards");
    if (!shard.empty()) {
        text = walk(sub_document(shard, "winningPlan"), out, depth + 1);
    }
    const bson::View nested = sub_document(plan, "queryPlan");
    if (!nested.empty()) {
        return walk(nested, out, depth + 1);
    }
    text += walk(sub_document(plan, "inputStage"), out, depth + 1);
    const bson::ValueView inputs = plan.find("inputStages");
    if (inputs.type() == bson::Type::Array) {
        std::string joined;
        for (const bson::Element& input : inputs.as_array()) {
            if (input.value.type() == bson::Type::Document) {
                joined += joined.empty() ? "" : ", ";
                joined += walk(input.value.as_document(), out, depth + 1);
            }
        }
        text += "(" + joined + ")";
    }
    const bson::ValueView stage_value = plan.find("stage");
    if (stage_value.type() != bson::Type::String) {
        return text;
    }
    const std::string_view stage = stage_value.as_string();
    out.collection_scan = out.collection_scan || stage == "COLLSCAN";
    out.sorts_in_memory =
        out.sorts_in_memory || (stage.starts_with("SORT") && stage != "SORT_MERGE");
    if (std::binary_search(kSilent.begin(), kSilent.end(), stage)) {
        return text;
    }
    append_stage(text, stage);
    const bson::ValueView index = plan.find("indexName");
    if (index.type() == bson::Type::String) {
        text += " ";
        text += index.as_string();
        out.indexes.emplace_back(index.as_string());
    }
    return text;
}

double number_of(bson::View document, std::string_view name) {
    const bson::ValueView value = document.find(name);
    return value.is_number() ? bson::to_double(value) : 0;
}

void read_query(bson::View explain, PlanSummary& out) {
    out.text = walk(sub_document(sub_document(explain, "queryPlanner"), "winningPlan"), out, 0);
    const bson::View stats = sub_document(explain, "executionStats");
    if (!stats.empty()) {
        out.executed = true;
        out.keys_examined = number_of(stats, "totalKeysExamined");
        out.docs_examined = number_of(stats, "totalDocsExamined");
    }
}

}  // namespace

PlanSummary summarise_plan(bson::View explain_reply) {
    PlanSummary out;
    const bson::ValueView shards = explain_reply.find("shards");
    if (shards.type() == bson::Type::Document && !shards.as_document().empty()) {
        const bson::ValueView shard = shards.as_document().front().value;
        if (shard.type() == bson::Type::Document) {
            return summarise_plan(shard.as_document());
        }
    }
    const bson::ValueView stages = explain_reply.find("stages");
    if (stages.type() != bson::Type::Array) {
        read_query(explain_reply, out);
        return out;
    }
    for (const bson::Element& stage : stages.as_array()) {
        if (stage.value.type() != bson::Type::Document || stage.value.as_document().empty()) {
            continue;
        }
        const bson::Element named = stage.value.as_document().front();
        if (named.name == "$cursor" && named.value.type() == bson::Type::Document) {
            read_query(named.value.as_document(), out);
        } else {
            append_stage(out.text, named.name);
            out.looks_up = out.looks_up || named.name == "$lookup";
        }
    }
    return out;
}

}  // namespace plumb::bench
