// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/data/journal.h"

#include "bson/json.h"

#include <gtest/gtest.h>

namespace plumb::migrate {
namespace {

JournalEntry entry_of(std::string_view document, std::initializer_list<const char*> paths) {
    const auto parsed = bson::from_json(document);
    EXPECT_TRUE(parsed.ok());
    JournalEntry out;
    out.id = bson::Value{parsed->find("_id")};
    for (const char* path : paths) {
        remember_field(out, *parsed, path);
    }
    return out;
}

TEST(Journal, RemembersWhatIsThereAndTheShortestPathThatIsNot) {
    const JournalEntry entry = entry_of(R"({"_id": 1, "a": {"b": null}, "n": 5})",
                                        {"n", "a.b", "a.c", "x", "x.y.z", "a.d.e"});
    ASSERT_EQ(entry.old.size(), 2U);
    EXPECT_EQ(entry.old[0].first, "n");
    EXPECT_EQ(entry.old[1].second.type(), bson::Type::Null);
    EXPECT_EQ(entry.absent, (std::vector<std::string>{"a.c", "x", "x", "a.d"}));
}

TEST(Journal, DocumentsThatLoseTheSameFieldsGoTogether) {
    const auto statements = restore_statements({entry_of(R"({"_id": 1})", {"f"}),
                                                entry_of(R"({"_id": 2})", {"f"}),
                                                entry_of(R"({"_id": 3, "f": 7})", {"f"}),
                                                entry_of(R"({"_id": 4})", {"g"})});
    ASSERT_EQ(statements.size(), 3U);
    EXPECT_EQ(bson::to_json(statements[0]),
              R"({"q": {"_id": 3}, "u": {"$set": {"f": 7}}, "multi": false})");
    EXPECT_EQ(bson::to_json(statements[1]),
              R"({"q": {"_id": {"$in": [1, 2]}}, "u": {"$unset": {"f": ""}}, "multi": true})");
}

TEST(Journal, OrderIsRestoredWhereItWasKept) {
    JournalEntry plain = entry_of(R"({"_id": 1})", {"f"});
    JournalEntry ordered = entry_of(R"({"_id": 2, "f": 1})", {"f"});
    ordered.order = {{"", {"_id", "f"}}, {"a", {"b"}}};
    EXPECT_EQ(order_statements({plain, ordered}).size(), 2U);
}

}  // namespace
}  // namespace plumb::migrate
