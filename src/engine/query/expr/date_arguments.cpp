// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/expr/date_arguments.h"

namespace plumb::query {

using bson::Type;
using bson::ValueView;

Result<std::int64_t> as_milliseconds(const Call& call, ValueView value) {
    switch (value.type()) {
        case Type::Date:
            return value.as_date().ms;
        case Type::Timestamp:
            return std::int64_t{value.as_timestamp().seconds} * 1000;
        case Type::ObjectId:
            // The seconds of an ObjectId are signed where a date is made of them.
            return std::int64_t{static_cast<std::int32_t>(value.as_object_id().seconds())} * 1000;
        default:
            return wrong_type(call, 16006, value);
    }
}

Status prepare_zone(OperatorExpression& expression, std::size_t index) {
    auto prepared = std::make_unique<PreparedZone>();
    const auto name = expression.constant_argument(index);
    if (name && name->type() == Type::String) {
        PLUMB_TRY(zone, TimeZone::find(name->as_string()));
        prepared->constant = std::move(zone);
    }
    expression.set_prepared(std::move(prepared));
    return {};
}

Result<std::optional<const TimeZone*>> zone_argument(const Call& call, std::size_t index) {
    std::optional<const TimeZone*> out{nullptr};
    if (!call.has(index)) {
        return out;
    }
    const auto& prepared = static_cast<const PreparedZone&>(*call.prepared());
    if (prepared.constant) {
        out = prepared.constant.get();
        return out;
    }
    PLUMB_TRY(name, call.argument(index));
    if (name.nullish()) {
        return std::optional<const TimeZone*>{};
    }
    if (name.type() != Type::String) {
        return wrong_type(call, 40533, name);
    }
    PLUMB_TRY(zone, prepared.others.find(name.as_string()));
    out = zone;
    return out;
}

}  // namespace plumb::query
