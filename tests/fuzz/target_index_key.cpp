// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/builder.h"
#include "bson/compare.h"
#include "bson/index_key.h"
#include "bson/json.h"
#include "bson/validate.h"
#include "target.h"

#include <string>
#include <vector>

namespace plumb::fuzz {
namespace {

constexpr std::size_t kFieldsMax = 6;

bson::KeyPattern pattern_of(std::size_t fields, unsigned directions) {
    bson::Builder key;
    for (std::size_t i = 0; i < fields; ++i) {
        key.append("f" + std::to_string(i), (directions >> i & 1U) != 0 ? -1 : 1);
    }
    return bson::KeyPattern::parse(key.finish_view()).value();
}

// Arrays number their elements. Other names come from no driver, and a key does not keep them.
bool has_plain_arrays(bson::View document,
                      bool is_array) {  // NOLINT(misc-no-recursion): validated depth
    std::size_t index = 0;
    for (const bson::Element element : document) {
        if (is_array && element.name != std::to_string(index)) {
            return false;
        }
        ++index;
        const bson::Type type = element.value.type();
        if ((type == bson::Type::Document || type == bson::Type::Array) &&
            !has_plain_arrays(element.value.as_container(), type == bson::Type::Array)) {
            return false;
        }
        if (type == bson::Type::CodeWithScope &&
            !has_plain_arrays(element.value.code_scope(), false)) {
            return false;
        }
    }
    return true;
}

bool round_trips(const std::vector<bson::ValueView>& values, unsigned directions) {
    const bson::KeyPattern pattern = pattern_of(values.size(), directions);
    bson::KeyString key;
    for (std::size_t i = 0; i < values.size(); ++i) {
        key.append(values[i], pattern.fields()[i].order);
    }
    bson::Builder out;
    if (!bson::decode_key(key.bytes(), key.type_bits(), pattern, {}, out).ok()) {
        return false;
    }
    std::size_t at = 0;
    for (const bson::Element element : out.finish_view()) {
        if (at == values.size() || bson::compare(element.value, values[at]) != 0) {
            return false;
        }
        ++at;
    }
    return at == values.size();
}

bool ordered_alike(bson::ValueView a, bson::ValueView b) {
    bson::KeyString left;
    bson::KeyString right;
    left.append(a, bson::Order::Ascending);
    right.append(b, bson::Order::Ascending);
    const int by_bytes = left.bytes().compare(right.bytes());
    const int by_value = bson::compare(a, b);
    return (by_bytes < 0) == (by_value < 0) && (by_bytes > 0) == (by_value > 0);
}

}  // namespace

// The first byte tells the directions, the rest is a document whose fields are the key's values;
// any bytes are also tried as a key.
void run_index_key(std::string_view bytes) {
    if (bytes.empty()) {
        return;
    }
    const auto directions = static_cast<unsigned char>(bytes.front());
    const std::string own(bytes.substr(1));
    bson::Builder out;
    const std::string_view all = own;
    const std::size_t cut = all.size() - all.size() / 8;
    static_cast<void>(bson::decode_key(all.substr(0, cut),
                                       all.substr(cut),
                                       pattern_of(1 + directions % kFieldsMax, directions),
                                       {},
                                       out));
    const auto document = bson::validate(own);
    if (!document.ok() || !has_plain_arrays(*document, false)) {
        return;
    }
    std::vector<bson::ValueView> values;
    for (const bson::Element element : *document) {
        if (values.size() < kFieldsMax) {
            values.push_back(element.value);
        }
    }
    if (values.empty()) {
        return;
    }
    require(round_trips(values, directions), "decode(encode(x)) = x");
    for (std::size_t i = 1; i < values.size(); ++i) {
        require(ordered_alike(values[i - 1], values[i]), "keys sort as values do");
    }
}

}  // namespace plumb::fuzz
