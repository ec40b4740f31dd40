// SPDX-License-Identifier: GPL-3.0-or-later
// $and, $or, $not.
#include "bson/number.h"
#include "engine/query/expr/operators.h"
#include "engine/query/expr/values.h"

namespace plumb::query {

using bson::ValueView;

Result<ValueView> run_and(const Call& call) {
    for (std::size_t index = 0; index < call.count(); ++index) {
        PLUMB_TRY(value, call.argument(index));
        if (!bson::truthy(value)) {
            return make_bool(false);
        }
    }
    return make_bool(true);
}

Result<ValueView> run_or(const Call& call) {
    for (std::size_t index = 0; index < call.count(); ++index) {
        PLUMB_TRY(value, call.argument(index));
        if (bson::truthy(value)) {
            return make_bool(true);
        }
    }
    return make_bool(false);
}

Result<ValueView> run_not(const Call& call) {
    PLUMB_TRY(value, call.argument(0));
    return make_bool(!bson::truthy(value));
}

}  // namespace plumb::query
