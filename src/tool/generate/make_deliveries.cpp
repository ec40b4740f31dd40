// SPDX-License-Identifier: GPL-3.0-or-later
// delivery_statuses: each order has one, every tenth a second attempt; confirmed ones carry the
// audit fields.
#include "tool/generate/makers.h"

#include <fmt/format.h>

#include <array>

namespace plumb::generate {
namespace {

// The order's state is the day's plan; what happened at the door runs ahead of it.
std::string_view status_at_door(OrderStatus status, Random& random) {
    const std::uint64_t percent = random.below(100);
    switch (status) {
        case OrderStatus::Pending:
            return percent < 67 ? "pending" : "out_for_delivery";
        case OrderStatus::Confirmed:
        case OrderStatus::Delivered:
            return "delivered";
        case OrderStatus::Cancelled:
            break;
    }
    if (percent < 33) {
        return "delivered";
    }
    return percent < 66 ? "not_delivered" : "cancelled";
}

void append_order_id(Draft& draft, std::uint64_t order) {
    if (draft.world.options().before_migrations) {
        return;
    }
    if (draft.fault == FaultKind::DeliveryOrderMissing) {
        draft.out.append("order_id", draft.world.unknown_id(Collection::Orders, draft.number));
    } else if (draft.fault != FaultKind::DeliveryWithoutOrder) {
        draft.out.append("order_id", draft.world.id(Collection::Orders, order));
    }
}

void append_confirmation(Draft& draft, std::uint64_t delivery_boy, std::int64_t at) {
    constexpr std::array<std::string_view, 3> kMethods{"app", "shared_link", "otp"};
    constexpr std::array<std::string_view, 4> kDevices{"Android 13; Redmi Note 12",
                                                       "Android 12; Samsung M13",
                                                       "iOS 17; iPhone SE",
                                                       "Chrome 120; Linux"};
    const World& world = draft.world;
    draft.out.append("confirmed_by_user_id", world.id(Collection::Users, delivery_boy));
    draft.out.append("confirmed_by_name", person_of(world, delivery_boy).name);
    draft.append_instant("confirmed_at", at);
    draft.out.append("confirmation_method", kMethods[draft.random.below(kMethods.size())]);
    const std::uint64_t address = draft.random.next();
    draft.out.append(
        "ip_address",
        fmt::format("49.{}.{}.{}", address & 0xff, address >> 8 & 0xff, 1 + (address >> 16) % 254));
    draft.out.append("device_info", kDevices[draft.random.below(kDevices.size())]);
}

}  // namespace

void make_delivery_status(Draft& draft) {
    const World& world = draft.world;
    const std::uint64_t place =
        draft.place * world.count(Collection::Orders) / world.count(Collection::DeliveryStatuses);
    const OrderFacts order = world.order(world.number_at(Collection::Orders, place));
    const std::int64_t created = instant_ms(order.day, draft.below(240));
    const std::int64_t confirmed = instant_ms(order.day, 270 + draft.below(180));
    const std::string_view status = status_at_door(order.status, draft.random);
    const std::uint64_t delivery_boy = world.delivery_boy_of(order.customer);
    draft.append_ids(created);
    append_order_id(draft, order.number);
    draft.out.append("customer_id", world.id(Collection::CustomersV2, order.customer));
    const bool order_is_broken =
        world.fault(Collection::Orders, place) == FaultKind::OrderSubscriptionMissing;
    if (!order.single && !order_is_broken) {
        draft.out.append("subscription_id",
                         world.id(Collection::SubscriptionsV2, order.subscription));
    }
    draft.out.append("delivery_date", day_text(order.day));
    if (draft.fault == FaultKind::DeliveryStatusUnknown) {
        draft.out.append("status", draft.place % 2 == 0 ? "Delivered" : "lost");
    } else {
        draft.out.append("status", status);
    }
    draft.out.append("delivery_boy_id", world.id(Collection::Users, delivery_boy));
    append_items(draft.out, world, order);
    if (status == "delivered" && !world.options().before_migrations) {
        append_confirmation(draft, delivery_boy, confirmed);
    }
    draft.append_times(created, status == "pending" ? created : confirmed);
}

}  // namespace plumb::generate
