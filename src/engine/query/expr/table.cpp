// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/expr/forms.h"
#include "engine/query/expr/operators.h"
#include "engine/query/language.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace plumb::query {

namespace {

using Name = std::string_view;

// A list of just so many arguments.
constexpr OperatorRow exactly(std::int16_t count, Name name, RunFunction run, Name help) {
    return {.name = name,
            .parse = parse_positional,
            .run = run,
            .arguments_min = count,
            .arguments_max = count,
            .help = help};
}

constexpr OperatorRow between(
    std::int16_t min, std::int16_t max, Name name, RunFunction run, Name help) {
    return {.name = name,
            .parse = parse_positional,
            .run = run,
            .arguments_min = min,
            .arguments_max = max,
            .help = help};
}

constexpr OperatorRow any_number(Name name, RunFunction run, Name help) {
    return between(0, kManyArguments, name, run, help);
}

constexpr OperatorRow commutative(Name name, RunFunction run, Name help) {
    OperatorRow row = any_number(name, run, help);
    row.folding = Folding::Commutative;
    return row;
}

// A document of arguments by name.
constexpr OperatorRow named(
    Name name, RunFunction run, const NamedForm* form, PrepareFunction prepare, Name help) {
    return {.name = name,
            .parse = parse_named,
            .run = run,
            .form = form,
            .prepare = prepare,
            .help = help};
}

constexpr OperatorRow date_part(Name name, RunFunction run, Name help) {
    OperatorRow row = named(name, run, &kDatePartForm, prepare_part_zone, help);
    row.parse = parse_date_part;
    return row;
}

// A grammar of its own.
constexpr OperatorRow grammar(Name name, ParseFunction parse, RunFunction run, Name help) {
    return {.name = name, .parse = parse, .run = run, .help = help};
}

constexpr OperatorRow with_grammar(OperatorRow row, ParseFunction parse) {
    row.parse = parse;
    return row;
}

// Known, and an error.
constexpr OperatorRow refused(Name name, ParseFunction parse, Name help, Name why) {
    return {.name = name, .parse = parse, .help = help, .refused = why};
}

constexpr Name kNoTextIndexes = "plumbd has no text indexes";
constexpr Name kNoJavaScript = "plumbd has no JavaScript";

Result<ExpressionPtr> parse_refused(const OperatorRow& row,
                                    bson::ValueView /*spec*/,
                                    ParseScope& /*scope*/) {
    return fail(ErrorCode{168}, fmt::format("{} is not supported: {}", row.name, row.refused));
}

constexpr auto kOperators = std::to_array<OperatorRow>({
    exactly(1, "$abs", run_abs, "The absolute value of a number."),
    exactly(1, "$acos", run_acos, "The arc cosine, in radians."),
    exactly(1, "$acosh", run_acosh, "The inverse hyperbolic cosine."),
    commutative("$add", run_add, "The sum of numbers; a date plus milliseconds is a date."),
    exactly(1,
            "$allElementsTrue",
            run_all_elements_true,
            "Whether no element of an array is false, null, 0 or undefined."),
    any_number("$and", run_and, "Whether all arguments are true; stops at the first that is not."),
    exactly(1, "$anyElementTrue", run_any_element_true, "Whether an element of an array is true."),
    exactly(2,
            "$arrayElemAt",
            run_array_elem_at,
            "The element at a position, from the end if it is negative."),
    exactly(1, "$arrayToObject", run_array_to_object, "A document from an array of pairs."),
    exactly(1, "$asin", run_asin, "The arc sine, in radians."),
    exactly(1, "$asinh", run_asinh, "The inverse hyperbolic sine."),
    exactly(1, "$atan", run_atan, "The arc tangent, in radians."),
    exactly(2, "$atan2", run_atan2, "The arc tangent of y / x, in radians."),
    exactly(1, "$atanh", run_atanh, "The inverse hyperbolic tangent."),
    any_number(
        "$avg", run_avg, "The mean of the numbers among the arguments, or in the one array."),
    exactly(1, "$ceil", run_ceil, "The least integer that is not less."),
    exactly(2,
            "$cmp",
            run_cmp,
            "-1, 0 or 1, as the first value comes before, with or after the second."),
    any_number("$concat", run_concat, "Strings joined."),
    any_number("$concatArrays", run_concat_arrays, "Arrays joined."),
    with_grammar(exactly(3, "$cond", run_cond, "One of two values by a condition."), parse_cond),
    grammar("$const", parse_literal, nullptr, "A value as it is written; the same as $literal."),
    named("$convert",
          run_convert,
          &kConvertForm,
          nullptr,
          "A value of another type, with values for errors and null."),
    exactly(1, "$cos", run_cos, "The cosine of radians."),
    exactly(1, "$cosh", run_cosh, "The hyperbolic cosine."),
    named("$dateFromParts",
          run_date_from_parts,
          &kDateFromPartsForm,
          prepare_date_from_parts,
          "A date from year, month, day and so on, or ISO week parts."),
    named("$dateFromString",
          run_date_from_string,
          &kDateFromStringForm,
          prepare_string_zone,
          "A date from a string, by a format if there is one."),
    named("$dateToParts",
          run_date_to_parts,
          &kDateToPartsForm,
          prepare_part_zone,
          "The parts of a date as a document."),
    named("$dateToString",
          run_date_to_string,
          &kDateToStringForm,
          prepare_string_zone,
          "A date as a string, by a format."),
    date_part("$dayOfMonth", run_day_of_month, "The day of a date in its month, 1 to 31."),
    date_part("$dayOfWeek", run_day_of_week, "The day of a date in its week, 1 (Sunday) to 7."),
    date_part("$dayOfYear", run_day_of_year, "The day of a date in its year, 1 to 366."),
    exactly(1, "$degreesToRadians", run_degrees_to_radians, "Degrees in radians."),
    exactly(2, "$divide", run_divide, "The quotient of two numbers."),
    exactly(2, "$eq", run_eq, "Whether two values are equal."),
    exactly(1, "$exp", run_exp, "e to this power."),
    grammar("$filter", parse_filter, run_filter, "The elements of an array that meet a condition."),
    exactly(1, "$floor", run_floor, "The greatest integer that is not greater."),
    refused(
        "$function", parse_refused, "What a JavaScript function makes of values.", kNoJavaScript),
    exactly(2, "$gt", run_gt, "Whether the first value is greater."),
    exactly(2, "$gte", run_gte, "Whether the first value is greater or equal."),
    date_part("$hour", run_hour, "The hour of a date, 0 to 23."),
    exactly(
        2, "$ifNull", run_if_null, "The first value, or the second where that is null or missing."),
    exactly(2, "$in", run_in, "Whether a value is in an array."),
    between(2,
            4,
            "$indexOfArray",
            run_index_of_array,
            "The first position of a value in an array, -1 without one."),
    between(2,
            4,
            "$indexOfBytes",
            run_index_of_bytes,
            "The first position of a string in another, in bytes."),
    between(2,
            4,
            "$indexOfCP",
            run_index_of_cp,
            "The first position of a string in another, in code points."),
    exactly(1, "$isArray", run_is_array, "Whether a value is an array."),
    date_part("$isoDayOfWeek",
              run_iso_day_of_week,
              "The day of a date in its ISO week, 1 (Monday) to 7."),
    date_part("$isoWeek", run_iso_week, "The ISO week of a date, 1 to 53."),
    date_part(
        "$isoWeekYear", run_iso_week_year, "The year that the ISO week of a date belongs to."),
    grammar("$let", parse_let, run_let, "An expression with variables of its own."),
    grammar("$literal", parse_literal, nullptr, "A value as it is written, not an expression."),
    exactly(1, "$ln", run_ln, "The natural logarithm."),
    exactly(2, "$log", run_log, "The logarithm to a base."),
    exactly(1, "$log10", run_log10, "The logarithm to base 10."),
    exactly(2, "$lt", run_lt, "Whether the first value is less."),
    exactly(2, "$lte", run_lte, "Whether the first value is less or equal."),
    named("$ltrim",
          run_ltrim,
          &kTrimForm,
          nullptr,
          "A string without whitespace, or given characters, at its start."),
    grammar("$map", parse_map, run_map, "An array of what an expression makes of each element."),
    any_number(
        "$max", run_max, "The greatest of the arguments, or of the elements of the one array."),
    any_number("$mergeObjects", run_merge_objects, "Documents in one; the later ones win."),
    refused("$meta", parse_meta, "The score of a text search.", kNoTextIndexes),
    date_part("$millisecond", run_millisecond, "The millisecond of a date, 0 to 999."),
    any_number("$min", run_min, "The least of the arguments, or of the elements of the one array."),
    date_part("$minute", run_minute, "The minute of a date, 0 to 59."),
    exactly(2, "$mod", run_mod, "What is left of a division."),
    date_part("$month", run_month, "The month of a date, 1 to 12."),
    commutative("$multiply", run_multiply, "The product of numbers."),
    exactly(2, "$ne", run_ne, "Whether two values differ."),
    exactly(1, "$not", run_not, "The opposite of a truth value."),
    exactly(1,
            "$objectToArray",
            run_object_to_array,
            "The fields of a document as an array of {k, v}."),
    any_number("$or", run_or, "Whether an argument is true; stops at the first that is."),
    exactly(2, "$pow", run_pow, "A number to a power."),
    exactly(1, "$radiansToDegrees", run_radians_to_degrees, "Radians in degrees."),
    between(2, 3, "$range", run_range, "The integers from a start to before an end, by steps."),
    grammar("$reduce",
            parse_reduce,
            run_reduce,
            "A value made from the elements of an array one by one."),
    named("$regexFind",
          run_regex_find,
          &kRegexForm,
          prepare_regex,
          "The first match of a regular expression, with its captures."),
    named("$regexFindAll",
          run_regex_find_all,
          &kRegexForm,
          prepare_regex,
          "All matches of a regular expression."),
    named("$regexMatch",
          run_regex_match,
          &kRegexForm,
          prepare_regex,
          "Whether a regular expression matches."),
    exactly(1, "$reverseArray", run_reverse_array, "An array from its end to its start."),
    between(1, 2, "$round", run_round, "A number rounded to a place, halves to even."),
    named("$rtrim",
          run_rtrim,
          &kTrimForm,
          nullptr,
          "A string without whitespace, or given characters, at its end."),
    date_part("$second", run_second, "The second of a date, 0 to 60."),
    exactly(2,
            "$setDifference",
            run_set_difference,
            "The elements of the first array that are not in the second."),
    any_number("$setEquals", run_set_equals, "Whether arrays have the same elements."),
    any_number("$setIntersection", run_set_intersection, "The elements that are in all arrays."),
    exactly(2,
            "$setIsSubset",
            run_set_is_subset,
            "Whether all elements of the first array are in the second."),
    any_number(
        "$setUnion", run_set_union, "The elements that are in any of the arrays, each once."),
    exactly(1, "$sin", run_sin, "The sine of radians."),
    exactly(1, "$sinh", run_sinh, "The hyperbolic sine."),
    exactly(1, "$size", run_size, "The number of elements of an array."),
    between(2, 3, "$slice", run_slice, "A part of an array."),
    exactly(2, "$split", run_split, "The pieces of a string between separators."),
    exactly(1, "$sqrt", run_sqrt, "The square root."),
    any_number("$stdDevPop", run_std_dev_pop, "The standard deviation of a population."),
    any_number("$stdDevSamp", run_std_dev_samp, "The standard deviation of a sample."),
    exactly(1, "$strLenBytes", run_str_len_bytes, "The length of a string in bytes."),
    exactly(1, "$strLenCP", run_str_len_cp, "The length of a string in code points."),
    exactly(
        2, "$strcasecmp", run_strcasecmp, "-1, 0 or 1, as strings compare without regard to case."),
    exactly(3,
            "$substr",
            run_substr_bytes,
            "A part of a string in bytes; the old name of $substrBytes."),
    exactly(3, "$substrBytes", run_substr_bytes, "A part of a string in bytes."),
    exactly(3, "$substrCP", run_substr_cp, "A part of a string in code points."),
    exactly(2,
            "$subtract",
            run_subtract,
            "The difference of numbers, of dates, or of a date and milliseconds."),
    any_number("$sum", run_sum, "The sum of the numbers among the arguments, or in the one array."),
    grammar(
        "$switch", parse_switch, run_switch, "The value of the first branch whose case is true."),
    exactly(1, "$tan", run_tan, "The tangent of radians."),
    exactly(1, "$tanh", run_tanh, "The hyperbolic tangent."),
    exactly(1, "$toBool", run_to_bool, "A value as a boolean."),
    exactly(1, "$toDate", run_to_date, "A value as a date."),
    exactly(1, "$toDecimal", run_to_decimal, "A value as a decimal."),
    exactly(1, "$toDouble", run_to_double, "A value as a double."),
    exactly(1, "$toInt", run_to_int, "A value as a 32-bit integer."),
    exactly(1, "$toLong", run_to_long, "A value as a 64-bit integer."),
    exactly(1, "$toLower", run_to_lower, "A string in lower case (ASCII)."),
    exactly(1, "$toObjectId", run_to_object_id, "A string as an ObjectId."),
    exactly(1, "$toString", run_to_string, "A value as a string."),
    exactly(1, "$toUpper", run_to_upper, "A string in upper case (ASCII)."),
    named("$trim",
          run_trim,
          &kTrimForm,
          nullptr,
          "A string without whitespace, or given characters, at both ends."),
    between(1, 2, "$trunc", run_trunc, "A number cut to a place."),
    exactly(1, "$type", run_type, "The name of a value's type."),
    date_part("$week", run_week, "The week of a date in its year, 0 to 53."),
    date_part("$year", run_year, "The year of a date."),
    grammar("$zip",
            parse_zip,
            run_zip,
            "Arrays turned: an array of the first elements, of the second ones …"),
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

std::vector<LanguageEntry> expression_entries() {
    return entries_of(kOperators);
}

// There is no text search whose score it could tell.
Result<ExpressionPtr> parse_meta(const OperatorRow& /*row*/,
                                 bson::ValueView /*spec*/,
                                 ParseScope& /*scope*/) {
    return fail(ErrorCode{40218}, "$meta: plumbd has no text search, so there is no metadata");
}

}  // namespace plumb::query
