// SPDX-License-Identifier: GPL-3.0-or-later
// $zip: arrays side by side.
#include "engine/query/expr/operators.h"
#include "engine/query/expr/values.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <vector>

namespace plumb::query {

using bson::Type;
using bson::ValueView;

namespace {

struct ZipOptions final : Prepared {
    std::size_t inputs = 0;
    bool longest = false;
};

struct ZipSpec {
    ValueView inputs;
    ValueView defaults;
    bool longest = false;
};

Result<ZipSpec> read_spec(ValueView spec) {
    if (spec.type() != Type::Document) {
        return fail(ErrorCode{34460}, "$zip only supports an object as an argument");
    }
    ZipSpec out;
    for (const bson::Element& element : spec.as_document()) {
        if (element.name == "inputs") {
            if (element.value.type() != Type::Array) {
                return fail(ErrorCode{34461}, "inputs must be an array of expressions");
            }
            out.inputs = element.value;
        } else if (element.name == "defaults") {
            if (element.value.type() != Type::Array) {
                return fail(ErrorCode{34462}, "defaults must be an array of expressions");
            }
            out.defaults = element.value;
        } else if (element.name == "useLongestLength") {
            if (element.value.type() != Type::Bool) {
                return fail(ErrorCode{34463}, "useLongestLength must be a bool");
            }
            out.longest = element.value.as_bool();
        } else {
            return fail(ErrorCode{34464},
                        fmt::format("$zip found an unknown argument: {}", element.name));
        }
    }
    if (out.inputs.missing() || out.inputs.as_container().empty()) {
        return fail(ErrorCode{34465}, "$zip requires at least one input array");
    }
    if (!out.defaults.missing()) {
        if (!out.longest) {
            return fail(ErrorCode{34466},
                        "cannot specify defaults unless useLongestLength is true");
        }
        if (out.defaults.as_container().count() != out.inputs.as_container().count()) {
            return fail(ErrorCode{34467}, "defaults and inputs must have the same length");
        }
    }
    return out;
}

Status parse_list(ValueView list, std::vector<ExpressionPtr>& out, ParseScope& scope) {
    for (const bson::Element& element : list.as_container()) {
        PLUMB_TRY(expression, parse_expression(element.value, scope));
        out.push_back(std::move(expression));
    }
    return {};
}

}  // namespace

// The arguments are the inputs and then the defaults, if there are any.
Result<ExpressionPtr> parse_zip(const OperatorRow& row, ValueView spec, ParseScope& scope) {
    PLUMB_TRY(read, read_spec(spec));
    std::vector<ExpressionPtr> arguments;
    PLUMB_CHECK(parse_list(read.inputs, arguments, scope));
    auto options = std::make_unique<ZipOptions>();
    options->inputs = arguments.size();
    options->longest = read.longest;
    if (!read.defaults.missing()) {
        PLUMB_CHECK(parse_list(read.defaults, arguments, scope));
    }
    auto expression = std::make_unique<OperatorExpression>(row, std::move(arguments));
    expression->set_prepared(std::move(options));
    return finish_operator(std::move(expression), scope);
}

Result<ValueView> run_zip(const Call& call) {
    const auto& options = static_cast<const ZipOptions&>(*call.prepared());
    std::vector<bson::Iterator> columns;
    std::size_t least = std::numeric_limits<std::size_t>::max();
    std::size_t most = 0;
    bool nullish = false;
    for (std::size_t column = 0; column < options.inputs; ++column) {
        PLUMB_TRY(input, call.argument(column));
        if (input.nullish()) {
            nullish = true;
            continue;
        }
        if (input.type() != Type::Array) {
            return wrong_type(call, 34468, input);
        }
        const std::size_t count = input.as_container().count();
        least = std::min(least, count);
        most = std::max(most, count);
        columns.push_back(input.as_container().begin());
    }
    if (nullish) {
        return make_null();
    }
    std::vector<ValueView> defaults(options.inputs, make_null());
    for (std::size_t index = options.inputs; index < call.count(); ++index) {
        PLUMB_TRY(value, call.argument(index));
        defaults[index - options.inputs] = value;
    }
    const std::size_t rows = options.longest ? most : least;
    ArrayWriter out{call.arena()};
    for (std::size_t row = 0; row < rows; ++row) {
        PLUMB_CHECK(call.go_on());
        ArrayWriter tuple{call.arena()};
        for (std::size_t column = 0; column < columns.size(); ++column) {
            bson::Iterator& at = columns[column];
            if (at == std::default_sentinel) {
                tuple.push(defaults[column]);
            } else {
                tuple.push(at->value);
                ++at;
            }
        }
        out.push(tuple.finish());
    }
    return out.finish();
}

}  // namespace plumb::query
