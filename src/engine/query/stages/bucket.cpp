// SPDX-License-Identifier: GPL-3.0-or-later
// $bucket: $group by the range that a value falls into, and a $sort behind it.
#include "bson/builder.h"
#include "bson/compare.h"
#include "engine/query/stages/stages.h"

#include <fmt/format.h>

#include <vector>

namespace plumb::query {

using bson::Type;
using bson::ValueView;

namespace {

struct BucketSpec {
    ValueView group_by;
    std::vector<bson::Value> boundaries;
    std::optional<bson::Value> otherwise;
    ValueView output;
};

// Evaluates an expression that must be constant.
Result<bson::Value> constant_of(ValueView spec, ErrorCode not_constant, StageParser& parser) {
    StageExpressions expressions{parser.context};
    PLUMB_TRY(expression, expressions.parse(spec));
    if (!expression->is_constant()) {
        return fail(not_constant, "the boundaries and the default of $bucket must be constants");
    }
    PLUMB_TRY(value, expressions.evaluate(*expression, bson::View{}));
    return bson::Value{value};
}

Status read_boundaries(ValueView value, BucketSpec& out, StageParser& parser) {
    if (value.type() != Type::Array) {
        return fail(ErrorCode{40200}, "The $bucket 'boundaries' field must be an array");
    }
    for (const bson::Element& element : value.as_container()) {
        PLUMB_TRY(boundary, constant_of(element.value, ErrorCode{40191}, parser));
        out.boundaries.push_back(std::move(boundary));
    }
    if (out.boundaries.size() < 2) {
        return fail(ErrorCode{40192}, "The $bucket 'boundaries' field must have at least 2 values");
    }
    for (std::size_t index = 1; index < out.boundaries.size(); ++index) {
        const ValueView lower = out.boundaries[index - 1];
        const ValueView upper = out.boundaries[index];
        if (bson::canonical_class(lower.type()) != bson::canonical_class(upper.type())) {
            return fail(ErrorCode{40193}, "All values in the 'boundaries' must have the same type");
        }
        if (bson::compare(lower, upper) >= 0) {
            return fail(ErrorCode{40194}, "The 'boundaries' must be sorted");
        }
    }
    return {};
}

Status read_field(const bson::Element& field, BucketSpec& out, StageParser& parser) {
    if (field.name == "groupBy") {
        const bool path =
            field.value.type() == Type::String && field.value.as_string().starts_with('$');
        const bool expression = field.value.type() == Type::Document &&
                                !field.value.as_document().empty() &&
                                field.value.as_document().front().name.starts_with('$');
        if (!path && !expression) {
            return fail(ErrorCode{40202},
                        "The $bucket 'groupBy' field must be a $-prefixed path or an expression");
        }
        out.group_by = field.value;
        return {};
    }
    if (field.name == "boundaries") {
        return read_boundaries(field.value, out, parser);
    }
    if (field.name == "default") {
        PLUMB_TRY(value, constant_of(field.value, ErrorCode{40195}, parser));
        out.otherwise = std::move(value);
        return {};
    }
    if (field.name == "output") {
        if (field.value.type() != Type::Document) {
            return fail(ErrorCode{40196}, "The $bucket 'output' field must be an object");
        }
        out.output = field.value;
        return {};
    }
    return fail(ErrorCode{40197}, fmt::format("Unrecognized option to $bucket: {}", field.name));
}

Result<BucketSpec> read_spec(ValueView spec, StageParser& parser) {
    if (spec.type() != Type::Document) {
        return fail(ErrorCode{40201}, "Argument to $bucket stage must be an object");
    }
    BucketSpec out;
    for (const bson::Element& field : spec.as_document()) {
        PLUMB_CHECK(read_field(field, out, parser));
    }
    if (out.group_by.missing() || out.boundaries.empty()) {
        return fail(ErrorCode{40198},
                    "$bucket requires 'groupBy' and 'boundaries' to be specified");
    }
    if (out.otherwise) {
        const ValueView value = *out.otherwise;
        const bool inside = bson::compare(value, out.boundaries.front()) >= 0 &&
                            bson::compare(value, out.boundaries.back()) < 0;
        if (inside) {
            return fail(ErrorCode{40199},
                        "The $bucket 'default' field must be less than the lowest boundary or "
                        "greater than or equal to the highest boundary");
        }
    }
    return out;
}

void append_literal(bson::Builder& out, std::string_view name, ValueView value) {
    out.begin_document(name).append("$literal", value).end();
}

void push_comparison(bson::Builder& out, std::string_view op, ValueView left, ValueView right) {
    out.push_document();
    out.begin_array(op);
    out.push(left);
    out.push_document().append("$literal", right).end();
    out.end();
    out.end();
}

// {$switch: {branches: [{case: {$and: [{$gte: [x, lower]}, {$lt: [x, upper]}]}, then: lower}, …]}}
void append_id(const BucketSpec& spec, bson::Builder& out) {
    out.begin_document("_id").begin_document("$switch").begin_array("branches");
    for (std::size_t index = 0; index + 1 < spec.boundaries.size(); ++index) {
        out.push_document().begin_document("case").begin_array("$and");
        push_comparison(out, "$gte", spec.group_by, spec.boundaries[index]);
        push_comparison(out, "$lt", spec.group_by, spec.boundaries[index + 1]);
        out.end().end();
        append_literal(out, "then", spec.boundaries[index]);
        out.end();
    }
    out.end();
    if (spec.otherwise) {
        append_literal(out, "default", *spec.otherwise);
    }
    out.end().end();
}

}  // namespace

Status parse_bucket_stage(ValueView spec, StageParser& parser) {
    PLUMB_TRY(bucket, read_spec(spec, parser));
    bson::Builder group;
    append_id(bucket, group);
    if (bucket.output.missing()) {
        group.begin_document("count").append("$sum", std::int32_t{1}).end();
    } else {
        group.append_all(bucket.output.as_document());
    }
    PLUMB_CHECK(parse_group_stage(group.finish().view().as_value(), parser));
    bson::Builder sort;
    sort.append("_id", std::int32_t{1});
    return parse_sort_stage(sort.finish().view().as_value(), parser);
}

}  // namespace plumb::query
