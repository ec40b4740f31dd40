// SPDX-License-Identifier: GPL-3.0-or-later
// customers_v2: customer c is user c, with the same phone written in a way of its own.
#include "tool/generate/makers.h"
#include "tool/generate/names.h"

namespace plumb::generate {
namespace {

// Before the migrations nobody knows the login of one customer in so many.
constexpr std::uint64_t kLoginLostEvery = 50;
constexpr std::uint64_t kLoginLostAt = 3;

std::string phone_of(Draft& draft) {
    const std::uint64_t style = draft.random.below(8);
    if (draft.fault == FaultKind::CustomerPhoneMalformed) {
        return phone_digits(draft.number).substr(0, 8);
    }
    std::uint64_t owner = draft.number;
    if (draft.fault == FaultKind::CustomerPhoneShared) {
        owner = draft.world.number_at(draft.collection,
                                      draft.world.victim_of(draft.collection, draft.place));
    }
    return phone_written(phone_digits(owner), style);
}

std::string_view status_of(std::uint64_t percent) {
    if (percent < 88) {
        return "active";
    }
    return percent < 95 ? "paused" : "inactive";
}

}  // namespace

void make_customer(Draft& draft) {
    const World& world = draft.world;
    const Day created_on =
        world.options().today - (kOrderDays + 5 + static_cast<std::int32_t>(draft.below(600)));
    const std::int64_t created = instant_ms(created_on, 360 + draft.below(900));
    Address address = address_of(world, draft.number);
    if (draft.fault == FaultKind::CustomerPincodeMalformed) {
        address.pincode %= 10'000;
    } else if (draft.fault == FaultKind::CustomerLatitudeOutOfRange) {
        address.lat += 90;
    }
    draft.append_ids(created);
    const bool login_lost =
        world.options().before_migrations && draft.number % kLoginLostEvery == kLoginLostAt;
    if (draft.fault != FaultKind::CustomerWithoutLogin && !login_lost) {
        draft.out.append("user_id", world.id(Collection::Users, draft.number));
    }
    draft.out.append("name", person_of(world, draft.number).name);
    draft.out.append("phone", phone_of(draft));
    append_address(draft.out, "address", address);
    draft.out.append("area", address.area);
    draft.out.append("status", status_of(draft.random.below(100)));
    draft.out.append("delivery_boy_id",
                     world.id(Collection::Users, world.delivery_boy_of(draft.number)));
    if (draft.random.chance(0.4)) {
        draft.out.append(
            "marketing_boy_id",
            world.id(Collection::Users, world.pick_user("marketing_staff", draft.random)));
    }
    draft.append_times(created, created + draft.below(600) * kMsPerDay);
}

}  // namespace plumb::generate
