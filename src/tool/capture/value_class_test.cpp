// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/capture/value_class.h"

#include "bson/json.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace plumb::capture {
namespace {

struct Case {
    std::string_view command;
    std::string_view path;
    std::string_view text;
};

constexpr Case kCases[] = {
    {R"({"find": "o", "filter": {"a": "12345"}})", "a", "string of at most 8 characters"},
    {R"({"find": "o", "filter": {"a": {"$in": ["x", 1]}}})",
     "a",
     "int or string of at most 1 characters"},
    {R"({"find": "o", "filter": {"d": {"$gte": "2026-01-01", "$lte": "2026-01-31"}}})",
     "d",
     "string of at most 16 characters; ranges of up to 31 days"},
    {R"({"find": "o", "filter": {"d": {"$gte": {"$date": "2026-01-01T00:00:00Z"}, "$lt": {"$date": "2026-01-05T00:00:00Z"}}}})",
     "d",
     "date; ranges of up to 7 days"},
    {R"({"find": "o", "filter": {"$or": [{"a": 1}, {"b": {"c": 2}}]}})", "b", "object"},
    {R"({"find": "o", "filter": {"t": {"$elemMatch": {"x": true}}}})", "t.x", "bool"},
    {R"({"q": {"a": null}, "u": {"$set": {"b": "secret"}}})", "a", "null"},
    {R"({"aggregate": "o", "pipeline": [{"$match": {"a": 1.5}}]})", "a", "double"},
};

TEST(ValueClass, SaysTheKindOfAConstantAndNotTheConstant) {
    for (const Case& each : kCases) {
        ValueClasses classes;
        observe_values(*bson::from_json(each.command), classes);
        const auto found = classes.find(each.path);
        ASSERT_NE(found, classes.end()) << each.command;
        EXPECT_EQ(class_text(found->second), each.text) << each.command;
        EXPECT_FALSE(classes.contains("b") && each.path == "a") << "an update is no condition";
    }
}

}  // namespace
}  // namespace plumb::capture
