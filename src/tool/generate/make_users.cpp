// SPDX-License-Identifier: GPL-3.0-or-later
// users: e-mail, password hash, role; customers point at their customers_v2 document.
#include "tool/generate/makers.h"
#include "tool/generate/names.h"

#include <fmt/format.h>

namespace plumb::generate {
namespace {

// A duplicate that differs in case is one all the same: e-mails are compared case-folded.
std::string email_of(Draft& draft, std::string own) {
    if (draft.fault == FaultKind::UserEmailMalformed) {
        own.erase(own.find('@'), 1);
        return own;
    }
    if (draft.fault != FaultKind::UserEmailShared) {
        return own;
    }
    const std::uint64_t victim = draft.world.victim_of(draft.collection, draft.place);
    std::string shared =
        person_of(draft.world, draft.world.number_at(draft.collection, victim)).email;
    if (draft.place % 2 == 1) {
        shared[0] = static_cast<char>(shared[0] - 'a' + 'A');
    }
    return shared;
}

// Of the form of a hash; no password leads to it.
std::string made_up_hash(Random& random) {
    std::string text = fmt::format("pbkdf2_sha256$120000${:016x}$", random.next());
    for (int word = 0; word < 4; ++word) {
        text += fmt::format("{:016x}", random.next());
    }
    return text;
}

}  // namespace

void make_user(Draft& draft) {
    const World& world = draft.world;
    const Day created_on =
        world.options().today - (kOrderDays + 10 + static_cast<std::int32_t>(draft.below(660)));
    const std::int64_t created = instant_ms(created_on, 360 + draft.below(900));
    const Person person = person_of(world, draft.number);
    draft.append_ids(created);
    draft.out.append("email", email_of(draft, person.email));
    draft.out.append("password_hash", made_up_hash(draft.random));
    draft.out.append("name", person.name);
    draft.out.append("phone", phone_written(phone_digits(draft.number), draft.random.below(8)));
    draft.out.append("role", world.role_of(draft.number));
    draft.out.append("is_active", draft.random.chance(0.97));
    if (draft.number < world.count(Collection::CustomersV2) && !world.options().before_migrations) {
        draft.out.append("customer_v2_id", world.id(Collection::CustomersV2, draft.number));
    }
    draft.append_times(created, created + draft.below(600) * kMsPerDay);
}

}  // namespace plumb::generate
