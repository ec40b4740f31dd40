// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/stages/lookup_keys.h"

#include "bson/index_key.h"

#include <algorithm>

namespace plumb::query {
namespace {

using bson::Type;
using bson::ValueView;

std::string key_of(ValueView value) {
    bson::KeyString key;
    key.append(value, bson::Order::Ascending);
    return std::string{key.bytes()};
}

}  // namespace

// A whole array is no key of its own, and equality with a regular expression is rare enough.
bool have_keys(std::span<const ValueView> values) {
    return std::ranges::all_of(values, [](ValueView value) {
        return value.type() != Type::Array && value.type() != Type::Regex;
    });
}

std::vector<std::string> keys_of(std::span<const ValueView> values) {
    std::vector<std::string> out;
    for (const ValueView value : values) {
        out.push_back(key_of(value));
        if (value.nullish()) {
            // An empty array on the way to the field has undefined for a key, and equals null.
            out.push_back(key_of(bson::Value::undefined()));
            out.push_back(key_of(bson::Value::null()));
        }
    }
    return out;
}

}  // namespace plumb::query
