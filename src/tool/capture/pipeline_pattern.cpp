// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/number.h"
#include "tool/capture/pattern_internal.h"

#include <algorithm>
#include <array>

namespace plumb::capture {
namespace {

// 0, 1 and -1 say include, exclude, count or order; another number is a constant.
bool is_structural(bson::ValueView value) {
    if (value.type() == bson::Type::Bool || value.type() == bson::Type::Null) {
        return true;
    }
    if (!value.is_number()) {
        return false;
    }
    const auto number = bson::to_exact_int64(value);
    return number && *number >= -1 && *number <= 1;
}

void append_number_as_int(std::string_view name, bson::ValueView value, bson::Builder& out) {
    if (const auto number = value.is_number() ? bson::to_exact_int64(value) : std::nullopt) {
        out.append(name, static_cast<std::int32_t>(*number));
    } else {
        out.append(name, value);
    }
}

void append_pipeline(std::string_view name, bson::View pipeline, bson::Builder& out) {
    out.begin_array(name);
    for (const bson::Document& stage : pipeline_pattern(pipeline)) {
        out.push(stage);
    }
    out.end();
}

using AppendStage = void (*)(std::string_view name, bson::ValueView value, bson::Builder& out);

void append_constant(std::string_view name, bson::ValueView, bson::Builder& out) {
    out.append(name, "n");
}

void append_as_is(std::string_view name, bson::ValueView value, bson::Builder& out) {
    out.append(name, value);
}

void append_sort(std::string_view name, bson::ValueView value, bson::Builder& out) {
    if (value.type() != bson::Type::Document) {
        out.append(name, value);
        return;
    }
    out.begin_document(name);
    for (const bson::Element& field : value.as_document()) {
        append_number_as_int(field.name, field.value, out);
    }
    out.end();
}

void append_match(std::string_view name, bson::ValueView value, bson::Builder& out) {
    if (value.type() == bson::Type::Document) {
        out.append(name, filter_pattern(value.as_document()));
    } else {
        out.append(name, "?");
    }
}

// $lookup, $graphLookup, $unionWith: names of collections and fields stay as they are.
void append_join(std::string_view name, bson::ValueView value, bson::Builder& out) {
    if (value.type() != bson::Type::Document) {
        out.append(name, value);
        return;
    }
    out.begin_document(name);
    for (const bson::Element& field : value.as_document()) {
        if (field.name == "pipeline" && field.value.type() == bson::Type::Array) {
            append_pipeline(field.name, field.value.as_container(), out);
        } else if (field.name == "restrictSearchWithMatch") {
            append_match(field.name, field.value, out);
        } else if (field.value.type() == bson::Type::String) {
            out.append(field.name, field.value);
        } else {
            append_expression_pattern(field.name, field.value, out);
        }
    }
    out.end();
}

void append_facet(std::string_view name, bson::ValueView value, bson::Builder& out) {
    if (value.type() != bson::Type::Document) {
        out.append(name, "?");
        return;
    }
    out.begin_document(name);
    for (const bson::Element& field : value.as_document()) {
        if (field.value.type() == bson::Type::Array) {
            append_pipeline(field.name, field.value.as_container(), out);
        }
    }
    out.end();
}

struct Row {
    std::string_view name;
    AppendStage append;
};

// Stages that are no expressions; all the others are patterns of expressions.
constexpr auto kRows = std::to_array<Row>({
    {"$count", append_as_is},
    {"$facet", append_facet},
    {"$graphLookup", append_join},
    {"$limit", append_constant},
    {"$lookup", append_join},
    {"$match", append_match},
    {"$merge", append_as_is},
    {"$out", append_as_is},
    {"$sample", append_constant},
    {"$skip", append_constant},
    {"$sort", append_sort},
    {"$unionWith", append_join},
    {"$unwind", append_as_is},
});
static_assert(std::ranges::is_sorted(kRows, {}, &Row::name));

}  // namespace

void append_expression_pattern(std::string_view name, bson::ValueView value, bson::Builder& out) {
    switch (value.type()) {
        case bson::Type::Document:
            out.begin_document(name);
            for (const bson::Element& field : value.as_document()) {
                if (field.name == "$literal") {
                    out.append(field.name, "?");
                } else {
                    append_expression_pattern(field.name, field.value, out);
                }
            }
            out.end();
            return;
        case bson::Type::Array:
            out.begin_array(name);
            for (const bson::Element& element : value.as_container()) {
                append_expression_pattern(element.name, element.value, out);
            }
            out.end();
            return;
        case bson::Type::String:
            out.append(
                name,
                value.as_string().starts_with('$') ? value.as_string() : std::string_view{"?"});
            return;
        default:
            if (is_structural(value)) {
                append_number_as_int(name, value, out);
            } else {
                out.append(name, "?");
            }
    }
}

std::vector<bson::Document> pipeline_pattern(bson::View pipeline) {
    std::vector<bson::Document> out;
    for (const bson::Element& element : pipeline) {
        if (element.value.type() != bson::Type::Document || element.value.as_document().empty()) {
            continue;
        }
        const bson::Element stage = element.value.as_document().front();
        const auto row = std::ranges::lower_bound(kRows, stage.name, {}, &Row::name);
        bson::Builder pattern;
        if (row != kRows.end() && row->name == stage.name) {
            row->append(stage.name, stage.value, pattern);
        } else {
            append_expression_pattern(stage.name, stage.value, pattern);
        }
        out.push_back(pattern.finish());
    }
    return out;
}

bson::Document projection_pattern(bson::View projection) {
    std::vector<bson::Element> fields;
    for (const bson::Element& field : projection) {
        fields.push_back(field);
    }
    std::ranges::sort(fields, {}, &bson::Element::name);
    bson::Builder out;
    for (const bson::Element& field : fields) {
        if (field.value.type() == bson::Type::Bool) {
            out.append(field.name, field.value.as_bool() ? 1 : 0);
        } else {
            append_expression_pattern(field.name, field.value, out);
        }
    }
    return out.finish();
}

void append_update_pattern(std::string_view name, bson::ValueView update, bson::Builder& out) {
    if (update.type() == bson::Type::Array) {
        out.append(name, "pipeline");
        return;
    }
    if (update.type() != bson::Type::Document) {
        return;
    }
    const bson::View changes = update.as_document();
    if (changes.empty() || !changes.front().name.starts_with('$')) {
        out.append(name, "replacement");
        return;
    }
    out.begin_document(name);
    for (const bson::Element& change : changes) {
        std::vector<std::string_view> fields;
        if (change.value.type() == bson::Type::Document) {
            for (const bson::Element& field : change.value.as_document()) {
                fields.push_back(field.name);
            }
        }
        std::ranges::sort(fields);
        out.begin_array(change.name);
        for (const std::string_view field : fields) {
            out.push(field);
        }
        out.end();
    }
    out.end();
}

}  // namespace plumb::capture
