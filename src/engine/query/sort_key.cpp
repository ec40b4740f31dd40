// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/sort_key.h"

#include "bson/builder.h"
#include "bson/compare.h"
#include "bson/number.h"
#include "engine/query/path_walk.h"

#include <fmt/format.h>

namespace plumb::query {
namespace {

using bson::Element;
using bson::KeyField;
using bson::KeyString;
using bson::Order;
using bson::Path;
using bson::Type;
using bson::ValueView;
using bson::View;

constexpr ValueView kNull{Type::Null, nullptr, 0};
constexpr ValueView kUndefined{Type::Undefined, nullptr, 0};

// The value at the end of a path that meets no array; nothing if it meets one.
std::optional<ValueView> find_without_arrays(View document, const Path& path) {
    for (std::size_t i = 0;; ++i) {
        const ValueView value = document.find(path.part(i));
        if (value.type() == Type::Array) {
            return std::nullopt;
        }
        if (i + 1 == path.size()) {
            return value;
        }
        if (value.type() != Type::Document) {
            return ValueView{};
        }
        document = value.as_document();
    }
}

// False if an array stands on some path, and the key is to be chosen among several.
bool append_plain_key(const std::vector<KeyField>& fields,
                      View document,
                      ValueView missing,
                      KeyString& key) {
    for (const KeyField& field : fields) {
        const auto value = find_without_arrays(document, field.path);
        if (!value) {
            return false;
        }
        key.append(value->missing() ? missing : *value, field.order);
    }
    return true;
}

// Per field the least value, or the greatest if it is descending.
void append_extremes(const std::vector<KeyField>& fields, View document, KeyString& key) {
    for (const KeyField& field : fields) {
        const int sign = field.order == Order::Ascending ? 1 : -1;
        std::optional<ValueView> best;
        walk_path(document, field.path, LeafArray::Elements, [&](ValueView value, std::int64_t) {
            const ValueView candidate = value.missing() ? kNull : value;
            if (!best || bson::compare(candidate, *best) * sign < 0) {
                best = candidate;
            }
            return false;
        });
        key.append(best.value_or(kNull), field.order);
    }
}

}  // namespace

Result<SortPattern> SortPattern::parse(View spec) {
    SortPattern out;
    for (const Element& element : spec) {
        const std::int64_t order =
            element.value.is_number() ? bson::to_clamped_int64(element.value) : 0;
        if (element.name.empty() || (order != 1 && order != -1)) {
            return fail(ErrorCode::BadValue,
                        fmt::format("bad sort specification: the order of \"{}\" must be 1 or -1",
                                    element.name));
        }
        out.fields_.push_back(
            {Path{element.name}, order == 1 ? Order::Ascending : Order::Descending, false});
    }
    out.spec_ = bson::Document{spec};
    bson::Builder pattern;
    for (const KeyField& field : out.fields_) {
        pattern.append(field.path.dotted(), field.order == Order::Ascending ? 1 : -1);
    }
    if (auto key_pattern = bson::KeyPattern::parse(pattern.finish()); key_pattern.ok()) {
        out.maker_.emplace(std::move(key_pattern).value(), false);
    }
    return out;
}

Status SortPattern::make_key(View document, std::string& out, MissingAs missing) const {
    KeyString key;
    const ValueView absent = missing == MissingAs::Null ? kNull : kUndefined;
    if (append_plain_key(fields_, document, absent, key)) {
        out.assign(key.bytes());
        return {};
    }
    if (!maker_) {
        key.clear();
        append_extremes(fields_, document, key);
        out.assign(key.bytes());
        return {};
    }
    // As an index on the same pattern would have it: the first of the document's keys.
    bson::MadeKeys keys;
    if (!maker_->make(document, keys).ok()) {
        return fail(ErrorCode::BadValue, "cannot sort with keys that are parallel arrays");
    }
    out = keys.keys.front().bytes;
    return {};
}

}  // namespace plumb::query
