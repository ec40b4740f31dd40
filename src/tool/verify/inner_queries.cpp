// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/verify/inner_queries.h"

#include "bson/builder.h"

namespace plumb::verify {
namespace {

// Pipelines nest in $facet, $lookup and $unionWith; servers allow far less.
constexpr int kDepthMax = 20;
// Some value that an index can be asked for; which one does not matter to the plan.
constexpr std::string_view kAnyValue = "x";

void add_query(bson::View lookup, std::string_view field_name, std::vector<bson::Document>& out) {
    const bson::ValueView from = lookup.find("from");
    const bson::ValueView field = lookup.find(field_name);
    if (from.type() != bson::Type::String || field.type() != bson::Type::String) {
        return;
    }
    bson::Builder find;
    find.append("find", from.as_string());
    find.begin_document("filter").append(field.as_string(), kAnyValue).end();
    out.push_back(find.finish());
}

// NOLINTNEXTLINE(misc-no-recursion): bounded by kDepthMax
void walk(bson::View pipeline, int depth, std::vector<bson::Document>& out) {
    if (depth > kDepthMax) {
        return;
    }
    for (const bson::Element& each : pipeline) {
        if (each.value.type() != bson::Type::Document || each.value.as_document().empty()) {
            continue;
        }
        const bson::Element stage = each.value.as_document().front();
        if (stage.value.type() != bson::Type::Document) {
            continue;
        }
        const bson::View body = stage.value.as_document();
        if (stage.name == "$lookup") {
            add_query(body, "foreignField", out);
        } else if (stage.name == "$graphLookup") {
            add_query(body, "connectToField", out);
        } else if (stage.name == "$facet") {
            for (const bson::Element& facet : body) {
                if (facet.value.type() == bson::Type::Array) {
                    walk(facet.value.as_array(), depth + 1, out);
                }
            }
        }
    }
}

}  // namespace

std::vector<bson::Document> inner_queries(bson::View command) {
    std::vector<bson::Document> out;
    const bson::ValueView pipeline = command.find("pipeline");
    if (pipeline.type() == bson::Type::Array) {
        walk(pipeline.as_array(), 0, out);
    }
    return out;
}

}  // namespace plumb::verify
