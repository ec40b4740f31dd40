// SPDX-License-Identifier: GPL-3.0-or-later
// orders: in the order of their days; who ordered follows Zipf's law.
#include "tool/generate/makers.h"
#include "tool/generate/names.h"

#include <algorithm>

namespace plumb::generate {
namespace {

void append_subscription(Draft& draft, const OrderFacts& order) {
    if (draft.world.options().before_migrations) {
        return;
    }
    if (draft.fault == FaultKind::OrderSubscriptionMissing) {
        draft.out.append("subscription_id",
                         draft.world.unknown_id(Collection::SubscriptionsV2, draft.number));
    } else if (order.single) {
        draft.out.append_null("subscription_id");
    } else {
        draft.out.append("subscription_id",
                         draft.world.id(Collection::SubscriptionsV2, order.subscription));
    }
}

void append_status(Draft& draft, OrderStatus status) {
    if (draft.fault == FaultKind::OrderStatusUnknown) {
        draft.out.append("status", draft.place % 2 == 0 ? "DELIVERED" : "completed");
    } else if (draft.fault != FaultKind::OrderStatusAbsent) {
        draft.out.append("status", status_text(status));
    }
}

}  // namespace

void make_order(Draft& draft) {
    const World& world = draft.world;
    const OrderFacts order = world.order(draft.number);
    // Orders close the evening before, at ten.
    const std::int64_t created = instant_ms(order.day - 1, 1320 - draft.below(1440));
    const bool delivered = order.status == OrderStatus::Delivered;
    const std::int64_t updated = delivered ? instant_ms(order.day, 270 + draft.below(180))
                                           : created + draft.below(120) * kMsPerMinute;
    draft.append_ids(created);
    draft.out.append("user_id", world.id(Collection::Users, order.customer));
    append_subscription(draft, order);
    const std::int64_t sum = append_items(draft.out, world, order);
    draft.append_money("total_amount", sum);
    append_status(draft, order.status);
    draft.out.append("delivery_date", day_text(order.day));
    append_address(draft.out, "address", address_of(world, order.customer));
    if (draft.random.chance(0.3)) {
        draft.out.append("notes", pick_order_note(draft.random));
    }
    if (order.status != OrderStatus::Pending) {
        draft.out.append("delivery_boy_id",
                         world.id(Collection::Users, world.delivery_boy_of(order.customer)));
    }
    draft.out.append("billed", order.billed);
    if (delivered) {
        draft.out.append("delivery_confirmed", true);
    }
    if (order.status == OrderStatus::Cancelled && draft.random.chance(0.05)) {
        draft.append_instant("deleted_at", updated + kMsPerDay);
    }
    draft.append_times(created, updated);
}

}  // namespace plumb::generate
