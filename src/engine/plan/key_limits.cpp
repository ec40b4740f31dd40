// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/key_limits.h"

#include "bson/builder.h"
#include "bson/compare.h"

namespace plumb::plan {
namespace {

bool names_fields(const storage::IndexState& index, bson::View limits) {
    auto field = index.pattern.fields().begin();
    for (const bson::Element& each : limits) {
        if (field == index.pattern.fields().end() || field->path.dotted() != each.name) {
            return false;
        }
        ++field;
    }
    return field == index.pattern.fields().end();
}

// Less than zero if key `a` comes first in the index.
int compare_keys(const storage::IndexState& index, bson::View a, bson::View b) {
    auto left = a.begin();
    auto right = b.begin();
    for (const bson::KeyField& field : index.pattern.fields()) {
        const int order = bson::compare(left->value, right->value);
        if (order != 0) {
            return field.order == bson::Order::Descending ? -order : order;
        }
        ++left;
        ++right;
    }
    return 0;
}

bson::Document end_of_index(const storage::IndexState& index, bool last) {
    bson::Builder out;
    for (const bson::KeyField& field : index.pattern.fields()) {
        const bool greatest = (field.order == bson::Order::Descending) != last;
        out.append(field.path.dotted(), greatest ? bson::Value::max_key() : bson::Value::min_key());
    }
    return out.finish();
}

}  // namespace

Result<KeyRange> key_limits(const storage::IndexState& index,
                            const std::optional<bson::Document>& min,
                            const std::optional<bson::Document>& max) {
    if ((min && !names_fields(index, *min)) || (max && !names_fields(index, *max))) {
        return fail(ErrorCode{51174},
                    "the fields of min and max must be those of the hinted index, in its order");
    }
    KeyRange out{.start = min ? *min : end_of_index(index, false),
                 .end = max ? *max : end_of_index(index, true),
                 .start_inclusive = true,
                 .end_inclusive = !max};
    if (min && max && compare_keys(index, out.start, out.end) >= 0) {
        return fail(ErrorCode{51175}, "max must be greater than min");
    }
    return out;
}

}  // namespace plumb::plan
