// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/stages/merge_spec.h"

#include "engine/query/expr/operator.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace plumb::query {

using bson::Type;
using bson::ValueView;

namespace {

constexpr std::array<std::string_view, 4> kWhenMatched{"fail", "keepExisting", "merge", "replace"};
constexpr std::array<std::string_view, 3> kWhenNotMatched{"discard", "fail", "insert"};

// The modes that 4.2 takes together.
constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kCombinations{{
    {"fail", "insert"},
    {"keepExisting", "insert"},
    {"merge", "discard"},
    {"merge", "fail"},
    {"merge", "insert"},
    {"pipeline", "discard"},
    {"pipeline", "fail"},
    {"pipeline", "insert"},
    {"replace", "discard"},
    {"replace", "fail"},
    {"replace", "insert"},
}};

template <std::size_t kCount>
bool contains(const std::array<std::string_view, kCount>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

Result<std::string> read_into(ValueView into, const PipelineContext& context) {
    if (into.type() == Type::String && !into.as_string().empty()) {
        return sibling_namespace(context.ns, into.as_string());
    }
    if (into.type() != Type::Document) {
        return fail(ErrorCode{51178}, "$merge 'into' field must be either a string or an object");
    }
    const ValueView collection = into.as_document().find("coll");
    const ValueView database = into.as_document().find("db");
    if (collection.type() != Type::String || collection.as_string().empty()) {
        return fail(ErrorCode{51178}, "$merge 'into' field must name a collection in 'coll'");
    }
    if (database.type() == Type::String) {
        return fmt::format("{}.{}", database.as_string(), collection.as_string());
    }
    return sibling_namespace(context.ns, collection.as_string());
}

Status read_on(ValueView on, std::vector<std::string>& out) {
    if (on.type() == Type::String) {
        out.emplace_back(on.as_string());
        return {};
    }
    if (on.type() != Type::Array || on.as_container().empty()) {
        return fail(ErrorCode{51186},
                    "$merge 'on' field must be either a string or a non-empty array of strings");
    }
    for (const bson::Element& element : on.as_container()) {
        if (element.value.type() != Type::String) {
            return fail(ErrorCode{51134}, "$merge 'on' array elements must be strings");
        }
        const std::string field{element.value.as_string()};
        if (std::find(out.begin(), out.end(), field) != out.end()) {
            return fail(ErrorCode{31465}, fmt::format("Found a duplicate field '{}'", field));
        }
        out.push_back(field);
    }
    return {};
}

Status read_when_matched(ValueView value, MergeSpec& out) {
    if (value.type() == Type::Array) {
        PLUMB_TRY(pipeline, read_pipeline(value, ErrorCode{51191}, "$merge.whenMatched"));
        out.request.when_matched = "pipeline";
        out.request.pipeline = std::move(pipeline);
        return {};
    }
    if (value.type() != Type::String) {
        return fail(ErrorCode{51191}, "$merge 'whenMatched' field must be a string or an array");
    }
    if (!contains(kWhenMatched, value.as_string())) {
        return fail(ErrorCode::BadValue,
                    fmt::format("'{}' is no value of $merge.whenMatched", value.as_string()));
    }
    out.request.when_matched = value.as_string();
    return {};
}

Status read_when_not_matched(ValueView value, MergeSpec& out) {
    if (value.type() != Type::String || !contains(kWhenNotMatched, value.as_string())) {
        return fail(ErrorCode::BadValue, "$merge.whenNotMatched is insert, discard or fail");
    }
    out.request.when_not_matched = value.as_string();
    return {};
}

Status read_variables(ValueView let, StageExpressions& expressions, MergeSpec& out) {
    if (let.missing()) {
        const bson::Value root{"$$ROOT"};
        PLUMB_TRY(expression, expressions.parse(root));
        out.variables.emplace_back("new", std::move(expression));
        return {};
    }
    if (out.request.when_matched != "pipeline") {
        return fail(ErrorCode{51199}, "Cannot use 'let' variables with 'whenMatched' mode");
    }
    if (let.type() != Type::Document) {
        return fail(ErrorCode::TypeMismatch, "$merge.let must be an object");
    }
    for (const bson::Element& variable : let.as_document()) {
        PLUMB_CHECK(check_variable_name(variable.name));
        PLUMB_TRY(expression, expressions.parse(variable.value));
        out.variables.emplace_back(std::string{variable.name}, std::move(expression));
    }
    return {};
}

Status read_fields(bson::View spec,
                   const PipelineContext& context,
                   ValueView& let,
                   MergeSpec& out) {
    for (const bson::Element& field : spec) {
        if (field.name == "into") {
            PLUMB_TRY(ns, read_into(field.value, context));
            out.request.ns = std::move(ns);
        } else if (field.name == "on") {
            PLUMB_CHECK(read_on(field.value, out.request.on));
        } else if (field.name == "whenMatched") {
            PLUMB_CHECK(read_when_matched(field.value, out));
        } else if (field.name == "whenNotMatched") {
            PLUMB_CHECK(read_when_not_matched(field.value, out));
        } else if (field.name == "let") {
            let = field.value;
        } else {
            return fail(ErrorCode{40415},
                        fmt::format("BSON field '$merge.{}' is an unknown field.", field.name));
        }
    }
    return {};
}

}  // namespace

Result<MergeSpec> read_merge_spec(ValueView spec,
                                  StageParser& parser,
                                  StageExpressions& expressions) {
    MergeSpec out;
    out.request.when_matched = "merge";
    out.request.when_not_matched = "insert";
    ValueView let;
    if (spec.type() == Type::Document) {
        PLUMB_CHECK(read_fields(spec.as_document(), parser.context, let, out));
    } else if (spec.type() == Type::String) {
        PLUMB_TRY(ns, read_into(spec, parser.context));
        out.request.ns = std::move(ns);
    } else {
        return fail(ErrorCode{51182}, "$merge requires a string or object argument");
    }
    if (out.request.ns.empty()) {
        return fail(ErrorCode{40414}, "BSON field '$merge.into' is missing but a required field");
    }
    if (out.request.on.empty()) {
        out.request.on.emplace_back("_id");
    }
    PLUMB_CHECK(read_variables(let, expressions, out));
    const std::pair<std::string_view, std::string_view> modes{out.request.when_matched,
                                                              out.request.when_not_matched};
    if (std::find(kCombinations.begin(), kCombinations.end(), modes) == kCombinations.end()) {
        return fail(ErrorCode{51181},
                    fmt::format("Combination of whenMatched: {} and whenNotMatched: {} is not "
                                "supported",
                                modes.first,
                                modes.second));
    }
    return out;
}

}  // namespace plumb::query
