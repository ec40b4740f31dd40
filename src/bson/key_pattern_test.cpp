// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/index_key.h"
#include "bson/json.h"

#include <gtest/gtest.h>

#include <string>

namespace plumb::bson {
namespace {

TEST(KeyPattern, ReadsPathsAndOrders) {
    const auto pattern =
        KeyPattern::parse(*from_json("{a: 1, 'b.0.c': -1.5, d: {$numberDecimal: '-2'}, "
                                     "'e.$id': {$numberLong: '9'}}"));
    ASSERT_TRUE(pattern.ok()) << pattern.error().message();
    ASSERT_EQ(pattern->fields().size(), 4U);
    EXPECT_EQ(pattern->fields()[1].path.dotted(), "b.0.c");
    EXPECT_EQ(pattern->fields()[0].order, Order::Ascending);
    EXPECT_EQ(pattern->fields()[1].order, Order::Descending);
    EXPECT_EQ(pattern->fields()[2].order, Order::Descending);
    EXPECT_EQ(pattern->fields()[3].order, Order::Ascending);
}

TEST(KeyPattern, ReadsHashedFields) {
    const auto pattern = KeyPattern::parse(*from_json("{a: 'hashed'}"));
    ASSERT_TRUE(pattern.ok());
    EXPECT_TRUE(pattern->fields()[0].hashed);
}

struct Refusal {
    std::string json;
    int code;
    std::string words;
};

const Refusal kRefusals[] = {
    {"{}", 67, "empty object"},
    {"{a: 0}", 67, "cannot be 0"},
    {"{a: -0.0}", 67, "cannot be 0"},
    {"{a: {$numberDouble: 'NaN'}}", 67, "NaN"},
    {"{a: {$numberDecimal: 'NaN'}}", 67, "NaN"},
    {"{a: true}", 67, "type bool"},
    {"{a: null}", 67, "type null"},
    {"{a: {}}", 67, "type object"},
    {"{'': 1}", 67, "empty field"},
    {"{'a.': 1}", 67, "empty field"},
    {"{'.a': 1}", 67, "empty field"},
    {"{'a..b': 1}", 67, "empty field"},
    {"{$a: 1}", 67, "starts with '$'"},
    {"{'a.$b': 1}", 67, "starts with '$'"},
    {"{$id: 1}", 67, "starts with '$'"},
    {"{_fts: 1}", 67, "_fts"},
    {"{a: 'nonsense'}", 67, "Unknown index plugin 'nonsense'"},
    {"{a: ''}", 67, "Unknown index plugin"},
    {"{a: 'text'}", 67, "plumbd does not support text"},
    {"{a: '2d'}", 67, "plumbd does not support 2d"},
    {"{a: '2dsphere', b: 1}", 67, "plumbd does not support 2dsphere"},
    {"{a: 'geoHaystack', b: 1}", 67, "plumbd does not support geoHaystack"},
    {"{'$**': 1}", 67, "plumbd does not support wildcard"},
    {"{'a.$**': 1}", 67, "plumbd does not support wildcard"},
    {"{a: 'hashed', b: 'text'}", 67, "more than one index plugin"},
    {"{a: 'hashed', b: 1}", 16763, "single field hashed"},
};

TEST(KeyPattern, RefusesWhatMongoDbRefuses) {
    for (const Refusal& refusal : kRefusals) {
        const auto pattern = KeyPattern::parse(*from_json(refusal.json));
        ASSERT_FALSE(pattern.ok()) << refusal.json;
        EXPECT_EQ(static_cast<int>(pattern.error().code()), refusal.code) << refusal.json;
        EXPECT_NE(pattern.error().message().find(refusal.words), std::string::npos)
            << refusal.json << " gave " << pattern.error().message();
    }
}

Document fields(int count) {
    Builder out;
    for (int i = 0; i < count; ++i) {
        out.append("f" + std::to_string(i), 1);
    }
    return out.finish();
}

TEST(KeyPattern, LimitsTheNumberOfFields) {
    EXPECT_TRUE(KeyPattern::parse(fields(32)).ok());
    EXPECT_EQ(KeyPattern::parse(fields(33)).error().code(), ErrorCode{13103});
    EXPECT_EQ(KeyPattern::parse(fields(5000)).error().code(), ErrorCode{13103});
}

}  // namespace
}  // namespace plumb::bson
