// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/verify/explain_scans.h"

#include <algorithm>
#include <array>

namespace plumb::verify {
namespace {

// Replies nest a stage a level; servers stop far earlier than this.
constexpr int kDepthMax = 128;

// Parts of a reply that tell of other plans, of the query, or of the same plan once more.
constexpr auto kNoPlan = std::to_array<std::string_view>({
    "allPlansExecution",
    "command",
    "executionStats",
    "filter",
    "parsedQuery",
    "rejectedPlans",
    "serverInfo",
    "serverParameters",
    "slotBasedPlan",
});

// Stages of a pipeline that hold plans of their own; the others hold what the user wrote.
constexpr auto kWithPlan =
    std::to_array<std::string_view>({"$cursor", "$facet", "$geoNearCursor", "$unionWith"});

bool is_no_plan(std::string_view name) {
    if (name.starts_with('$')) {
        return !std::binary_search(kWithPlan.begin(), kWithPlan.end(), name);
    }
    return std::binary_search(kNoPlan.begin(), kNoPlan.end(), name);
}

// Where the walk is.
struct Place {
    std::string_view collection;
    std::string_view shard;
    int depth = 0;
};

std::string_view text_at(bson::View document, std::string_view field) {
    const bson::ValueView value = document.find(field);
    return value.type() == bson::Type::String ? value.as_string() : std::string_view{};
}

std::string_view without_database(std::string_view ns) {
    const std::size_t dot = ns.find('.');
    return dot == std::string_view::npos ? ns : ns.substr(dot + 1);
}

class Walk {
  public:
    // NOLINTNEXTLINE(misc-no-recursion): bounded by kDepthMax
    void document(bson::View node, Place place) {
        if (++place.depth > kDepthMax) {
            return;
        }
        if (const std::string_view ns = text_at(node, "namespace"); !ns.empty()) {
            place.collection = without_database(ns);
        }
        if (const std::string_view shard = text_at(node, "shardName"); !shard.empty()) {
            place.shard = shard;
        }
        stage(node, place);
        for (const auto& [name, value] : node) {
            if (is_no_plan(name)) {
                continue;
            }
            if (name == "shards" && value.type() == bson::Type::Document) {
                named_shards(value.as_document(), place);
            } else if (value.type() == bson::Type::Document) {
                document(value.as_document(), place);
            } else if (value.type() == bson::Type::Array) {
                list(value.as_array(), place);
            }
        }
    }

    std::vector<Scan> scans;
    bool planned = false;

  private:
    void stage(bson::View node, const Place& place) {
        const std::string_view name = text_at(node, "stage");
        planned = planned || !name.empty();
        if (name == "COLLSCAN") {
            add(place.collection, place.shard);
        }
        // The slot-based engine joins a $lookup; without an index it reads the inner one each time.
        if (name == "EQ_LOOKUP" && text_at(node, "strategy") == "NestedLoopJoin") {
            add(without_database(text_at(node, "foreignCollection")), place.shard);
        }
    }

    // {shard0: {…}, shard1: {…}}, as pipelines have it.
    // NOLINTNEXTLINE(misc-no-recursion): bounded by kDepthMax
    void named_shards(bson::View shards, const Place& place) {
        for (const auto& [name, value] : shards) {
            if (value.type() == bson::Type::Document) {
                document(value.as_document(), {place.collection, name, place.depth});
            }
        }
    }

    // NOLINTNEXTLINE(misc-no-recursion): bounded by kDepthMax
    void list(bson::ArrayView elements, const Place& place) {
        for (const bson::Element& each : elements) {
            if (each.value.type() == bson::Type::Document) {
                document(each.value.as_document(), place);
            }
        }
    }

    void add(std::string_view collection, std::string_view shard) {
        const Scan scan{std::string{collection}, std::string{shard}};
        if (std::find(scans.begin(), scans.end(), scan) == scans.end()) {
            scans.push_back(scan);
        }
    }
};

Walk walked(bson::View reply) {
    Walk walk;
    walk.document(reply, {});
    return walk;
}

}  // namespace

std::vector<Scan> scans_in(bson::View explain_reply) {
    return walked(explain_reply).scans;
}

bool has_plan(bson::View explain_reply) {
    return walked(explain_reply).planned;
}

}  // namespace plumb::verify
