// SPDX-License-Identifier: GPL-3.0-or-later
// $dateFromParts: a date from year, month … or from ISO year, week …, whose parts may carry.
#include "bson/number.h"
#include "engine/query/date_calendar.h"
#include "engine/query/expr/date_arguments.h"
#include "engine/query/expr/operators.h"
#include "engine/query/expr/values.h"

#include <array>
#include <limits>

namespace plumb::query {

using bson::ValueView;

namespace {

enum Part : std::size_t {
    kYear,
    kMonth,
    kDay,
    kHour,
    kMinute,
    kSecond,
    kMillisecond,
    kIsoYear,
    kIsoWeek,
    kIsoDay,
    kZone,
};

// A part as a number; nothing if it is nullish.
Result<std::optional<std::int64_t>> read_part(const Call& call, Part part, std::int64_t otherwise) {
    std::optional<std::int64_t> out{otherwise};
    if (!call.has(part)) {
        return out;
    }
    PLUMB_TRY(value, call.argument(part));
    if (value.nullish()) {
        return std::optional<std::int64_t>{};
    }
    out = value.is_number() ? bson::to_exact_int64(value) : std::nullopt;
    if (!out) {
        return operator_error(call, 40515, "every part must evaluate to an integer");
    }
    const bool is_year = part == kYear || part == kIsoYear;
    if (is_year && (*out < 0 || *out > 9999)) {
        return operator_error(call, part == kYear ? 40523 : 31095, "a year lies in 0 to 9999");
    }
    using Limits = std::numeric_limits<std::int16_t>;
    const bool is_small = part == kMonth || part == kDay || part == kIsoWeek || part == kIsoDay ||
                          part == kHour || part == kMinute;
    if (is_small && (*out < Limits::min() || *out > Limits::max())) {
        return operator_error(call, 31034, "a part must lie in -32768 to 32767");
    }
    return out;
}

// The first day, in days since the epoch; nothing if a part is nullish.
Result<std::optional<std::int64_t>> read_day(const Call& call) {
    std::optional<std::int64_t> out;
    const bool iso = call.has(kIsoYear);
    PLUMB_TRY(year, read_part(call, iso ? kIsoYear : kYear, 1970));
    PLUMB_TRY(middle, read_part(call, iso ? kIsoWeek : kMonth, 1));
    PLUMB_TRY(day, read_part(call, iso ? kIsoDay : kDay, 1));
    if (!year || !middle || !day) {
        return out;
    }
    if (iso) {
        out = days_from_iso_week({*year, static_cast<int>(*middle), static_cast<int>(*day)});
        return out;
    }
    // Months carry into years: month 14 is February of the next year, month 0 the last December.
    const std::int64_t months = *year * 12 + *middle - 1;
    const std::int64_t month = (months % 12 + 12) % 12;
    out = days_from_civil((months - month) / 12, static_cast<int>(month) + 1, 1) + *day - 1;
    return out;
}

}  // namespace

Status prepare_date_from_parts(OperatorExpression& expression) {
    const auto has = [&](Part part) { return expression.arguments()[part] != nullptr; };
    if (!has(kYear) && !has(kIsoYear)) {
        return fail(ErrorCode{40516},
                    "$dateFromParts requires either 'year' or 'isoWeekYear' to be present");
    }
    if (has(kYear) && (has(kIsoYear) || has(kIsoWeek) || has(kIsoDay))) {
        return fail(ErrorCode{40489},
                    "$dateFromParts does not allow mixing natural dates with ISO dates");
    }
    if (has(kIsoYear) && (has(kMonth) || has(kDay))) {
        return fail(ErrorCode{40525},
                    "$dateFromParts does not allow mixing ISO dates with natural dates");
    }
    return prepare_zone(expression, kZone);
}

Result<ValueView> run_date_from_parts(const Call& call) {
    PLUMB_TRY(zone, zone_argument(call, kZone));
    PLUMB_TRY(day, read_day(call));
    constexpr std::array kClock{std::pair{kHour, std::int64_t{3'600'000}},
                                std::pair{kMinute, std::int64_t{60'000}},
                                std::pair{kSecond, std::int64_t{1000}},
                                std::pair{kMillisecond, std::int64_t{1}}};
    std::int64_t clock_ms = 0;
    bool nullish = !zone || !day;
    for (const auto& [part, unit_ms] : kClock) {
        PLUMB_TRY(number, read_part(call, part, 0));
        nullish = nullish || !number;
        std::int64_t part_ms = 0;
        if (__builtin_mul_overflow(number.value_or(0), unit_ms, &part_ms) ||
            __builtin_add_overflow(clock_ms, part_ms, &clock_ms)) {
            return operator_error(call, 31034, "a part is too large for a date");
        }
    }
    if (nullish) {
        return make_null();
    }
    std::int64_t ms = 0;
    if (__builtin_add_overflow(*day * kMillisecondsPerDay, clock_ms, &ms)) {
        return operator_error(call, 31034, "a part is too large for a date");
    }
    return make_date(call.arena(), {*zone != nullptr ? (*zone)->to_utc(ms) : ms});
}

}  // namespace plumb::query
