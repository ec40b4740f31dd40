// SPDX-License-Identifier: GPL-3.0-or-later
// What must hold of index keys for all values there are.
#include "bson/arbitrary_value_internal.h"
#include "bson/compare.h"
#include "bson/index_key.h"
#include "bson/json.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

namespace plumb::bson {
namespace {

namespace gen = rc::gen;
using Values = std::vector<Value>;

int sign(int number) {
    return number < 0 ? -1 : (number > 0 ? 1 : 0);
}

std::string encode(ValueView value, Order order) {
    KeyString key;
    key.append(value, order);
    return std::string{key.bytes()};
}

// Keys of all values, ascending or descending, compare as the values do.
void check_order(const Values& values, Order order) {
    const int direction = order == Order::Ascending ? 1 : -1;
    std::vector<std::string> keys;
    for (const Value& value : values) {
        keys.push_back(encode(value, order));
    }
    for (std::size_t a = 0; a < values.size(); ++a) {
        for (std::size_t b = 0; b < values.size(); ++b) {
            const int expected = direction * sign(compare(values[a], values[b]));
            if (sign(keys[a].compare(keys[b])) != expected) {
                RC_FAIL(to_json(values[a], JsonMode::Canonical) + " and " +
                        to_json(values[b], JsonMode::Canonical) + " must compare as " +
                        std::to_string(expected));
            }
        }
    }
}

// Not to be shrunk: a failure prints the very values, and there are too many others to shrink.
Values some(const rc::Gen<Value>& values, std::size_t count) {
    return *gen::noShrink(gen::container<Values>(count, values));
}

RC_GTEST_PROP(IndexKeyProperty, NumbersOfAllTypesSortByValue, ()) {
    const Values values = some(arbitrary_number(), 30);
    check_order(values, Order::Ascending);
    check_order(values, Order::Descending);
}

RC_GTEST_PROP(IndexKeyProperty, ValuesOfAllTypesSortAsTheyCompare, ()) {
    const Values values = some(arbitrary_value(Text::AnyBytes), 20);
    check_order(values, Order::Ascending);
    check_order(values, Order::Descending);
}

Order order_of(bool descending) {
    return descending ? Order::Descending : Order::Ascending;
}

RC_GTEST_PROP(IndexKeyProperty, CompoundKeysSortByTheFirstDifference, (bool first, bool second)) {
    const Values pool = some(arbitrary_value(Text::AnyBytes, 1), 4);
    std::vector<std::pair<ValueView, ValueView>> rows;
    std::vector<std::string> keys;
    for (const Value& a : pool) {
        for (const Value& b : pool) {
            rows.emplace_back(a, b);
            keys.push_back(encode(a, order_of(first)) + encode(b, order_of(second)));
        }
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
        for (std::size_t k = 0; k < rows.size(); ++k) {
            const int heads = sign(compare(rows[i].first, rows[k].first)) * (first ? -1 : 1);
            const int tails = sign(compare(rows[i].second, rows[k].second)) * (second ? -1 : 1);
            RC_ASSERT(sign(keys[i].compare(keys[k])) == (heads != 0 ? heads : tails));
        }
    }
}

RC_GTEST_PROP(IndexKeyProperty, PrefixBoundsEncloseAllThatBeginsWithIt, (bool first, bool second)) {
    const Values pool = some(arbitrary_value(Text::AnyBytes), 8);
    for (const Value& a : pool) {
        const std::string prefix = encode(a, order_of(first));
        RC_ASSERT(prefix[0] != '\x00');
        RC_ASSERT(prefix[0] != '\xFF');
        for (const Value& b : pool) {
            const std::string tail = encode(b, order_of(second));
            RC_ASSERT(prefix < prefix + tail);
            RC_ASSERT(prefix + tail < prefix + "\xFF");
            // No field's bytes begin another's, so whole fields can be told apart.
            const std::string other = encode(b, order_of(first));
            RC_ASSERT(other == prefix || !other.starts_with(prefix));
        }
    }
}

RC_GTEST_PROP(IndexKeyProperty, DecodesToTheSameValuesAndTypes, (bool first, bool second)) {
    const Values values = some(arbitrary_value(Text::AnyBytes), 2);
    Builder pattern_spec;
    pattern_spec.append("a", first ? -1 : 1).append("b", second ? -1 : 1);
    const KeyPattern pattern = *KeyPattern::parse(pattern_spec.finish());
    KeyString key;
    key.append(values[0], order_of(first));
    key.append(values[1], order_of(second));
    Builder decoded;
    RC_ASSERT(decode_key(key.bytes(), key.type_bits(), pattern, {"a", "b"}, decoded).ok());
    Builder expected;
    expected.append("a", values[0]).append("b", values[1]);
    const Document expected_document = expected.finish();
    const Document decoded_document = decoded.finish();
    RC_LOG() << to_json(expected_document, JsonMode::Canonical) << " became "
             << to_json(decoded_document, JsonMode::Canonical);
    RC_ASSERT(decoded_document.bytes() == expected_document.bytes());
}

RC_GTEST_PROP(IndexKeyProperty, RefusesDamagedKeysWithoutHarm, ()) {
    const KeyPattern pattern = *KeyPattern::parse(*from_json("{a: 1}"));
    KeyString key;
    key.append(*arbitrary_value(Text::AnyBytes), Order::Ascending);
    std::string bytes{key.bytes()};
    std::string type_bits{key.type_bits()};
    const auto place = *gen::inRange<std::size_t>(0, bytes.size());
    Builder cut;
    RC_ASSERT(!decode_key(bytes.substr(0, place), type_bits, pattern, {}, cut).ok());
    bytes[place] = static_cast<char>(bytes[place] ^ *gen::nonZero<char>());
    Builder changed;
    (void)decode_key(bytes, type_bits, pattern, {}, changed);
    Builder stray;
    RC_ASSERT(!decode_key(key.bytes(), type_bits + "\x07", pattern, {}, stray).ok());
}

}  // namespace
}  // namespace plumb::bson
