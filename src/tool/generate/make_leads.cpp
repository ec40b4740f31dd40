// SPDX-License-Identifier: GPL-3.0-or-later
// leads: people who might become customers.
#include "tool/generate/makers.h"
#include "tool/generate/names.h"

#include <fmt/format.h>

#include <array>

namespace plumb::generate {
namespace {

std::string_view draw_status(Draft& draft) {
    const std::int64_t percent = draft.below(100);
    if (percent < 30) {
        return "new";
    }
    if (percent < 55) {
        return "contacted";
    }
    return percent < 80 ? "converted" : "lost";
}

}  // namespace

void make_lead(Draft& draft) {
    constexpr std::array<std::string_view, 5> kSources{
        "society_camp", "referral", "website", "flyer", "walk_in"};
    constexpr std::array<std::string_view, 4> kNotes{"Asked for a trial week.",
                                                     "Wants evening delivery.",
                                                     "Compare prices with the local shop.",
                                                     "Call back on Sunday."};
    const World& world = draft.world;
    const Day created_on =
        world.options().today - static_cast<std::int32_t>(1 + draft.below(kOrderDays));
    const std::int64_t created = instant_ms(created_on, 540 + draft.below(600));
    draft.append_ids(created);
    const std::string_view first_name = pick_first_name(draft.random);
    draft.out.append("name", fmt::format("{} {}", first_name, pick_last_name(draft.random)));
    draft.out.append(
        "phone", phone_written(phone_digits(2'000'000'000 + draft.number), draft.random.below(8)));
    draft.out.append("area", pick_area(draft.random).name);
    draft.out.append("status", draw_status(draft));
    draft.out.append("source", kSources[draft.random.below(kSources.size())]);
    draft.out.append("assigned_to",
                     world.id(Collection::Users, world.pick_user("marketing_staff", draft.random)));
    draft.out.begin_array("notes");
    const std::int64_t notes = draft.below(3);
    for (std::int64_t index = 0; index < notes; ++index) {
        draft.out.push(kNotes[draft.random.below(kNotes.size())]);
    }
    draft.out.end();
    draft.append_times(created, created + draft.below(30) * kMsPerDay);
}

}  // namespace plumb::generate
