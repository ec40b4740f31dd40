// SPDX-License-Identifier: GPL-3.0-or-later
// $convert and its short forms $toInt … $toDate.
#include "bson/number.h"
#include "engine/query/expr/convert_value.h"
#include "engine/query/expr/operators.h"
#include "engine/query/expr/values.h"

#include <fmt/format.h>

namespace plumb::query {

using bson::Type;
using bson::ValueView;

namespace {

constexpr std::size_t kInput = 0;
constexpr std::size_t kTo = 1;
constexpr std::size_t kOnError = 2;
constexpr std::size_t kOnNull = 3;

// The type that `to` names.
Result<Type> target_type(ValueView to) {
    if (to.type() == Type::String) {
        const auto type = bson::type_from_alias(to.as_string());
        if (!type) {
            return fail(ErrorCode::BadValue, fmt::format("Unknown type name: {}", to.as_string()));
        }
        return *type;
    }
    if (!to.is_number()) {
        return fail(ErrorCode::FailedToParse,
                    "$convert's 'to' argument must be a string or number");
    }
    const auto number = bson::to_exact_int64(to);
    const auto type = number ? bson::type_from_number(*number) : std::nullopt;
    if (!type) {
        return fail(ErrorCode::FailedToParse,
                    "In $convert, numeric value for 'to' does not correspond to a BSON type");
    }
    return *type;
}

Result<ValueView> convert_to(const Call& call, Type type) {
    PLUMB_TRY(input, call.argument(kInput));
    return input.nullish() ? make_null() : convert_value(call, input, type);
}

}  // namespace

Result<ValueView> run_convert(const Call& call) {
    PLUMB_TRY(to, call.argument(kTo));
    PLUMB_TRY(input, call.argument(kInput));
    Type type = Type::Missing;
    if (!to.nullish()) {
        PLUMB_TRY(wanted, target_type(to));
        type = wanted;
    }
    if (input.nullish()) {
        return call.has(kOnNull) ? call.argument(kOnNull) : make_null();
    }
    if (to.nullish()) {
        return make_null();
    }
    auto converted = convert_value(call, input, type);
    if (!converted.ok() && call.has(kOnError)) {
        return call.argument(kOnError);
    }
    return converted;
}

Result<ValueView> run_to_bool(const Call& call) {
    return convert_to(call, Type::Bool);
}

Result<ValueView> run_to_date(const Call& call) {
    return convert_to(call, Type::Date);
}

Result<ValueView> run_to_decimal(const Call& call) {
    return convert_to(call, Type::Decimal128);
}

Result<ValueView> run_to_double(const Call& call) {
    return convert_to(call, Type::Double);
}

Result<ValueView> run_to_int(const Call& call) {
    return convert_to(call, Type::Int32);
}

Result<ValueView> run_to_long(const Call& call) {
    return convert_to(call, Type::Int64);
}

Result<ValueView> run_to_object_id(const Call& call) {
    return convert_to(call, Type::ObjectId);
}

Result<ValueView> run_to_string(const Call& call) {
    return convert_to(call, Type::String);
}

Result<ValueView> run_type(const Call& call) {
    PLUMB_TRY(value, call.argument(0));
    return make_string(call.arena(), bson::type_name(value.type()));
}

}  // namespace plumb::query
