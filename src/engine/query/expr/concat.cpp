// SPDX-License-Identifier: GPL-3.0-or-later
// $concat, $split.
#include "engine/query/expr/operators.h"
#include "engine/query/expr/values.h"

namespace plumb::query {

using bson::Type;
using bson::ValueView;

Result<ValueView> run_concat(const Call& call) {
    ArenaBytes text{call.arena(), 64};
    for (std::size_t index = 0; index < call.count(); ++index) {
        PLUMB_TRY(value, call.argument(index));
        if (value.nullish()) {
            return make_null();
        }
        if (value.type() != Type::String) {
            return wrong_type(call, 16702, value);
        }
        text.append(value.as_string());
    }
    return make_string(call.arena(), {text.data(), text.size()});
}

Result<ValueView> run_split(const Call& call) {
    PLUMB_TRY(input, call.argument(0));
    PLUMB_TRY(separator, call.argument(1));
    if (input.nullish() || separator.nullish()) {
        return make_null();
    }
    if (input.type() != Type::String) {
        return wrong_type(call, 40085, input);
    }
    if (separator.type() != Type::String) {
        return wrong_type(call, 40086, separator);
    }
    const std::string_view text = input.as_string();
    const std::string_view between = separator.as_string();
    if (between.empty()) {
        return operator_error(call, 40087, "requires a non-empty separator");
    }
    ArrayWriter out{call.arena()};
    std::size_t start = 0;
    for (std::size_t at = text.find(between); at != std::string_view::npos;
         at = text.find(between, start)) {
        PLUMB_CHECK(call.go_on());
        out.push(make_string(call.arena(), text.substr(start, at - start)));
        start = at + between.size();
    }
    out.push(make_string(call.arena(), text.substr(start)));
    return out.finish();
}

}  // namespace plumb::query
