// SPDX-License-Identifier: GPL-3.0-or-later
// The shares and skews of the domain, counted over a whole shop of 20 000 orders.
#include "bson/builder.h"
#include "bson/number.h"
#include "tool/generate/documents.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

namespace plumb::generate {
namespace {

class Shop : public ::testing::Test {
  protected:
    static constexpr std::uint64_t kScale = 20'000;

    // Calls `see` for every document of the collection.
    template <class See>
    void each(Collection collection, See see) {
        bson::Builder builder;
        for (std::uint64_t place = 0; place < world_.count(collection); ++place) {
            see(make_document(world_, collection, place, builder));
        }
    }

    // The share of each value of a string field.
    std::map<std::string, double> shares(Collection collection, std::string_view field) {
        std::map<std::string, double> out;
        each(collection, [&](bson::View document) {
            const bson::ValueView value = document.find(field);
            out[value.type() == bson::Type::String ? std::string{value.as_string()} : "absent"] +=
                1;
        });
        for (auto& [value, count] : out) {
            count /= static_cast<double>(world_.count(collection));
        }
        return out;
    }

    World world_{{.scale = kScale, .seed = 3, .fault_rate = 0}};
};

TEST_F(Shop, HasTheRolesOfTheDomain) {
    const auto roles = shares(Collection::Users, "role");
    EXPECT_NEAR(roles.at("customer"), 0.92, 0.005);
    EXPECT_EQ(roles.size(), 5U);
}

TEST_F(Shop, HasTheOrderStatusesOfTheDomain) {
    const auto statuses = shares(Collection::Orders, "status");
    EXPECT_NEAR(statuses.at("pending"), 0.06, 0.005);
    EXPECT_NEAR(statuses.at("confirmed"), 0.04, 0.005);
    EXPECT_NEAR(statuses.at("delivered"), 0.84, 0.008);
    EXPECT_NEAR(statuses.at("cancelled"), 0.06, 0.005);
    EXPECT_EQ(statuses.size(), 4U);
}

TEST_F(Shop, HasTheSubscriptionStatusesOfTheDomain) {
    const auto statuses = shares(Collection::SubscriptionsV2, "status");
    EXPECT_NEAR(statuses.at("draft"), 0.05, 0.002);
    EXPECT_NEAR(statuses.at("active"), 0.55, 0.02);
    EXPECT_NEAR(statuses.at("paused"), 0.15, 0.02);
    EXPECT_NEAR(statuses.at("stopped"), 0.25, 0.02);
}

TEST_F(Shop, DeliversNineOfTen) {
    const auto statuses = shares(Collection::DeliveryStatuses, "status");
    EXPECT_NEAR(statuses.at("delivered"), 0.90, 0.01);
    EXPECT_EQ(statuses.size(), 5U);
}

TEST_F(Shop, KeepsOpenOrdersInTheLastSixtyDaysAndSingleOnesInTheLastWeek) {
    const std::string sixty = day_text(world_.options().today - (kOpenDays - 1));
    const std::string week = day_text(world_.options().today - (kFreshDays - 1));
    each(Collection::Orders, [&](bson::View order) {
        const std::string_view status = order.find("status").as_string();
        const std::string_view day = order.find("delivery_date").as_string();
        const bool single = order.find("subscription_id").nullish();
        if (status == "pending" || status == "confirmed") {
            ASSERT_GE(day, sixty);
            ASSERT_TRUE(!single || day >= week) << day;
        }
        ASSERT_TRUE(!single || order.find("billed").as_bool());
    });
}

TEST_F(Shop, OrdersAverageNineHundredBytes) {
    std::uint64_t bytes = 0;
    each(Collection::Orders, [&](bson::View order) { bytes += order.byte_size(); });
    EXPECT_NEAR(static_cast<double>(bytes) / kScale, 900, 45);
}

TEST_F(Shop, OrdersHaveOneToEightItemsThatAddUp) {
    std::map<std::size_t, int> sizes;
    each(Collection::Orders, [&](bson::View order) {
        double sum = 0;
        const bson::ArrayView items = order.find("items").as_array();
        for (const bson::Element& item : items) {
            const bson::View fields = item.value.as_document();
            ASSERT_NEAR(fields.find("price").as_double() * fields.find("quantity").as_int32(),
                        fields.find("total").as_double(),
                        0.001);
            sum += fields.find("total").as_double();
        }
        ++sizes[items.count()];
        ASSERT_NEAR(sum, order.find("total_amount").as_double(), 0.001);
    });
    EXPECT_EQ(sizes.begin()->first, 1U);
    EXPECT_EQ(sizes.rbegin()->first, 8U);
}

TEST_F(Shop, HasHalfAsManyOrdersAgainOnWeekendDays) {
    double weekend = 0;
    double weekday = 0;
    double weekend_days = 0;
    double weekdays = 0;
    for (std::int32_t back = kOpenDays; back < kOrderDays; ++back) {
        (is_weekend(world_.options().today - back) ? weekend_days : weekdays) += 1;
    }
    const Day recent = world_.options().today - kOpenDays;
    each(Collection::Orders, [&](bson::View order) {
        const Day day = *parse_day(order.find("delivery_date").as_string());
        if (day <= recent) {
            (is_weekend(day) ? weekend : weekday) += 1;
        }
    });
    EXPECT_NEAR((weekend / weekend_days) / (weekday / weekdays), 1.5, 0.03);
}

TEST_F(Shop, SpreadsOrdersOverUsersByZipfsLaw) {
    std::map<std::string, int> orders;
    each(Collection::Orders,
         [&](bson::View order) { ++orders[std::string{order.find("user_id").as_string()}]; });
    std::multiset<int> counts;
    for (const auto& [user, count] : orders) {
        counts.insert(count);
    }
    const double heaviest = *counts.rbegin();
    const double second = *std::next(counts.rbegin());
    EXPECT_NEAR(heaviest / second, 2.07, 0.02);
    EXPECT_NEAR(heaviest / kScale, 0.14, 0.02);
}

TEST_F(Shop, HoldsOneDocumentInTenWithTextInstants) {
    double texts = 0;
    each(Collection::Orders, [&](bson::View order) {
        texts += order.find("created_at").type() == bson::Type::String ? 1 : 0;
    });
    EXPECT_NEAR(texts / kScale, 0.1, 0.01);
}

TEST_F(Shop, HasTwelveUnevenCategories) {
    const auto categories = shares(Collection::Products, "category");
    EXPECT_EQ(categories.size(), 12U);
    EXPECT_GT(categories.at("milk"), 4 * categories.at("flowers"));
    each(Collection::Products, [](bson::View product) {
        const std::size_t bytes = product.find("description").as_string().size();
        ASSERT_GE(bytes, 400U);
        ASSERT_LE(bytes, 800U);
    });
}

TEST_F(Shop, GivesNoEmailPhoneOrKeyTwice) {
    std::set<std::string> emails;
    std::set<std::string> phones;
    std::set<std::string> keys;
    each(Collection::Users, [&](bson::View user) {
        ASSERT_TRUE(emails.emplace(user.find("email").as_string()).second);
        ASSERT_TRUE(keys.emplace(user.find("id").as_string()).second);
        ASSERT_TRUE(keys.emplace(user.find("_id").as_object_id().to_hex()).second);
    });
    each(Collection::CustomersV2, [&](bson::View customer) {
        std::string digits;
        for (const char letter : customer.find("phone").as_string()) {
            if (letter >= '0' && letter <= '9') {
                digits += letter;
            }
        }
        ASSERT_TRUE(phones.insert(digits.substr(digits.size() - 10)).second);
    });
}

TEST_F(Shop, RefersOnlyToWhatExists) {
    std::map<std::string, std::set<std::string>> ids;
    const auto collect = [&](Collection collection, std::string_view key) {
        each(collection, [&](bson::View document) {
            ids[std::string{key}].emplace(document.find("id").as_string());
        });
    };
    collect(Collection::Users, "user_id");
    collect(Collection::CustomersV2, "customer_id");
    collect(Collection::SubscriptionsV2, "subscription_id");
    collect(Collection::Products, "product_id");
    collect(Collection::Orders, "order_id");
    ids["delivery_boy_id"] = ids["user_id"];
    ids["assigned_to"] = ids["user_id"];
    ids["customer_v2_id"] = ids["customer_id"];
    for (std::size_t index = 0; index < kCollections; ++index) {
        each(static_cast<Collection>(index), [&](bson::View document) {
            for (const bson::Element& field : document) {
                const auto known = ids.find(std::string{field.name});
                if (known != ids.end() && field.value.type() == bson::Type::String) {
                    ASSERT_TRUE(known->second.contains(std::string{field.value.as_string()}))
                        << kSchema[index].name << "." << field.name;
                }
            }
        });
    }
}

TEST_F(Shop, BillsASubscriptionOnceAMonth) {
    std::set<std::string> bills;
    each(Collection::BillingRecords, [&](bson::View bill) {
        const std::string key = std::string{bill.find("subscription_id").as_string()} + " " +
                                std::string{bill.find("period_date").as_string()};
        ASSERT_TRUE(bills.insert(key).second) << key;
    });
}

}  // namespace
}  // namespace plumb::generate
