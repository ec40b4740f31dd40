// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/expr/forms.h"
#include "engine/query/expr/operators.h"

#include <algorithm>
#include <array>

namespace plumb::query {

namespace {

using Name = std::string_view;

// A list of just so many arguments.
constexpr OperatorRow exactly(std::int16_t count, Name name, RunFunction run) {
    return {.name = name,
            .parse = parse_positional,
            .run = run,
            .arguments_min = count,
            .arguments_max = count};
}

constexpr OperatorRow between(std::int16_t min, std::int16_t max, Name name, RunFunction run) {
    return {.name = name,
            .parse = parse_positional,
            .run = run,
            .arguments_min = min,
            .arguments_max = max};
}

constexpr OperatorRow any_number(Name name, RunFunction run) {
    return between(0, kManyArguments, name, run);
}

constexpr OperatorRow commutative(Name name, RunFunction run) {
    OperatorRow row = any_number(name, run);
    row.folding = Folding::Commutative;
    return row;
}

// A document of arguments by name.
constexpr OperatorRow named(Name name,
                            RunFunction run,
                            const NamedForm* form,
                            PrepareFunction prepare) {
    return {.name = name, .parse = parse_named, .run = run, .form = form, .prepare = prepare};
}

constexpr OperatorRow date_part(Name name, RunFunction run) {
    OperatorRow row = named(name, run, &kDatePartForm, prepare_part_zone);
    row.parse = parse_date_part;
    return row;
}

// A grammar of its own.
constexpr OperatorRow grammar(Name name,
                              ParseFunction parse,
                              RunFunction run,
                              std::int16_t count = 0) {
    return {
        .name = name, .parse = parse, .run = run, .arguments_min = count, .arguments_max = count};
}

constexpr auto kOperators = std::to_array<OperatorRow>({
    exactly(1, "$abs", run_abs),
    exactly(1, "$acos", run_acos),
    exactly(1, "$acosh", run_acosh),
    commutative("$add", run_add),
    exactly(1, "$allElementsTrue", run_all_elements_true),
    any_number("$and", run_and),
    exactly(1, "$anyElementTrue", run_any_element_true),
    exactly(2, "$arrayElemAt", run_array_elem_at),
    exactly(1, "$arrayToObject", run_array_to_object),
    exactly(1, "$asin", run_asin),
    exactly(1, "$asinh", run_asinh),
    exactly(1, "$atan", run_atan),
    exactly(2, "$atan2", run_atan2),
    exactly(1, "$atanh", run_atanh),
    any_number("$avg", run_avg),
    exactly(1, "$ceil", run_ceil),
    exactly(2, "$cmp", run_cmp),
    any_number("$concat", run_concat),
    any_number("$concatArrays", run_concat_arrays),
    grammar("$cond", parse_cond, run_cond, 3),
    grammar("$const", parse_literal, nullptr),
    named("$convert", run_convert, &kConvertForm, nullptr),
    exactly(1, "$cos", run_cos),
    exactly(1, "$cosh", run_cosh),
    named("$dateFromParts", run_date_from_parts, &kDateFromPartsForm, prepare_date_from_parts),
    named("$dateFromString", run_date_from_string, &kDateFromStringForm, prepare_string_zone),
    named("$dateToParts", run_date_to_parts, &kDateToPartsForm, prepare_part_zone),
    named("$dateToString", run_date_to_string, &kDateToStringForm, prepare_string_zone),
    date_part("$dayOfMonth", run_day_of_month),
    date_part("$dayOfWeek", run_day_of_week),
    date_part("$dayOfYear", run_day_of_year),
    exactly(1, "$degreesToRadians", run_degrees_to_radians),
    exactly(2, "$divide", run_divide),
    exactly(2, "$eq", run_eq),
    exactly(1, "$exp", run_exp),
    grammar("$filter", parse_filter, run_filter),
    exactly(1, "$floor", run_floor),
    exactly(2, "$gt", run_gt),
    exactly(2, "$gte", run_gte),
    date_part("$hour", run_hour),
    exactly(2, "$ifNull", run_if_null),
    exactly(2, "$in", run_in),
    between(2, 4, "$indexOfArray", run_index_of_array),
    between(2, 4, "$indexOfBytes", run_index_of_bytes),
    between(2, 4, "$indexOfCP", run_index_of_cp),
    exactly(1, "$isArray", run_is_array),
    date_part("$isoDayOfWeek", run_iso_day_of_week),
    date_part("$isoWeek", run_iso_week),
    date_part("$isoWeekYear", run_iso_week_year),
    grammar("$let", parse_let, run_let),
    grammar("$literal", parse_literal, nullptr),
    exactly(1, "$ln", run_ln),
    exactly(2, "$log", run_log),
    exactly(1, "$log10", run_log10),
    exactly(2, "$lt", run_lt),
    exactly(2, "$lte", run_lte),
    named("$ltrim", run_ltrim, &kTrimForm, nullptr),
    grammar("$map", parse_map, run_map),
    any_number("$max", run_max),
    any_number("$mergeObjects", run_merge_objects),
    grammar("$meta", parse_meta, nullptr),
    date_part("$millisecond", run_millisecond),
    any_number("$min", run_min),
    date_part("$minute", run_minute),
    exactly(2, "$mod", run_mod),
    date_part("$month", run_month),
    commutative("$multiply", run_multiply),
    exactly(2, "$ne", run_ne),
    exactly(1, "$not", run_not),
    exactly(1, "$objectToArray", run_object_to_array),
    any_number("$or", run_or),
    exactly(2, "$pow", run_pow),
    exactly(1, "$radiansToDegrees", run_radians_to_degrees),
    between(2, 3, "$range", run_range),
    grammar("$reduce", parse_reduce, run_reduce),
    named("$regexFind", run_regex_find, &kRegexForm, prepare_regex),
    named("$regexFindAll", run_regex_find_all, &kRegexForm, prepare_regex),
    named("$regexMatch", run_regex_match, &kRegexForm, prepare_regex),
    exactly(1, "$reverseArray", run_reverse_array),
    between(1, 2, "$round", run_round),
    named("$rtrim", run_rtrim, &kTrimForm, nullptr),
    date_part("$second", run_second),
    exactly(2, "$setDifference", run_set_difference),
    any_number("$setEquals", run_set_equals),
    any_number("$setIntersection", run_set_intersection),
    exactly(2, "$setIsSubset", run_set_is_subset),
    any_number("$setUnion", run_set_union),
    exactly(1, "$sin", run_sin),
    exactly(1, "$sinh", run_sinh),
    exactly(1, "$size", run_size),
    between(2, 3, "$slice", run_slice),
    exactly(2, "$split", run_split),
    exactly(1, "$sqrt", run_sqrt),
    any_number("$stdDevPop", run_std_dev_pop),
    any_number("$stdDevSamp", run_std_dev_samp),
    exactly(1, "$strLenBytes", run_str_len_bytes),
    exactly(1, "$strLenCP", run_str_len_cp),
    exactly(2, "$strcasecmp", run_strcasecmp),
    exactly(3, "$substr", run_substr_bytes),
    exactly(3, "$substrBytes", run_substr_bytes),
    exactly(3, "$substrCP", run_substr_cp),
    exactly(2, "$subtract", run_subtract),
    any_number("$sum", run_sum),
    grammar("$switch", parse_switch, run_switch),
    exactly(1, "$tan", run_tan),
    exactly(1, "$tanh", run_tanh),
    exactly(1, "$toBool", run_to_bool),
    exactly(1, "$toDate", run_to_date),
    exactly(1, "$toDecimal", run_to_decimal),
    exactly(1, "$toDouble", run_to_double),
    exactly(1, "$toInt", run_to_int),
    exactly(1, "$toLong", run_to_long),
    exactly(1, "$toLower", run_to_lower),
    exactly(1, "$toObjectId", run_to_object_id),
    exactly(1, "$toString", run_to_string),
    exactly(1, "$toUpper", run_to_upper),
    named("$trim", run_trim, &kTrimForm, nullptr),
    between(1, 2, "$trunc", run_trunc),
    exactly(1, "$type", run_type),
    date_part("$week", run_week),
    date_part("$year", run_year),
    grammar("$zip", parse_zip, run_zip),
});

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
