// SPDX-License-Identifier: GPL-3.0-or-later
// $year, $month, $dayOfMonth, $dayOfWeek, $dayOfYear, $hour, $minute, $second, $millisecond, $week,
// $isoWeek, $isoWeekYear, $isoDayOfWeek, $dateToParts.
#include "engine/query/date_calendar.h"
#include "engine/query/expr/date_arguments.h"
#include "engine/query/expr/operators.h"
#include "engine/query/expr/values.h"

namespace plumb::query {

using bson::Type;
using bson::ValueView;

namespace {

constexpr std::size_t kDate = 0;
constexpr std::size_t kZone = 1;

bool is_named(ValueView spec) {
    return spec.type() == Type::Document && !spec.as_document().empty() &&
           !spec.as_document().front().name.starts_with('$');
}

// The wall clock of the arguments; nothing if one is nullish.
Result<std::optional<CivilTime>> wall_clock(const Call& call) {
    std::optional<CivilTime> out;
    PLUMB_TRY(date, call.argument(kDate));
    if (date.nullish()) {
        return out;
    }
    PLUMB_TRY(zone, zone_argument(call, kZone));
    if (!zone) {
        return out;
    }
    PLUMB_TRY(ms, as_milliseconds(call, date));
    out = civil_from_ms(ms + (*zone != nullptr ? (*zone)->offset_at(ms) * 1000 : 0));
    return out;
}

Result<ValueView> part(const Call& call, int (*read)(const CivilTime&)) {
    PLUMB_TRY(time, wall_clock(call));
    return time ? make_int32(call.arena(), read(*time)) : make_null();
}

}  // namespace

// {$year: "$at"}, {$year: ["$at"]} and {$year: {date: "$at", timezone: …}} are the same operator.
Result<ExpressionPtr> parse_date_part(const OperatorRow& row, ValueView spec, ParseScope& scope) {
    if (is_named(spec) || (spec.type() == Type::Document && spec.as_document().empty())) {
        return parse_named(row, spec, scope);
    }
    ValueView date = spec;
    if (spec.type() == Type::Array) {
        if (spec.as_container().count() != 1) {
            return fail(ErrorCode{40536},
                        std::string{row.name} + " accepts exactly one argument if given an array");
        }
        date = spec.as_array().at(0);
    }
    std::vector<ExpressionPtr> arguments(row.form->arguments.size());
    PLUMB_TRY(expression, parse_expression(date, scope));
    arguments[kDate] = std::move(expression);
    return finish_operator(std::make_unique<OperatorExpression>(row, std::move(arguments)), scope);
}

Status prepare_part_zone(OperatorExpression& expression) {
    return prepare_zone(expression, kZone);
}

Result<ValueView> run_year(const Call& call) {
    return part(call, [](const CivilTime& time) { return static_cast<int>(time.year); });
}

Result<ValueView> run_month(const Call& call) {
    return part(call, [](const CivilTime& time) { return time.month; });
}

Result<ValueView> run_day_of_month(const Call& call) {
    return part(call, [](const CivilTime& time) { return time.day; });
}

Result<ValueView> run_day_of_week(const Call& call) {
    return part(call, [](const CivilTime& time) { return weekday(time) + 1; });
}

Result<ValueView> run_day_of_year(const Call& call) {
    return part(call, day_of_year);
}

Result<ValueView> run_hour(const Call& call) {
    return part(call, [](const CivilTime& time) { return time.hour; });
}

Result<ValueView> run_minute(const Call& call) {
    return part(call, [](const CivilTime& time) { return time.minute; });
}

Result<ValueView> run_second(const Call& call) {
    return part(call, [](const CivilTime& time) { return time.second; });
}

Result<ValueView> run_millisecond(const Call& call) {
    return part(call, [](const CivilTime& time) { return time.millisecond; });
}

Result<ValueView> run_week(const Call& call) {
    return part(call, week_of_year);
}

Result<ValueView> run_iso_week(const Call& call) {
    return part(call, [](const CivilTime& time) { return iso_week(time).week; });
}

Result<ValueView> run_iso_day_of_week(const Call& call) {
    return part(call, [](const CivilTime& time) { return iso_week(time).weekday; });
}

// The only part that is a long.
Result<ValueView> run_iso_week_year(const Call& call) {
    PLUMB_TRY(time, wall_clock(call));
    return time ? make_int64(call.arena(), iso_week(*time).year) : make_null();
}

Result<ValueView> run_date_to_parts(const Call& call) {
    constexpr std::size_t kIso = 2;
    PLUMB_TRY(time, wall_clock(call));
    PLUMB_TRY(iso, call.argument(kIso));
    if (!time || (call.has(kIso) && iso.nullish())) {
        return make_null();
    }
    if (call.has(kIso) && iso.type() != Type::Bool) {
        return wrong_type(call, 40521, iso);
    }
    Arena& arena = call.arena();
    const auto add = [&](DocumentWriter& to, std::string_view name, std::int64_t number) {
        to.append(name, make_int_or_long(arena, number));
    };
    DocumentWriter out{arena, 128};
    if (call.has(kIso) && iso.as_bool()) {
        const IsoWeek week = iso_week(*time);
        add(out, "isoWeekYear", week.year);
        add(out, "isoWeek", week.week);
        add(out, "isoDayOfWeek", week.weekday);
    } else {
        add(out, "year", time->year);
        add(out, "month", time->month);
        add(out, "day", time->day);
    }
    add(out, "hour", time->hour);
    add(out, "minute", time->minute);
    add(out, "second", time->second);
    add(out, "millisecond", time->millisecond);
    return out.finish();
}

}  // namespace plumb::query
