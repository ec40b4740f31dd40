// SPDX-License-Identifier: GPL-3.0-or-later
// $cmp, $eq, $ne, $gt, $gte, $lt, $lte: by the order of all values, so types never fail to compare.
#include "bson/compare.h"
#include "engine/query/expr/operators.h"
#include "engine/query/expr/values.h"

namespace plumb::query {

using bson::ValueView;

namespace {

Result<int> compare_arguments(const Call& call) {
    PLUMB_TRY(left, call.argument(0));
    PLUMB_TRY(right, call.argument(1));
    // A missing field is less than null here, although both sort alike elsewhere.
    if (left.missing() != right.missing()) {
        return left.missing() ? -1 : 1;
    }
    const int order = bson::compare(left, right);
    return (order > 0 ? 1 : 0) - (order < 0 ? 1 : 0);
}

}  // namespace

Result<ValueView> run_cmp(const Call& call) {
    PLUMB_TRY(order, compare_arguments(call));
    return make_int32(call.arena(), order);
}

Result<ValueView> run_eq(const Call& call) {
    PLUMB_TRY(order, compare_arguments(call));
    return make_bool(order == 0);
}

Result<ValueView> run_ne(const Call& call) {
    PLUMB_TRY(order, compare_arguments(call));
    return make_bool(order != 0);
}

Result<ValueView> run_gt(const Call& call) {
    PLUMB_TRY(order, compare_arguments(call));
    return make_bool(order > 0);
}

Result<ValueView> run_gte(const Call& call) {
    PLUMB_TRY(order, compare_arguments(call));
    return make_bool(order >= 0);
}

Result<ValueView> run_lt(const Call& call) {
    PLUMB_TRY(order, compare_arguments(call));
    return make_bool(order < 0);
}

Result<ValueView> run_lte(const Call& call) {
    PLUMB_TRY(order, compare_arguments(call));
    return make_bool(order <= 0);
}

}  // namespace plumb::query
