// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/generate/faults.h"

#include "bson/builder.h"
#include "tool/generate/documents.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

namespace plumb::generate {
namespace {

const Options kFaulty{.scale = 5000, .seed = 9, .fault_rate = 0.002};

TEST(Faults, RowsStandInTheOrderOfTheEnumeration) {
    for (std::size_t index = 0; index < fault_rows().size(); ++index) {
        EXPECT_EQ(static_cast<std::size_t>(fault_rows()[index].kind), index);
    }
}

TEST(Faults, EachKindIsPlantedAndOnlyWithARate) {
    const World faulty{kFaulty};
    const World clean{{.scale = 5000, .seed = 9, .fault_rate = 0}};
    std::set<FaultKind> kinds;
    for (std::size_t index = 0; index < kCollections; ++index) {
        const auto collection = static_cast<Collection>(index);
        for (std::uint64_t place = 0; place < faulty.count(collection); ++place) {
            ASSERT_FALSE(clean.fault(collection, place).has_value());
            if (const auto kind = faulty.fault(collection, place)) {
                ASSERT_EQ(fault_row(*kind).collection, collection);
                kinds.insert(*kind);
            }
        }
    }
    EXPECT_EQ(kinds.size(), fault_rows().size());
}

TEST(Faults, AreAsManyAsTheRateSays) {
    const FaultOptions options{4, 0.01};
    int planted = 0;
    for (std::uint64_t place = 0; place < 100'000; ++place) {
        planted += fault_at(options, Collection::Orders, place, 100'000).has_value() ? 1 : 0;
    }
    EXPECT_NEAR(planted, 1000, 100);
}

// A finding of the list, looked up again in the documents themselves.
struct Seen {
    std::map<std::string, bson::Document> by_id;
};

Seen read_all(const World& world, Collection collection) {
    Seen out;
    bson::Builder builder;
    for (std::uint64_t place = 0; place < world.count(collection); ++place) {
        const bson::View made = make_document(world, collection, place, builder);
        out.by_id.emplace(made.find("id").as_string(), bson::Document{made});
    }
    return out;
}

TEST(ExpectedFindings, AreVisibleInTheDocuments) {
    const World world{kFaulty};
    const Seen orders = read_all(world, Collection::Orders);
    const Seen subscriptions = read_all(world, Collection::SubscriptionsV2);
    std::set<std::string> found;
    for (std::uint64_t place = 0; place < world.count(Collection::Orders); ++place) {
        for (const ExpectedFinding& finding : expected_findings(world, Collection::Orders, place)) {
            const bson::Document& order = orders.by_id.at(finding.id);
            found.emplace(finding.finding);
            if (finding.finding == "UNBILLED_ORDER") {
                EXPECT_TRUE(order.find("subscription_id").nullish());
                EXPECT_FALSE(order.find("billed").as_bool());
            } else if (finding.finding == "PENDING_ORDER_NOT_DELIVERED") {
                EXPECT_EQ(order.find("status").as_string(), "pending");
                EXPECT_LT(order.find("delivery_date").as_string(), "2026-01-20");
            } else if (finding.finding == "INVALID_SUBSCRIPTION_REFERENCE") {
                EXPECT_FALSE(subscriptions.by_id.contains(
                    std::string{order.find("subscription_id").as_string()}));
            }
        }
    }
    EXPECT_EQ(found.size(), 4U);
}

TEST(ExpectedFindings, NameBothSidesOfADuplicate) {
    const World world{kFaulty};
    const Seen bills = read_all(world, Collection::BillingRecords);
    int doubles = 0;
    for (std::uint64_t place = 0; place < world.count(Collection::BillingRecords); ++place) {
        for (const ExpectedFinding& finding :
             expected_findings(world, Collection::BillingRecords, place)) {
            if (finding.finding != "DOUBLE_BILLING") {
                continue;
            }
            ASSERT_EQ(finding.with.size(), 1U);
            const bson::Document& one = bills.by_id.at(finding.id);
            const bson::Document& other = bills.by_id.at(finding.with.front());
            EXPECT_EQ(one.find("subscription_id").as_string(),
                      other.find("subscription_id").as_string());
            EXPECT_EQ(one.find("period_date").as_string(), other.find("period_date").as_string());
            ++doubles;
        }
    }
    EXPECT_GT(doubles, 0);
}

}  // namespace
}  // namespace plumb::generate
