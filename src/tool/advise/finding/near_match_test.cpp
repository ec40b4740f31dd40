// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/finding/near_match.h"

#include "bson/json.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace plumb::advise {
namespace {

struct Case {
    const char* wanted;
    const char* values;  // that the field has
    const char* expect;  // "": none is near
};

TEST(NearMatch, FindsWhatWasMeant) {
    const Case cases[] = {
        {"'DELIVERED'", "['pending', 'delivered']", "\"delivered\""},
        {"' delivered '", "['pending', 'delivered']", "\"delivered\""},
        {"'delivred'", "['pending', 'delivered']", "\"delivered\""},
        {"'Out-For Delivery'", "['out_fordelivery']", "\"out_fordelivery\""},
        {"'5'", "[4, 5, 6]", "5"},
        {"5", "['5', '55']", "\"5\""},
        {"7", "[4, 5, 6]", ""},
        {"'archived'", "['pending', 'delivered']", ""},
        {"'no'", "['ok', 'na']", ""},
        {"null", "['null']", ""},
        {"{a: 1}", "['a']", ""},
    };
    for (const Case& each : cases) {
        const bson::Document given = *bson::from_json(std::string{"{wanted: "} + each.wanted +
                                                      ", values: " + each.values + "}");
        std::vector<FieldValue> values;
        for (const bson::Element& value : given.find("values").as_array()) {
            values.push_back({bson::Value{value.value}, 1});
        }
        const FieldValue* near = near_match(given.find("wanted"), values);
        EXPECT_EQ(near == nullptr ? "" : bson::to_json(near->value), each.expect) << each.wanted;
    }
}

TEST(NearMatch, CountsMistakes) {
    EXPECT_EQ(edit_distance("", ""), 0U);
    EXPECT_EQ(edit_distance("abc", ""), 3U);
    EXPECT_EQ(edit_distance("", "abc"), 3U);
    EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

}  // namespace
}  // namespace plumb::advise
