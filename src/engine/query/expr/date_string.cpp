// SPDX-License-Identifier: GPL-3.0-or-later
// $dateToString, $dateFromString.
#include "engine/query/date_format.h"
#include "engine/query/date_parse.h"
#include "engine/query/expr/date_arguments.h"
#include "engine/query/expr/operators.h"
#include "engine/query/expr/values.h"

namespace plumb::query {

using bson::Type;
using bson::ValueView;

namespace {

// Both operators take: 0 the input, 1 format, 2 timezone, 3 onNull, 4 onError.
constexpr std::size_t kInput = 0;
constexpr std::size_t kFormat = 1;
constexpr std::size_t kZone = 2;
constexpr std::size_t kOnNull = 3;
constexpr std::size_t kOnError = 4;

Result<ValueView> on_null(const Call& call) {
    return call.has(kOnNull) ? call.argument(kOnNull) : make_null();
}

// The format, checked; Missing if the argument is not there, null if it is nullish.
Result<ValueView> format_argument(const Call& call, FormatUse use, std::int32_t not_a_string) {
    if (!call.has(kFormat)) {
        return ValueView{};
    }
    PLUMB_TRY(format, call.argument(kFormat));
    if (format.nullish()) {
        return make_null();
    }
    if (format.type() != Type::String) {
        return wrong_type(call, not_a_string, format);
    }
    PLUMB_CHECK(check_date_format(format.as_string(), use));
    return format;
}

Result<bson::Date> parse_with(const Call& call,
                              ValueView input,
                              ValueView format,
                              const TimeZone* zone) {
    if (input.type() != Type::String) {
        return wrong_type(call, static_cast<std::int32_t>(ErrorCode::ConversionFailure), input);
    }
    return format.missing() ? parse_date(input.as_string(), zone)
                            : parse_date_by(input.as_string(), format.as_string(), zone);
}

}  // namespace

Status prepare_string_zone(OperatorExpression& expression) {
    return prepare_zone(expression, kZone);
}

Result<ValueView> run_date_to_string(const Call& call) {
    PLUMB_TRY(date, call.argument(kInput));
    // A wrong format or zone is an error even where the date is null.
    PLUMB_TRY(format, format_argument(call, FormatUse::Write, 18533));
    PLUMB_TRY(zone, zone_argument(call, kZone));
    if (date.nullish()) {
        return on_null(call);
    }
    if (!zone || format.type() == Type::Null) {
        return make_null();
    }
    PLUMB_TRY(ms, as_milliseconds(call, date));
    PLUMB_TRY(text,
              format_date({ms},
                          *zone != nullptr ? **zone : TimeZone::utc(),
                          format.missing() ? kIsoDateFormat : format.as_string()));
    return make_string(call.arena(), text);
}

Result<ValueView> run_date_from_string(const Call& call) {
    PLUMB_TRY(input, call.argument(kInput));
    PLUMB_TRY(format, format_argument(call, FormatUse::Read, 40684));
    PLUMB_TRY(zone, zone_argument(call, kZone));
    if (input.nullish()) {
        return on_null(call);
    }
    if (!zone || format.type() == Type::Null) {
        return make_null();
    }
    auto date = parse_with(call, input, format, *zone);
    if (date.ok()) {
        return make_date(call.arena(), *date);
    }
    return call.has(kOnError) ? call.argument(kOnError)
                              : Result<ValueView>{std::move(date).error()};
}

}  // namespace plumb::query
