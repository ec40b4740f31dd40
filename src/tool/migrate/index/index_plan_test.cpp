// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/index/index_plan.h"

#include "bson/json.h"

#include <gtest/gtest.h>

namespace plumb::migrate {
namespace {

project::IndexDefinition index(const char* json) {
    auto read = project::index_from_server(*bson::from_json(json));
    EXPECT_TRUE(read.ok()) << json;
    return *std::move(read);
}

TEST(PlanIndexes, DecidesByNameKeyAndDefinition) {
    struct Case {
        const char* about;
        const char* existing;
        IndexStep::What what;
    };
    const project::IndexDefinition wanted =
        index(R"({"key": {"email": 1}, "name": "email_1", "unique": true})");
    const Case cases[] = {
        {"nothing like it", R"({"key": {"x": 1}, "name": "x_1"})", IndexStep::What::Create},
        {"the same",
         R"({"key": {"email": 1}, "name": "email_1", "unique": true})",
         IndexStep::What::Exists},
        {"the same under another name",
         R"({"key": {"email": 1}, "name": "mail", "unique": true})",
         IndexStep::What::Exists},
        {"the name with another key",
         R"({"key": {"x": 1}, "name": "email_1"})",
         IndexStep::What::Conflict},
        {"the key with other options",
         R"({"key": {"email": 1}, "name": "mail"})",
         IndexStep::What::Conflict},
        {"the other direction",
         R"({"key": {"email": -1}, "name": "email_-1"})",
         IndexStep::What::Create},
    };
    for (const Case& each : cases) {
        const auto steps = plan_indexes({wanted}, {index(each.existing)});
        ASSERT_EQ(steps.size(), 1U);
        EXPECT_EQ(steps.front().what, each.what) << each.about;
    }
}

TEST(PlanIndexes, NamesWhatIsThere) {
    const auto steps = plan_indexes({index(R"({"key": {"a": 1}, "name": "a_1", "unique": true})")},
                                    {index(R"({"key": {"a": 1}, "name": "mine"})")});
    EXPECT_EQ(steps.front().found_name, "mine");
    EXPECT_EQ(project::describe(steps.front().differences), "unique: wanted true, found -");
    EXPECT_TRUE(to_create(steps).empty());
}

}  // namespace
}  // namespace plumb::migrate
