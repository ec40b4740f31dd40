// SPDX-License-Identifier: GPL-3.0-or-later
// The functions behind the table of operators, each in the file of its family.
//
// Source   MongoDB manual, "Aggregation Pipeline Operators"
#pragma once

#include "engine/query/expr/operator.h"

namespace plumb::query {

// Operators with a grammar of their own.
[[nodiscard]] Result<ExpressionPtr> parse_cond(const OperatorRow& row,
                                               bson::ValueView spec,
                                               ParseScope& scope);
[[nodiscard]] Result<ExpressionPtr> parse_date_part(const OperatorRow& row,
                                                    bson::ValueView spec,
                                                    ParseScope& scope);
[[nodiscard]] Result<ExpressionPtr> parse_filter(const OperatorRow& row,
                                                 bson::ValueView spec,
                                                 ParseScope& scope);
[[nodiscard]] Result<ExpressionPtr> parse_let(const OperatorRow& row,
                                              bson::ValueView spec,
                                              ParseScope& scope);
[[nodiscard]] Result<ExpressionPtr> parse_literal(const OperatorRow& row,
                                                  bson::ValueView spec,
                                                  ParseScope& scope);
[[nodiscard]] Result<ExpressionPtr> parse_map(const OperatorRow& row,
                                              bson::ValueView spec,
                                              ParseScope& scope);
[[nodiscard]] Result<ExpressionPtr> parse_meta(const OperatorRow& row,
                                               bson::ValueView spec,
                                               ParseScope& scope);
[[nodiscard]] Result<ExpressionPtr> parse_reduce(const OperatorRow& row,
                                                 bson::ValueView spec,
                                                 ParseScope& scope);
[[nodiscard]] Result<ExpressionPtr> parse_switch(const OperatorRow& row,
                                                 bson::ValueView spec,
                                                 ParseScope& scope);
[[nodiscard]] Result<ExpressionPtr> parse_zip(const OperatorRow& row,
                                              bson::ValueView spec,
                                              ParseScope& scope);

// What is done once while parsing.
[[nodiscard]] Status prepare_date_from_parts(OperatorExpression& expression);
[[nodiscard]] Status prepare_part_zone(OperatorExpression& expression);
[[nodiscard]] Status prepare_regex(OperatorExpression& expression);
[[nodiscard]] Status prepare_string_zone(OperatorExpression& expression);

// What is done for each document.
[[nodiscard]] Result<bson::ValueView> run_abs(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_acos(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_acosh(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_add(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_all_elements_true(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_and(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_any_element_true(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_array_elem_at(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_array_to_object(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_asin(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_asinh(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_atan(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_atan2(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_atanh(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_avg(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_ceil(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_cmp(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_concat(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_concat_arrays(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_cond(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_convert(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_cos(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_cosh(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_date_from_parts(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_date_from_string(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_date_to_parts(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_date_to_string(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_day_of_month(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_day_of_week(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_day_of_year(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_degrees_to_radians(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_divide(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_eq(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_exp(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_filter(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_floor(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_gt(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_gte(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_hour(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_if_null(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_in(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_index_of_array(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_index_of_bytes(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_index_of_cp(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_is_array(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_iso_day_of_week(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_iso_week(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_iso_week_year(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_let(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_ln(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_log(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_log10(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_lt(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_lte(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_ltrim(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_map(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_max(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_merge_objects(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_millisecond(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_min(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_minute(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_mod(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_month(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_multiply(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_ne(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_not(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_object_to_array(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_or(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_pow(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_radians_to_degrees(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_range(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_reduce(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_regex_find(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_regex_find_all(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_regex_match(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_reverse_array(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_round(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_rtrim(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_second(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_set_difference(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_set_equals(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_set_intersection(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_set_is_subset(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_set_union(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_sin(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_sinh(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_size(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_slice(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_split(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_sqrt(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_std_dev_pop(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_std_dev_samp(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_str_len_bytes(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_str_len_cp(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_strcasecmp(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_substr_bytes(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_substr_cp(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_subtract(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_sum(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_switch(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_tan(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_tanh(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_to_bool(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_to_date(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_to_decimal(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_to_double(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_to_int(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_to_long(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_to_lower(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_to_object_id(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_to_string(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_to_upper(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_trim(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_trunc(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_type(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_week(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_year(const Call& call);
[[nodiscard]] Result<bson::ValueView> run_zip(const Call& call);

}  // namespace plumb::query
