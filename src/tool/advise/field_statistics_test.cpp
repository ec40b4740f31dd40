// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/field_statistics.h"

#include "bson/builder.h"
#include "bson/hash.h"
#include "tool/advise/advise_test_support.h"
#include "tool/advise/hyperloglog.h"

#include <gtest/gtest.h>

namespace plumb::advise {
namespace {

TEST(HyperLogLog, counts_within_five_per_cent) {
    for (const int count : {1, 10, 100, 5000, 200'000}) {
        HyperLogLog distinct;
        for (int pass = 0; pass < 2; ++pass) {
            for (int value = 0; value < count; ++value) {
                distinct.add(bson::hash_value(bson::Value{value}.view()));
            }
        }
        EXPECT_NEAR(distinct.estimate(), count, 0.05 * count + 0.5);
    }
}

CollectionSample sample_of_hundred() {
    std::vector<bson::Document> rows;
    for (int row = 0; row < 100; ++row) {
        bson::Builder thing;
        thing.append("id", row);
        thing.append("state", row < 70 ? "done" : "open");
        if (row % 4 == 0) {
            thing.append("mixed", row % 8 == 0 ? bson::Value{row} : bson::Value{"text"});
        }
        thing.begin_array("list");
        for (int element = 0; element < row % 3; ++element) {
            thing.push(element);
        }
        thing.end();
        rows.push_back(thing.finish());
    }
    return sample_of(std::move(rows), 1000);
}

TEST(FieldStatistics, tell_presence_types_and_values) {
    const CollectionSample sample = sample_of_hundred();
    const FieldStatistics state = describe_field(sample, "state");
    EXPECT_DOUBLE_EQ(state.present, 1);
    EXPECT_NEAR(state.distinct, 2, 0.1);
    ASSERT_EQ(state.top.size(), 2U);
    EXPECT_EQ(bson::to_json(state.top[0].first), "\"done\"");
    EXPECT_DOUBLE_EQ(state.top[0].second, 0.7);
    const FieldStatistics mixed = describe_field(sample, "mixed");
    EXPECT_DOUBLE_EQ(mixed.present, 0.25);
    EXPECT_EQ(mixed.types.size(), 2U);
    EXPECT_DOUBLE_EQ(describe_field(sample, "nowhere").present, 0);
}

TEST(FieldStatistics, scale_keys_to_the_whole_collection) {
    EXPECT_NEAR(describe_field(sample_of_hundred(), "id").distinct, 1000, 1);
}

TEST(FieldStatistics, measure_arrays) {
    const FieldStatistics list = describe_field(sample_of_hundred(), "list");
    EXPECT_EQ(list.array_max, 2U);
    EXPECT_NEAR(list.array_mean, 1, 0.02);
}

// Who somebody is must not be read from what is printed.
TEST(FieldStatistics, keep_no_values_of_what_is_no_enumeration) {
    std::vector<bson::Document> rows;
    for (int row = 0; row < 1000; ++row) {
        rows.push_back(
            bson::Builder{}
                .append("email",
                        row < 500 ? std::string{"boss@x.in"} : std::to_string(row) + "@x.in")
                .finish());
    }
    const FieldStatistics email = describe_field(sample_of(std::move(rows), 1000), "email");
    EXPECT_TRUE(email.top.empty());
    EXPECT_DOUBLE_EQ(email.top_share, 0.5);
}

}  // namespace
}  // namespace plumb::advise
