// SPDX-License-Identifier: GPL-3.0-or-later
// subscriptions_v2: one for each customer, a second for every third; drafts are always seconds.
#include "tool/generate/makers.h"

#include <array>

namespace plumb::generate {
namespace {

constexpr std::array<std::string_view, 7> kDays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

std::string_view draw_mode(Draft& draft) {
    const std::int64_t percent = draft.below(100);
    if (percent < 55) {
        return "fixed_daily";
    }
    if (percent < 80) {
        return "day_based";
    }
    return percent < 92 ? "weekly" : "custom";
}

void append_days(Draft& draft, std::string_view mode) {
    if (mode == "fixed_daily") {
        return;
    }
    draft.out.begin_array("days");
    if (mode == "weekly") {
        draft.out.push(kDays[draft.random.below(kDays.size())]);
    } else {
        const std::uint64_t mask = 1 + draft.random.below(126);
        for (std::size_t day = 0; day < kDays.size(); ++day) {
            if ((mask >> day & 1U) != 0) {
                draft.out.push(kDays[day]);
            }
        }
    }
    draft.out.end();
}

void append_overrides(Draft& draft, Day today) {
    draft.out.begin_array("day_overrides");
    if (draft.random.chance(0.3)) {
        const std::int64_t count = 1 + draft.below(3);
        for (std::int64_t index = 0; index < count; ++index) {
            draft.out.push_document();
            draft.out.append("date",
                             day_text(today + static_cast<std::int32_t>(draft.below(14) - 7)));
            draft.out.append("quantity", static_cast<std::int32_t>(draft.below(5)));
            draft.out.end();
        }
    }
    draft.out.end();
}

void append_pauses(Draft& draft, Day today, SubscriptionStatus status) {
    draft.out.begin_array("pause_intervals");
    const bool paused = status == SubscriptionStatus::Paused;
    if (paused || draft.random.chance(0.15)) {
        const Day start =
            today - static_cast<std::int32_t>(paused ? draft.below(10) : 60 + draft.below(300));
        draft.out.push_document();
        draft.out.append("start", day_text(start));
        draft.out.append("end", day_text(start + static_cast<std::int32_t>(12 + draft.below(20))));
        draft.out.end();
    }
    draft.out.end();
}

void append_status(Draft& draft, SubscriptionStatus status) {
    if (draft.fault == FaultKind::SubscriptionStatusUnknown) {
        draft.out.append("status", draft.place % 2 == 0 ? "ACTIVE" : "expired");
    } else if (draft.fault != FaultKind::SubscriptionStatusAbsent) {
        draft.out.append("status", status_text(status));
    }
}

}  // namespace

void make_subscription(Draft& draft) {
    const World& world = draft.world;
    const Day today = world.options().today;
    const SubscriptionStatus status = world.status_of(draft.number);
    const bool draft_only = status == SubscriptionStatus::Draft;
    const Day start = draft_only
                          ? today + static_cast<std::int32_t>(1 + draft.below(14))
                          : today - (kOrderDays + static_cast<std::int32_t>(draft.below(300)));
    const Day created_on =
        draft_only ? today - static_cast<std::int32_t>(draft.below(10)) : start - 2;
    const std::int64_t created = instant_ms(created_on, 420 + draft.below(800));
    const std::uint64_t product = world.product_of(draft.number);
    draft.append_ids(created);
    draft.out.append(
        "customer_id",
        world.id(Collection::CustomersV2, world.customer_of_subscription(draft.number)));
    draft.out.append("product_id",
                     draft.fault == FaultKind::SubscriptionProductMissing
                         ? world.unknown_id(Collection::Products, draft.number)
                         : world.id(Collection::Products, product));
    const auto quantity = static_cast<std::int32_t>(1 + draft.below(4));
    draft.out.append("quantity", draft.fault == FaultKind::SubscriptionQuantityZero ? 0 : quantity);
    draft.append_money("price", world.product(product).price_paise);
    const std::string_view mode = draw_mode(draft);
    draft.out.append("mode", mode);
    append_days(draft, mode);
    append_status(draft, status);
    draft.out.append("start_date", day_text(start));
    Day updated = created_on + static_cast<std::int32_t>(draft.below(400));
    if (status == SubscriptionStatus::Stopped) {
        updated = world.stop_day_of(draft.number);
        draft.out.append("end_date", day_text(updated));
    }
    append_overrides(draft, today);
    append_pauses(draft, today, status);
    draft.out.append("shift", draft.random.chance(0.8) ? "morning" : "evening");
    draft.append_times(created, instant_ms(updated, 600));
}

}  // namespace plumb::generate
