// SPDX-License-Identifier: GPL-3.0-or-later
// Reading of {user_id: 1, delivery_date: -1}, with what MongoDB 4.2 refuses.
#include "base/limits.h"
#include "bson/index_key.h"
#include "bson/number.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace plumb::bson {
namespace {

constexpr ErrorCode kTooManyFields{13103};
constexpr ErrorCode kHashedBesideOthers{16763};
constexpr std::string_view kWildcard = "$**";
constexpr std::string_view kHashed = "hashed";

// Kinds of index that MongoDB has and this engine has not.
constexpr auto kRefusedKinds =
    std::to_array<std::string_view>({"2d", "2dsphere", "geoHaystack", "text", "wildcard"});

Error refuse(std::string message) {
    return fail(ErrorCode::CannotCreateIndex, std::move(message));
}

Error refuse_kind(std::string_view kind) {
    return refuse(fmt::format("plumbd does not support {} indexes", kind));
}

bool is_wildcard(std::string_view name) {
    return name == kWildcard || (name.size() > kWildcard.size() && name.ends_with(".$**"));
}

Status check_kind(std::string_view kind) {
    if (kind == kHashed) {
        return {};
    }
    if (std::binary_search(kRefusedKinds.begin(), kRefusedKinds.end(), kind)) {
        return refuse_kind(kind);
    }
    return refuse(fmt::format("Unknown index plugin '{}'", kind));
}

// The first kind named by a string in the pattern; empty if there is none.
std::string_view kind_of(View key) {
    for (const Element& element : key) {
        if (element.value.type() == Type::String) {
            return element.value.as_string();
        }
    }
    return {};
}

Status check_part(std::string_view part, bool is_first) {
    if (part.empty()) {
        return refuse("Index keys cannot contain an empty field.");
    }
    if (part.front() != '$') {
        return {};
    }
    const bool of_reference = part == "$db" || part == "$id" || part == "$ref";
    if (of_reference && !is_first) {
        return {};
    }
    return refuse("Index key contains an illegal field name: field name starts with '$'.");
}

Status check_name(std::string_view name) {
    if (name.empty()) {
        return refuse("Index keys cannot be an empty field.");
    }
    if (name == "_fts") {
        return refuse("Index key contains an illegal field name: '_fts'");
    }
    const Path path{name};
    for (std::size_t i = 0; i < path.size(); ++i) {
        PLUMB_CHECK(check_part(path.part(i), i == 0));
    }
    return {};
}

Result<KeyField> parse_order(std::string_view name, ValueView order) {
    const double number = to_double(order);
    if (std::isnan(number)) {
        return refuse("Values in the index key pattern cannot be NaN.");
    }
    if (number == 0.0) {
        return refuse("Values in the index key pattern cannot be 0.");
    }
    return KeyField{Path{name}, number < 0 ? Order::Descending : Order::Ascending, false};
}

Result<KeyField> parse_field(const Element& element, std::string_view kind) {
    const ValueView value = element.value;
    if (is_wildcard(element.name)) {
        return refuse_kind("wildcard");
    }
    if (!value.is_number() && value.type() != Type::String) {
        return refuse(
            fmt::format("Values in v:2 index key pattern cannot be of type {}. Only "
                        "numbers > 0, numbers < 0, and strings are allowed.",
                        type_name(value.type())));
    }
    PLUMB_CHECK(check_name(element.name));
    if (value.is_number()) {
        return parse_order(element.name, value);
    }
    if (value.as_string() != kind) {
        return refuse("Can't use more than one index plugin for a single index.");
    }
    PLUMB_CHECK(check_kind(kind));
    return KeyField{Path{element.name}, Order::Ascending, true};
}

}  // namespace

Result<KeyPattern> KeyPattern::parse(View key) {
    if (key.empty()) {
        return refuse("Index keys cannot be an empty object.");
    }
    const std::string_view kind = kind_of(key);
    KeyPattern out;
    for (const Element& element : key) {
        PLUMB_TRY(field, parse_field(element, kind));
        out.fields_.push_back(std::move(field));
    }
    if (out.fields_.size() > static_cast<std::size_t>(kIndexFieldsMax)) {
        return fail(kTooManyFields,
                    fmt::format("too many compound keys: {}, and {} is the most",
                                out.fields_.size(),
                                kIndexFieldsMax));
    }
    if (kind == kHashed && out.fields_.size() > 1) {
        return fail(kHashedBesideOthers, "Currently only single field hashed index supported.");
    }
    return out;
}

}  // namespace plumb::bson
