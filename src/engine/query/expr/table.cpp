// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>

#include "engine/query/expr/forms.h"
#include "engine/query/expr/operators.h"

namespace plumb::query {

namespace {

// clang-format off
constexpr auto kOperators = std::to_array<OperatorRow>({
    {.name = "$abs", .parse = parse_positional, .run = run_abs, .arguments_min = 1, .arguments_max = 1},
    {.name = "$acos", .parse = parse_positional, .run = run_acos, .arguments_min = 1, .arguments_max = 1},
    {.name = "$acosh", .parse = parse_positional, .run = run_acosh, .arguments_min = 1, .arguments_max = 1},
    {.name = "$add", .parse = parse_positional, .run = run_add, .arguments_max = kManyArguments, .folding = Folding::Commutative},
    {.name = "$allElementsTrue", .parse = parse_positional, .run = run_all_elements_true, .arguments_min = 1, .arguments_max = 1},
    {.name = "$and", .parse = parse_positional, .run = run_and, .arguments_max = kManyArguments},
    {.name = "$anyElementTrue", .parse = parse_positional, .run = run_any_element_true, .arguments_min = 1, .arguments_max = 1},
    {.name = "$arrayElemAt", .parse = parse_positional, .run = run_array_elem_at, .arguments_min = 2, .arguments_max = 2},
    {.name = "$arrayToObject", .parse = parse_positional, .run = run_array_to_object, .arguments_min = 1, .arguments_max = 1},
    {.name = "$asin", .parse = parse_positional, .run = run_asin, .arguments_min = 1, .arguments_max = 1},
    {.name = "$asinh", .parse = parse_positional, .run = run_asinh, .arguments_min = 1, .arguments_max = 1},
    {.name = "$atan", .parse = parse_positional, .run = run_atan, .arguments_min = 1, .arguments_max = 1},
    {.name = "$atan2", .parse = parse_positional, .run = run_atan2, .arguments_min = 2, .arguments_max = 2},
    {.name = "$atanh", .parse = parse_positional, .run = run_atanh, .arguments_min = 1, .arguments_max = 1},
    {.name = "$avg", .parse = parse_positional, .run = run_avg, .arguments_max = kManyArguments},
    {.name = "$ceil", .parse = parse_positional, .run = run_ceil, .arguments_min = 1, .arguments_max = 1},
    {.name = "$cmp", .parse = parse_positional, .run = run_cmp, .arguments_min = 2, .arguments_max = 2},
    {.name = "$concat", .parse = parse_positional, .run = run_concat, .arguments_max = kManyArguments},
    {.name = "$concatArrays", .parse = parse_positional, .run = run_concat_arrays, .arguments_max = kManyArguments},
    {.name = "$cond", .parse = parse_cond, .run = run_cond, .arguments_min = 3, .arguments_max = 3},
    {.name = "$const", .parse = parse_literal},
    {.name = "$convert", .parse = parse_named, .run = run_convert, .form = &kConvertForm},
    {.name = "$cos", .parse = parse_positional, .run = run_cos, .arguments_min = 1, .arguments_max = 1},
    {.name = "$cosh", .parse = parse_positional, .run = run_cosh, .arguments_min = 1, .arguments_max = 1},
    {.name = "$dateFromParts", .parse = parse_named, .run = run_date_from_parts, .form = &kDateFromPartsForm, .prepare = prepare_date_from_parts},
    {.name = "$dateFromString", .parse = parse_named, .run = run_date_from_string, .form = &kDateFromStringForm, .prepare = prepare_string_zone},
    {.name = "$dateToParts", .parse = parse_named, .run = run_date_to_parts, .form = &kDateToPartsForm, .prepare = prepare_part_zone},
    {.name = "$dateToString", .parse = parse_named, .run = run_date_to_string, .form = &kDateToStringForm, .prepare = prepare_string_zone},
    {.name = "$dayOfMonth", .parse = parse_date_part, .run = run_day_of_month, .form = &kDatePartForm, .prepare = prepare_part_zone},
    {.name = "$dayOfWeek", .parse = parse_date_part, .run = run_day_of_week, .form = &kDatePartForm, .prepare = prepare_part_zone},
    {.name = "$dayOfYear", .parse = parse_date_part, .run = run_day_of_year, .form = &kDatePartForm, .prepare = prepare_part_zone},
    {.name = "$degreesToRadians", .parse = parse_positional, .run = run_degrees_to_radians, .arguments_min = 1, .arguments_max = 1},
    {.name = "$divide", .parse = parse_positional, .run = run_divide, .arguments_min = 2, .arguments_max = 2},
    {.name = "$eq", .parse = parse_positional, .run = run_eq, .arguments_min = 2, .arguments_max = 2},
    {.name = "$exp", .parse = parse_positional, .run = run_exp, .arguments_min = 1, .arguments_max = 1},
    {.name = "$filter", .parse = parse_filter, .run = run_filter},
    {.name = "$floor", .parse = parse_positional, .run = run_floor, .arguments_min = 1, .arguments_max = 1},
    {.name = "$gt", .parse = parse_positional, .run = run_gt, .arguments_min = 2, .arguments_max = 2},
    {.name = "$gte", .parse = parse_positional, .run = run_gte, .arguments_min = 2, .arguments_max = 2},
    {.name = "$hour", .parse = parse_date_part, .run = run_hour, .form = &kDatePartForm, .prepare = prepare_part_zone},
    {.name = "$ifNull", .parse = parse_positional, .run = run_if_null, .arguments_min = 2, .arguments_max = 2},
    {.name = "$in", .parse = parse_positional, .run = run_in, .arguments_min = 2, .arguments_max = 2},
    {.name = "$indexOfArray", .parse = parse_positional, .run = run_index_of_array, .arguments_min = 2, .arguments_max = 4},
    {.name = "$indexOfBytes", .parse = parse_positional, .run = run_index_of_bytes, .arguments_min = 2, .arguments_max = 4},
    {.name = "$indexOfCP", .parse = parse_positional, .run = run_index_of_cp, .arguments_min = 2, .arguments_max = 4},
    {.name = "$isArray", .parse = parse_positional, .run = run_is_array, .arguments_min = 1, .arguments_max = 1},
    {.name = "$isoDayOfWeek", .parse = parse_date_part, .run = run_iso_day_of_week, .form = &kDatePartForm, .prepare = prepare_part_zone},
    {.name = "$isoWeek", .parse = parse_date_part, .run = run_iso_week, .form = &kDatePartForm, .prepare = prepare_part_zone},
    {.name = "$isoWeekYear", .parse = parse_date_part, .run = run_iso_week_year, .form = &kDatePartForm, .prepare = prepare_part_zone},
    {.name = "$let", .parse = parse_let, .run = run_let},
    {.name = "$literal", .parse = parse_literal},
    {.name = "$ln", .parse = parse_positional, .run = run_ln, .arguments_min = 1, .arguments_max = 1},
    {.name = "$log", .parse = parse_positional, .run = run_log, .arguments_min = 2, .arguments_max = 2},
    {.name = "$log10", .parse = parse_positional, .run = run_log10, .arguments_min = 1, .arguments_max = 1},
    {.name = "$lt", .parse = parse_positional, .run = run_lt, .arguments_min = 2, .arguments_max = 2},
    {.name = "$lte", .parse = parse_positional, .run = run_lte, .arguments_min = 2, .arguments_max = 2},
    {.name = "$ltrim", .parse = parse_named, .run = run_ltrim, .form = &kTrimForm},
    {.name = "$map", .parse = parse_map, .run = run_map},
    {.name = "$max", .parse = parse_positional, .run = run_max, .arguments_max = kManyArguments},
    {.name = "$mergeObjects", .parse = parse_positional, .run = run_merge_objects, .arguments_max = kManyArguments},
    {.name = "$meta", .parse = parse_meta},
    {.name = "$millisecond", .parse = parse_date_part, .run = run_millisecond, .form = &kDatePartForm, .prepare = prepare_part_zone},
    {.name = "$min", .parse = parse_positional, .run = run_min, .arguments_max = kManyArguments},
    {.name = "$minute", .parse = parse_date_part, .run = run_minute, .form = &kDatePartForm, .prepare = prepare_part_zone},
    {.name = "$mod", .parse = parse_positional, .run = run_mod, .arguments_min = 2, .arguments_max = 2},
    {.name = "$month", .parse = parse_date_part, .run = run_month, .form = &kDatePartForm, .prepare = prepare_part_zone},
    {.name = "$multiply", .parse = parse_positional, .run = run_multiply, .arguments_max = kManyArguments, .folding = Folding::Commutative},
    {.name = "$ne", .parse = parse_positional, .run = run_ne, .arguments_min = 2, .arguments_max = 2},
    {.name = "$not", .parse = parse_positional, .run = run_not, .arguments_min = 1, .arguments_max = 1},
    {.name = "$objectToArray", .parse = parse_positional, .run = run_object_to_array, .arguments_min = 1, .arguments_max = 1},
    {.name = "$or", .parse = parse_positional, .run = run_or, .arguments_max = kManyArguments},
    {.name = "$pow", .parse = parse_positional, .run = run_pow, .arguments_min = 2, .arguments_max = 2},
    {.name = "$radiansToDegrees", .parse = parse_positional, .run = run_radians_to_degrees, .arguments_min = 1, .arguments_max = 1},
    {.name = "$range", .parse = parse_positional, .run = run_range, .arguments_min = 2, .arguments_max = 3},
    {.name = "$reduce", .parse = parse_reduce, .run = run_reduce},
    {.name = "$regexFind", .parse = parse_named, .run = run_regex_find, .form = &kRegexForm, .prepare = prepare_regex},
    {.name = "$regexFindAll", .parse = parse_named, .run = run_regex_find_all, .form = &kRegexForm, .prepare = prepare_regex},
    {.name = "$regexMatch", .parse = parse_named, .run = run_regex_match, .form = &kRegexForm, .prepare = prepare_regex},
    {.name = "$reverseArray", .parse = parse_positional, .run = run_reverse_array, .arguments_min = 1, .arguments_max = 1},
    {.name = "$round", .parse = parse_positional, .run = run_round, .arguments_min = 1, .arguments_max = 2},
    {.name = "$rtrim", .parse = parse_named, .run = run_rtrim, .form = &kTrimForm},
    {.name = "$second", .parse = parse_date_part, .run = run_second, .form = &kDatePartForm, .prepare = prepare_part_zone},
    {.name = "$setDifference", .parse = parse_positional, .run = run_set_difference, .arguments_min = 2, .arguments_max = 2},
    {.name = "$setEquals", .parse = parse_positional, .run = run_set_equals, .arguments_max = kManyArguments},
    {.name = "$setIntersection", .parse = parse_positional, .run = run_set_intersection, .arguments_max = kManyArguments},
    {.name = "$setIsSubset", .parse = parse_positional, .run = run_set_is_subset, .arguments_min = 2, .arguments_max = 2},
    {.name = "$setUnion", .parse = parse_positional, .run = run_set_union, .arguments_max = kManyArguments},
    {.name = "$sin", .parse = parse_positional, .run = run_sin, .arguments_min = 1, .arguments_max = 1},
    {.name = "$sinh", .parse = parse_positional, .run = run_sinh, .arguments_min = 1, .arguments_max = 1},
    {.name = "$size", .parse = parse_positional, .run = run_size, .arguments_min = 1, .arguments_max = 1},
    {.name = "$slice", .parse = parse_positional, .run = run_slice, .arguments_min = 2, .arguments_max = 3},
    {.name = "$split", .parse = parse_positional, .run = run_split, .arguments_min = 2, .arguments_max = 2},
    {.name = "$sqrt", .parse = parse_positional, .run = run_sqrt, .arguments_min = 1, .arguments_max = 1},
    {.name = "$stdDevPop", .parse = parse_positional, .run = run_std_dev_pop, .arguments_max = kManyArguments},
    {.name = "$stdDevSamp", .parse = parse_positional, .run = run_std_dev_samp, .arguments_max = kManyArguments},
    {.name = "$strLenBytes", .parse = parse_positional, .run = run_str_len_bytes, .arguments_min = 1, .arguments_max = 1},
    {.name = "$strLenCP", .parse = parse_positional, .run = run_str_len_cp, .arguments_min = 1, .arguments_max = 1},
    {.name = "$strcasecmp", .parse = parse_positional, .run = run_strcasecmp, .arguments_min = 2, .arguments_max = 2},
    {.name = "$substr", .parse = parse_positional, .run = run_substr_bytes, .arguments_min = 3, .arguments_max = 3},
    {.name = "$substrBytes", .parse = parse_positional, .run = run_substr_bytes, .arguments_min = 3, .arguments_max = 3},
    {.name = "$substrCP", .parse = parse_positional, .run = run_substr_cp, .arguments_min = 3, .arguments_max = 3},
    {.name = "$subtract", .parse = parse_positional, .run = run_subtract, .arguments_min = 2, .arguments_max = 2},
    {.name = "$sum", .parse = parse_positional, .run = run_sum, .arguments_max = kManyArguments},
    {.name = "$switch", .parse = parse_switch, .run = run_switch},
    {.name = "$tan", .parse = parse_positional, .run = run_tan, .arguments_min = 1, .arguments_max = 1},
    {.name = "$tanh", .parse = parse_positional, .run = run_tanh, .arguments_min = 1, .arguments_max = 1},
    {.name = "$toBool", .parse = parse_positional, .run = run_to_bool, .arguments_min = 1, .arguments_max = 1},
    {.name = "$toDate", .parse = parse_positional, .run = run_to_date, .arguments_min = 1, .arguments_max = 1},
    {.name = "$toDecimal", .parse = parse_positional, .run = run_to_decimal, .arguments_min = 1, .arguments_max = 1},
    {.name = "$toDouble", .parse = parse_positional, .run = run_to_double, .arguments_min = 1, .arguments_max = 1},
    {.name = "$toInt", .parse = parse_positional, .run = run_to_int, .arguments_min = 1, .arguments_max = 1},
    {.name = "$toLong", .parse = parse_positional, .run = run_to_long, .arguments_min = 1, .arguments_max = 1},
    {.name = "$toLower", .parse = parse_positional, .run = run_to_lower, .arguments_min = 1, .arguments_max = 1},
    {.name = "$toObjectId", .parse = parse_positional, .run = run_to_object_id, .arguments_min = 1, .arguments_max = 1},
    {.name = "$toString", .parse = parse_positional, .run = run_to_string, .arguments_min = 1, .arguments_max = 1},
    {.name = "$toUpper", .parse = parse_positional, .run = run_to_upper, .arguments_min = 1, .arguments_max = 1},
    {.name = "$trim", .parse = parse_named, .run = run_trim, .form = &kTrimForm},
    {.name = "$trunc", .parse = parse_positional, .run = run_trunc, .arguments_min = 1, .arguments_max = 2},
    {.name = "$type", .parse = parse_positional, .run = run_type, .arguments_min = 1, .arguments_max = 1},
    {.name = "$week", .parse = parse_date_part, .run = run_week, .form = &kDatePartForm, .prepare = prepare_part_zone},
    {.name = "$year", .parse = parse_date_part, .run = run_year, .form = &kDatePartForm, .prepare = prepare_part_zone},
    {.name = "$zip", .parse = parse_zip, .run = run_zip},
});
// clang-format on

constexpr bool by_name(const OperatorRow& a, const OperatorRow& b) {
    return a.name < b.name;
}

static_assert(std::is_sorted(kOperators.begin(), kOperators.end(), by_name));

}  // namespace

const OperatorRow* find_operator(std::string_view name) {
    const auto* const found = std::lower_bound(
        kOperators.begin(),
        kOperators.end(),
        name,
        [](const OperatorRow& row, std::string_view wanted) { return row.name < wanted; });
    return found != kOperators.end() && found->name == name ? found : nullptr;
}

std::span<const OperatorRow> all_operators() {
    return kOperators;
}

// There is no text search whose score it could tell.
Result<ExpressionPtr> parse_meta(const OperatorRow& /*row*/,
                                 bson::ValueView /*spec*/,
                                 ParseScope& /*scope*/) {
    return fail(ErrorCode{40218}, "$meta: plumbd has no text search, so there is no metadata");
}

}  // namespace plumb::query
