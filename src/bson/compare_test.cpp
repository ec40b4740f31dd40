// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/compare.h"

#include "bson/builder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace plumb::bson {
namespace {

Value decimal(const char* text) {
    return Value{*decimal_from_string(text)};
}

Value one_field(const char* name, const Value& value) {
    Builder builder;
    builder.append(name, value);
    return {Type::Document, builder.finish().bytes()};
}

// Each before the next, over all classes and the numbers where types meet.
std::vector<Value> ascending() {
    const double two53 = 9007199254740992.0;
    std::vector<Value> out;
    out.push_back(Value::min_key());
    out.push_back(Value::null());
    out.emplace_back(std::nan(""));
    out.emplace_back(-INFINITY);
    out.emplace_back(std::numeric_limits<std::int64_t>::min());
    out.emplace_back(-1);
    out.emplace_back(0);
    out.push_back(decimal("0.1"));
    out.emplace_back(0.1);  // as a double, a little more than the decimal
    out.emplace_back(1.5);
    out.emplace_back(std::int64_t{9007199254740991});
    out.emplace_back(two53);
    out.emplace_back(std::int64_t{9007199254740993});
    out.emplace_back(std::numeric_limits<std::int64_t>::max());
    out.emplace_back(9223372036854775808.0);
    out.push_back(decimal("1E+400"));
    out.emplace_back(INFINITY);
    out.emplace_back("");
    out.emplace_back("a");
    out.emplace_back(std::string_view{"a\0", 2});
    out.emplace_back("b");
    out.push_back(one_field("a", Value{1}));
    out.push_back(one_field("b", Value{1}));
    out.push_back(one_field("a", Value{"x"}));  // the class of the value comes before the name
    out.push_back({Type::Array, Document{}.bytes()});
    out.push_back(Value{ObjectId{}});
    out.emplace_back(false);
    out.emplace_back(true);
    out.push_back(Value{Date{-1}});
    out.push_back(Value{Date{0}});
    out.push_back(Value{Timestamp{0, 1}});
    out.push_back(Value{Timestamp{1, 0}});
    out.push_back(Value::max_key());
    return out;
}

TEST(Compare, OrdersAllClasses) {
    const auto values = ascending();
    for (std::size_t i = 0; i < values.size(); ++i) {
        for (std::size_t j = 0; j < values.size(); ++j) {
            const int got = compare(values[i], values[j]);
            EXPECT_EQ(got < 0, i < j) << i << " and " << j;
            EXPECT_EQ(got > 0, i > j) << i << " and " << j;
        }
    }
}

TEST(Compare, HoldsEqualNumbersOfAllTypesForEqual) {
    const std::vector<Value> ones{
        Value{1}, Value{std::int64_t{1}}, Value{1.0}, decimal("1"), decimal("1.000")};
    for (const Value& a : ones) {
        for (const Value& b : ones) {
            EXPECT_TRUE(equal(a, b));
        }
    }
    EXPECT_TRUE(equal(Value{0.0}, Value{-0.0}));
    EXPECT_TRUE(equal(Value{std::nan("")}, decimal("NaN")));
    EXPECT_TRUE(equal(ValueView{}, Value::undefined()));
}

}  // namespace
}  // namespace plumb::bson
