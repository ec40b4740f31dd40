// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/capture/shapes_document.h"

#include "bson/builder.h"

#include <algorithm>
#include <vector>

namespace plumb::capture {
namespace {

void append_values(const ValueClasses& values, bson::Builder& out) {
    out.begin_document("values");
    for (const auto& [path, value] : values) {
        out.begin_document(path);
        out.begin_array("types");
        for (const std::string& type : value.types) {
            out.push(type);
        }
        out.end();
        out.append("characters", value.characters);
        out.append("days", value.days);
        out.end();
    }
    out.end();
}

void append_shape(const ShapeStatistics& shape, bson::Builder& out) {
    out.append("id", shape.shape.id);
    out.append("text", shape.shape.text);
    out.append("database", shape.shape.database);
    out.append("collection", shape.shape.collection);
    out.append("operation", shape.shape.operation);
    out.append("calls", shape.calls);
    out.append("batches", shape.batches);
    out.append("callsAMinute", shape.calls_a_minute);
    out.append("ms", shape.ms);
    out.append("msMax", shape.ms_max);
    out.append("p50Ms", duration_quantile(shape, 0.5));
    out.append("p95Ms", duration_quantile(shape, 0.95));
    out.append("keysExamined", shape.keys_examined);
    out.append("docsExamined", shape.docs_examined);
    out.append("returned", shape.returned);
    out.append("replyBytes", shape.reply_bytes);
    out.append("sortsInMemory", shape.sorts_in_memory);
    out.begin_document("plans");
    for (const auto& [summary, calls] : shape.plans) {
        out.append(summary, calls);
    }
    out.end();
    append_values(shape.values, out);
    out.begin_array("places");
    for (const std::string& place : shape.places) {
        out.push(place);
    }
    out.end();
}

}  // namespace

bson::Document shapes_document(const ShapeTable& table) {
    std::vector<const ShapeStatistics*> shapes;
    for (const ShapeStatistics& shape : table.shapes()) {
        shapes.push_back(&shape);
    }
    std::ranges::sort(shapes, {}, [](const ShapeStatistics* shape) {
        return std::pair{std::string_view{shape->shape.text},
                         std::string_view{shape->shape.database}};
    });
    bson::Builder out;
    out.begin_array("shapes");
    for (const ShapeStatistics* shape : shapes) {
        out.push_document();
        append_shape(*shape, out);
        out.end();
    }
    out.end();
    return out.finish();
}

}  // namespace plumb::capture
