// SPDX-License-Identifier: GPL-3.0-or-later
// Who is who in the generated shop: every relation between documents as a function of seed and
// numbers, so that a document can be made without the others.
//
// Each entity has a number (what it is) and a place (where it stands in its collection). Customer c
// is user c; subscription c is customer c's main one; orders are numbered in blocks by customer and
// placed by day.
//
//   World world{{.scale = 1000, .seed = 7}};
//   world.id(Collection::Orders, 12)             // "ord_…"
//
// Memory   eight bytes a customer for the Zipf table, and the products' names and prices.
// Threads  const functions may run at once.
#pragma once

#include "base/random.h"
#include "tool/generate/calendar.h"
#include "tool/generate/faults.h"
#include "tool/generate/permutation.h"
#include "tool/generate/schema.h"
#include "tool/generate/zipf.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::generate {

inline constexpr std::int32_t kOrderDays = 730;  // delivery dates end today
inline constexpr std::int32_t kOpenDays = 60;    // the last ones hold what is not delivered yet
inline constexpr std::int32_t kFreshDays = 7;    // a single order is delivered within these

struct Options {
    std::uint64_t scale = 100'000;  // orders; requires >= 100
    std::uint64_t seed = 1;
    Day today{20'480};  // 2026-01-27
    double fault_rate = 0.002;
    // The documents as they were before EarlyBird's migrations 001 to 005: without the fields that
    // those add, and with a customer in fifty whose login nobody knows.
    bool before_migrations = false;
};

// What an order's item needs to know of its product.
struct ProductBrief {
    std::string name;
    std::int64_t price_paise = 0;
};

enum class OrderStatus : std::uint8_t { Pending, Confirmed, Delivered, Cancelled };
enum class SubscriptionStatus : std::uint8_t { Draft, Active, Paused, Stopped };

// What others need to know of an order, made from its number and place.
struct OrderFacts {
    std::uint64_t number = 0;
    std::uint64_t customer = 0;
    std::uint64_t subscription = 0;  // meaningless for a single order
    Day day;
    OrderStatus status = OrderStatus::Delivered;
    bool single = false;
    bool billed = false;
};

class World {
  public:
    explicit World(const Options& options);

    [[nodiscard]] const Options& options() const { return options_; }
    [[nodiscard]] std::uint64_t count(Collection collection) const {
        return counts_[static_cast<std::size_t>(collection)];
    }

    // The application key of an entity: prefix and a version 4 UUID.
    [[nodiscard]] std::string id(Collection collection, std::uint64_t number) const;
    // A well-formed key that no entity has.
    [[nodiscard]] std::string unknown_id(Collection collection, std::uint64_t number) const;

    // A stream of random numbers for the fields of one entity.
    [[nodiscard]] Random stream(Collection collection, std::uint64_t number) const;

    [[nodiscard]] std::uint64_t number_at(Collection collection, std::uint64_t place) const {
        return places_[static_cast<std::size_t>(collection)].inverse(place);
    }
    [[nodiscard]] std::uint64_t place_of(Collection collection, std::uint64_t number) const {
        return places_[static_cast<std::size_t>(collection)].forward(number);
    }
    [[nodiscard]] std::optional<FaultKind> fault(Collection collection, std::uint64_t place) const;
    // The place after `place` (around the end) that has no fault: whose value a duplicate repeats.
    [[nodiscard]] std::uint64_t victim_of(Collection collection, std::uint64_t place) const;

    // User numbers: customers first (with a customers_v2 document, then without), then each role.
    [[nodiscard]] std::string_view role_of(std::uint64_t user) const;
    [[nodiscard]] std::uint64_t pick_user(std::string_view role, Random& random) const;

    [[nodiscard]] std::uint64_t delivery_boy_of(std::uint64_t customer) const;
    [[nodiscard]] std::uint64_t customer_of_subscription(std::uint64_t subscription) const;
    // The number of a customer's second subscription, if there is one; a draft perhaps.
    [[nodiscard]] std::optional<std::uint64_t> second_subscription(std::uint64_t customer) const;
    [[nodiscard]] SubscriptionStatus status_of(std::uint64_t subscription) const;
    [[nodiscard]] Day stop_day_of(std::uint64_t subscription) const;  // requires Stopped
    [[nodiscard]] std::uint64_t product_of(std::uint64_t subscription) const;
    // Subscriptions that are not drafts have the numbers below this.
    [[nodiscard]] std::uint64_t live_subscriptions() const { return live_subscriptions_; }

    [[nodiscard]] const ProductBrief& product(std::uint64_t number) const {
        return products_[number];
    }
    // A product, the popular ones more often.
    [[nodiscard]] std::uint64_t pick_product(Random& random) const;

    [[nodiscard]] OrderFacts order(std::uint64_t number) const;
    [[nodiscard]] Day day_of_order_place(std::uint64_t place) const;
    // The orders of a customer are numbered [first, second).
    [[nodiscard]] std::pair<std::uint64_t, std::uint64_t> orders_of(std::uint64_t customer) const;

  private:
    void count_roles();
    void lay_out_days();
    [[nodiscard]] OrderStatus draw_status(Day day, Random& random) const;

    Options options_;
    std::array<std::uint64_t, kCollections> counts_{};
    std::array<std::uint64_t, kCollections> seeds_{};
    std::array<Permutation, kCollections> places_;
    std::array<std::uint64_t, 6> role_ends_{};       // user numbers where each group ends
    std::vector<std::uint64_t> first_order_of_day_;  // by day, one more than there are days
    std::uint64_t open_per_million_ = 0;             // of the orders of the last days
    std::uint64_t live_subscriptions_ = 0;
    Permutation heaviness_;           // customer by rank
    Permutation second_subscribers_;  // customer by number of second subscription
    ZipfBlocks order_blocks_;
    std::vector<ProductBrief> products_;
};

}  // namespace plumb::generate
