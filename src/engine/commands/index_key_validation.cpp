// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/limits.h"
#include "bson/json.h"
#include "bson/number.h"
#include "engine/commands/index_validation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace plumb::commands {

namespace {

Error refuse(std::string message) {
    return fail(ErrorCode::CannotCreateIndex, std::move(message));
}

// Kinds of keys that MongoDB has and plumbd has not.
constexpr auto kElsewhere =
    std::to_array<std::string_view>({"2d", "2dsphere", "geoHaystack", "text"});

Status check_kind(std::string_view kind, bson::View key) {
    if (kind.empty()) {
        return refuse("Values in the index key pattern cannot be empty strings");
    }
    if (std::ranges::find(kElsewhere, kind) != kElsewhere.end()) {
        return refuse(fmt::format("plumbd has no '{}' indexes; use a MongoDB deployment for {}",
                                  kind,
                                  bson::to_json(key)));
    }
    if (kind != "hashed") {
        return refuse(fmt::format("Unknown index plugin '{}'", kind));
    }
    return {};
}

Status check_order(bson::ValueView order, bson::View key) {
    if (order.type() == bson::Type::String) {
        return check_kind(order.as_string(), key);
    }
    if (!order.is_number()) {
        return refuse(
            fmt::format("Values in v:2 index key pattern cannot be of type {}. Only numbers > 0, "
                        "numbers < 0, and strings are allowed.",
                        bson::type_name(order.type())));
    }
    const double number = bson::to_double(order);
    if (std::isnan(number)) {
        return refuse("Values in the index key pattern cannot be NaN.");
    }
    if (number == 0) {
        return refuse("Values in the index key pattern cannot be 0.");
    }
    return {};
}

// The names of a DBRef may stand behind another name.
bool is_reference_part(std::string_view part) {
    return part == "$ref" || part == "$id" || part == "$db";
}

Status check_name(std::string_view name) {
    if (name.empty()) {
        return refuse("Index keys cannot be an empty field.");
    }
    if (name == "$**" || name.ends_with(".$**")) {
        return refuse("plumbd has no wildcard indexes; name the fields");
    }
    std::size_t from = 0;
    while (from <= name.size()) {
        const std::size_t dot = std::min(name.find('.', from), name.size());
        const std::string_view part = name.substr(from, dot - from);
        if (part.empty()) {
            return refuse("Index keys cannot contain an empty field.");
        }
        if (part.front() == '$' && (from == 0 || !is_reference_part(part))) {
            return refuse("Index key contains an illegal field name: field name starts with '$'.");
        }
        from = dot + 1;
    }
    return {};
}

}  // namespace

Status check_index_key(bson::View key) {
    const std::size_t fields = key.count();
    if (fields == 0) {
        return refuse("Index keys cannot be empty.");
    }
    if (fields > std::size_t{kIndexFieldsMax}) {
        return refuse(fmt::format("Index key pattern has {} fields, but at most {} are allowed",
                                  fields,
                                  kIndexFieldsMax));
    }
    std::set<std::string_view> names;
    for (const bson::Element& field : key) {
        if (!names.insert(field.name).second) {
            return fail(ErrorCode::BadValue,
                        fmt::format("The field '{}' appears multiple times in the index key "
                                    "pattern {}",
                                    field.name,
                                    bson::to_json(key)));
        }
    }
    bool hashed = false;
    for (const bson::Element& field : key) {
        PLUMB_CHECK(check_order(field.value, key));
        PLUMB_CHECK(check_name(field.name));
        hashed = hashed || field.value.type() == bson::Type::String;
    }
    if (hashed && fields > 1) {
        return fail(ErrorCode{16763}, "Currently only single field hashed index supported.");
    }
    return {};
}

}  // namespace plumb::commands
