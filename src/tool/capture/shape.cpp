// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/capture/shape.h"

#include "bson/builder.h"
#include "bson/number.h"
#include "tool/capture/pattern_internal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace plumb::capture {
namespace {

// FNV-1a. Source: draft-eastlake-fnv
std::uint32_t hash_of(std::string_view text) {
    std::uint32_t hash = 2'166'136'261U;
    for (const char byte : text) {
        hash = (hash ^ static_cast<unsigned char>(byte)) * 16'777'619U;
    }
    return hash;
}

bson::View document_or_empty(bson::ValueView value) {
    return value.type() == bson::Type::Document ? value.as_document() : bson::View{};
}

void append_filter(bson::ValueView filter, bson::Builder& out) {
    const bson::Document pattern = filter_pattern(document_or_empty(filter));
    if (!pattern.empty()) {
        out.append("filter", pattern);
    }
}

// Directions as whole numbers, in the order they have.
void append_sort(bson::ValueView sort, bson::Builder& out) {
    const bson::View fields = document_or_empty(sort);
    if (fields.empty()) {
        return;
    }
    out.begin_document("sort");
    for (const bson::Element& field : fields) {
        if (field.value.is_number()) {
            out.append(field.name, bson::to_clamped_int64(field.value) < 0 ? -1 : 1);
        } else {
            out.append(field.name, field.value);
        }
    }
    out.end();
}

void append_limit(bson::ValueView limit, bson::Builder& out) {
    if (!limit.is_number()) {
        if (limit.type() == bson::Type::String) {
            out.append("limit", "n");  // a placeholder
        }
        return;
    }
    const std::int64_t number = bson::to_clamped_int64(limit);
    if (number != 0) {
        out.append("limit", number == 1 || number == -1 ? "1" : "n");
    }
}

void append_projection(bson::ValueView projection, bson::Builder& out) {
    const bson::Document pattern = projection_pattern(document_or_empty(projection));
    if (!pattern.empty()) {
        out.append("projection", pattern);
    }
}

void append_flag(std::string_view name, bson::ValueView value, bson::Builder& out) {
    if (!value.missing() && bson::truthy(value)) {
        out.append(name, true);
    }
}

void pattern_of_find(bson::View command, bson::Builder& out) {
    append_filter(command.find("filter"), out);
    append_sort(command.find("sort"), out);
    append_projection(command.find("projection"), out);
    append_limit(command.find("limit"), out);
}

void pattern_of_count(bson::View command, bson::Builder& out) {
    append_filter(command.find("query"), out);
}

void pattern_of_distinct(bson::View command, bson::Builder& out) {
    append_filter(command.find("query"), out);
    if (const bson::ValueView key = command.find("key"); key.type() == bson::Type::String) {
        out.append("key", key.as_string());
    }
}

void pattern_of_aggregate(bson::View command, bson::Builder& out) {
    const bson::ValueView pipeline = command.find("pipeline");
    if (pipeline.type() != bson::Type::Array) {
        return;
    }
    out.begin_array("pipeline");
    for (const bson::Document& stage : pipeline_pattern(pipeline.as_container())) {
        out.push(stage);
    }
    out.end();
}

void pattern_of_update(bson::View statement, bson::Builder& out) {
    append_filter(statement.find("q"), out);
    append_update_pattern("update", statement.find("u"), out);
    append_flag("multi", statement.find("multi"), out);
    append_flag("upsert", statement.find("upsert"), out);
}

void pattern_of_delete(bson::View statement, bson::Builder& out) {
    append_filter(statement.find("q"), out);
    append_limit(statement.find("limit"), out);
}

void pattern_of_find_and_modify(bson::View command, bson::Builder& out) {
    append_filter(command.find("query"), out);
    append_sort(command.find("sort"), out);
    append_update_pattern("update", command.find("update"), out);
    append_flag("remove", command.find("remove"), out);
    append_flag("upsert", command.find("upsert"), out);
}

void pattern_of_insert(bson::View, bson::Builder&) {}

struct Row {
    std::string_view name;  // the command's first field
    std::string_view operation;
    void (*append)(bson::View command, bson::Builder& out);
    std::string_view statements;  // the array a write command carries, or empty
};

constexpr auto kRows = std::to_array<Row>({
    {"aggregate", "aggregate", pattern_of_aggregate, {}},
    {"count", "count", pattern_of_count, {}},
    {"delete", "delete", pattern_of_delete, "deletes"},
    {"distinct", "distinct", pattern_of_distinct, {}},
    {"find", "find", pattern_of_find, {}},
    {"findAndModify", "findAndModify", pattern_of_find_and_modify, {}},
    {"findandmodify", "findAndModify", pattern_of_find_and_modify, {}},
    {"insert", "insert", pattern_of_insert, {}},
    {"update", "update", pattern_of_update, "updates"},
});
static_assert(std::ranges::is_sorted(kRows, {}, &Row::name));

const Row* find_row(std::string_view name) {
    const auto at = std::ranges::lower_bound(kRows, name, {}, &Row::name);
    return at != kRows.end() && at->name == name ? &*at : nullptr;
}

Shape make_shape(std::string_view database,
                 std::string_view collection,
                 std::string_view operation,
                 bson::View parts) {
    bson::Builder pattern;
    pattern.append("op", operation);
    pattern.append("collection", collection);
    pattern.append_all(parts);
    Shape shape;
    shape.database = database;
    shape.collection = collection;
    shape.operation = operation;
    shape.text = fmt::format("{} {}", operation, collection);
    for (const bson::Element& part : parts) {
        // The filter needs no name: every operation has one.
        const bool named = part.name != "filter" && part.name != "pipeline";
        bson::Builder alone;
        alone.append(part.name, part.value);
        const std::string text = pattern_text(alone.finish());  // {name: …}
        const std::size_t start = named ? 1 : part.name.size() + 3;
        shape.text +=
            fmt::format(" {}", std::string_view{text}.substr(start, text.size() - start - 1));
    }
    shape.id = fmt::format("{:08X}", hash_of(shape.text));
    shape.pattern = pattern.finish();
    return shape;
}

// What drivers make of count_documents(): [{$match}, {$group: {_id: 1, n: {$sum: 1}}}].
std::optional<bson::Document> as_count(bson::View parts) {
    const bson::ValueView pipeline = parts.find("pipeline");
    if (pipeline.type() != bson::Type::Array) {
        return std::nullopt;
    }
    bson::Builder out;
    std::size_t at = 0;
    for (const bson::Element& stage : pipeline.as_container()) {
        const bson::Element only = stage.value.as_document().front();
        if (only.name == "$match" && at == 0) {
            if (!only.value.as_document().empty()) {
                out.append("filter", only.value);
            }
            ++at;
            continue;
        }
        if (only.name != "$group" || at > 1 ||
            pattern_text(stage.value.as_document()) != "{$group: {_id: 1, n: {$sum: 1}}}") {
            return std::nullopt;
        }
        at = 2;
    }
    return at == 2 ? std::optional{out.finish()} : std::nullopt;
}

// A pipeline that asks the server about itself, not a collection for its documents.
bool is_diagnostic(bson::View command) {
    constexpr auto kStages = std::to_array<std::string_view>({"$collStats",
                                                              "$currentOp",
                                                              "$indexStats",
                                                              "$listLocalSessions",
                                                              "$listSessions",
                                                              "$planCacheStats"});
    const bson::ValueView pipeline = command.find("pipeline");
    if (pipeline.type() != bson::Type::Array || pipeline.as_container().empty()) {
        return false;
    }
    const bson::ValueView first = pipeline.as_container().front().value;
    return first.type() == bson::Type::Document && !first.as_document().empty() &&
           std::ranges::binary_search(kStages, first.as_document().front().name);
}

Shape finish_shape(std::string_view database,
                   std::string_view collection,
                   const Row& row,
                   bson::View command) {
    bson::Builder parts;
    row.append(command, parts);
    const bson::Document done = parts.finish();
    if (const auto count = as_count(done)) {
        return make_shape(database, collection, "count", *count);
    }
    return make_shape(database, collection, row.operation, done);
}

}  // namespace

std::optional<Shape> shape_of(std::string_view database,
                              bson::View command,
                              std::string_view collection) {
    if (command.empty()) {
        return std::nullopt;
    }
    const bson::Element first = command.front();
    if (first.name == "q" && !collection.empty()) {
        return finish_shape(
            database, collection, *find_row(command.has("u") ? "update" : "delete"), command);
    }
    const Row* row = find_row(first.name);
    if (row == nullptr || first.value.type() != bson::Type::String || !row->statements.empty() ||
        is_diagnostic(command)) {
        return std::nullopt;
    }
    return finish_shape(database, first.value.as_string(), *row, command);
}

std::vector<Shape> shapes_of(std::string_view database, bson::View command) {
    std::vector<Shape> out;
    if (auto shape = shape_of(database, command)) {
        out.push_back(*std::move(shape));
        return out;
    }
    const Row* row = command.empty() ? nullptr : find_row(command.front().name);
    if (row == nullptr || row->statements.empty() ||
        command.front().value.type() != bson::Type::String) {
        return out;
    }
    const bson::ValueView statements = command.find(row->statements);
    if (statements.type() != bson::Type::Array) {
        return out;
    }
    for (const bson::Element& statement : statements.as_container()) {
        if (statement.value.type() == bson::Type::Document) {
            out.push_back(finish_shape(
                database, command.front().value.as_string(), *row, statement.value.as_document()));
        }
    }
    return out;
}

}  // namespace plumb::capture
