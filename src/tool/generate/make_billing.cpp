// SPDX-License-Identifier: GPL-3.0-or-later
// billing_records: at most one for a subscription and month, over the last two years.
#include "tool/generate/makers.h"

#include <algorithm>
#include <array>

namespace plumb::generate {
namespace {

constexpr std::uint64_t kMonths = 24;
constexpr std::uint64_t kOrdersLookedAt = 64;
constexpr std::size_t kOrdersBilledMax = 12;

// What makes a bill unique: the subscription and how many months ago.
struct Bill {
    std::uint64_t subscription;
    int months_back;
};

Bill bill_of(const World& world, std::uint64_t number) {
    const std::uint64_t live = world.live_subscriptions();
    const std::uint64_t subscription = number % live;
    Random random = Random::stream(world.options().seed ^ 0x62696c6c, subscription);
    const std::uint64_t back = (random.below(kMonths) + number / live) % kMonths;
    return {subscription, static_cast<int>(back)};
}

// Orders of the customer that were delivered in the month, found among the first few of theirs.
std::vector<std::uint64_t> orders_in(const World& world,
                                     std::uint64_t customer,
                                     std::string_view period) {
    std::vector<std::uint64_t> out;
    const auto [first, end] = world.orders_of(customer);
    const std::uint64_t last = std::min(end, first + kOrdersLookedAt);
    for (std::uint64_t number = first; number < last && out.size() < kOrdersBilledMax; ++number) {
        const Day day = world.day_of_order_place(world.place_of(Collection::Orders, number));
        if (day_text(day).starts_with(period)) {
            out.push_back(number);
        }
    }
    return out;
}

void append_payments(Draft& draft, std::int64_t paid, std::int64_t at) {
    constexpr std::array<std::string_view, 3> kMethods{"upi", "card", "cash"};
    draft.out.begin_array("payments");
    if (paid > 0) {
        draft.out.push_document();
        draft.append_instant("at", at);
        draft.append_money("amount", paid);
        draft.out.append("method", kMethods[draft.random.below(kMethods.size())]);
        draft.out.end();
    }
    draft.out.end();
}

std::string_view draw_status(Draft& draft, int months_back) {
    if (months_back == 0) {
        return draft.random.chance(0.25) ? "pending" : "settled";
    }
    return draft.random.chance(0.99) ? "settled" : "overdue";
}

std::int64_t append_bill_item(Draft& draft, std::uint64_t subscription) {
    const std::uint64_t product = draft.world.product_of(subscription);
    const ProductBrief& brief = draft.world.product(product);
    const auto quantity = static_cast<std::int32_t>(4 + draft.below(56));
    const std::int64_t total = brief.price_paise * quantity;
    draft.out.begin_array("items");
    draft.out.push_document();
    draft.out.append("product_id", draft.world.id(Collection::Products, product));
    draft.out.append("product_name", brief.name);
    draft.out.append("quantity", quantity);
    draft.append_money("price", brief.price_paise);
    draft.append_money("total", total);
    draft.out.end();
    draft.out.end();
    return total;
}

}  // namespace

void make_billing_record(Draft& draft) {
    const World& world = draft.world;
    std::uint64_t number = draft.number;
    if (draft.fault == FaultKind::BillingTwice) {
        number = world.number_at(draft.collection, world.victim_of(draft.collection, draft.place));
    }
    const Bill bill = bill_of(world, number);
    const std::uint64_t customer = world.customer_of_subscription(bill.subscription);
    const std::string period = month_text(world.options().today, bill.months_back);
    const std::string first_day = period + "-01";
    const Day billed_on = *parse_day(first_day) + 26;
    const std::int64_t created = instant_ms(billed_on, 1380 + draft.below(50));
    draft.append_ids(created);
    draft.out.append("customer_id", world.id(Collection::CustomersV2, customer));
    draft.out.append("subscription_id",
                     draft.fault == FaultKind::BillingSubscriptionMissing
                         ? world.unknown_id(Collection::SubscriptionsV2, draft.number)
                         : world.id(Collection::SubscriptionsV2, bill.subscription));
    draft.out.begin_array("order_ids");
    for (const std::uint64_t order : orders_in(world, customer, period)) {
        draft.out.push(world.id(Collection::Orders, order));
    }
    draft.out.end();
    draft.out.append("period", period);
    draft.out.append("period_date", first_day);
    const std::int64_t total = append_bill_item(draft, bill.subscription);
    const std::string_view status = draw_status(draft, bill.months_back);
    const std::int64_t paid = status == "settled"        ? total
                              : draft.random.chance(0.3) ? total / 2
                                                         : 0;
    draft.append_money("total_amount", total);
    draft.append_money("paid_amount", paid);
    draft.out.append("status", status);
    append_payments(draft, paid, created + draft.below(20) * kMsPerDay);
    draft.append_times(created, created + draft.below(20) * kMsPerDay);
}

}  // namespace plumb::generate
