// SPDX-License-Identifier: GPL-3.0-or-later
// Fields that several collections share: `_id`, `id`, instants, money, addresses, people, items.
//
// Threads  pure functions over a const World.
#pragma once

#include "bson/builder.h"
#include "tool/generate/world.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace plumb::generate {

// One document being written: where it stands, its random stream, and how it writes instants.
struct Draft {
    const World& world;
    Collection collection;
    std::uint64_t place;
    std::uint64_t number;
    Random random;
    bool old_instants;  // ISO 8601 text instead of BSON dates: one document in ten
    std::optional<FaultKind> fault;
    bson::Builder& out;

    // `_id` and `id`; the ObjectId carries the second of creation.
    void append_ids(std::int64_t created_ms);
    void append_instant(std::string_view name, std::int64_t ms);
    // `created_at` and an `updated_at` not before it.
    void append_times(std::int64_t created_ms, std::int64_t updated_ms);
    void append_money(std::string_view name, std::int64_t paise);
    [[nodiscard]] std::int64_t below(std::int64_t bound) {
        return static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(bound)));
    }
};

struct Person {
    std::string name;
    std::string email;
};

// Name and e-mail of a user; no two users share an e-mail.
[[nodiscard]] Person person_of(const World& world, std::uint64_t user);

struct Address {
    std::string line1;
    std::string_view area;
    std::string_view city;
    std::int32_t pincode = 0;
    double lat = 0;
    double lng = 0;
};
[[nodiscard]] Address address_of(const World& world, std::uint64_t customer);
void append_address(bson::Builder& out, std::string_view name, const Address& address);

// The items of an order, made again wherever they are repeated (deliveries).
// Returns the sum in paise.
std::int64_t append_items(bson::Builder& out, const World& world, const OrderFacts& order);

[[nodiscard]] std::string_view status_text(OrderStatus status);
[[nodiscard]] std::string_view status_text(SubscriptionStatus status);

}  // namespace plumb::generate
