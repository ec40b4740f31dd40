// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/generate/world.h"

#include "base/assert.h"
#include "tool/generate/names.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::generate {
namespace {

constexpr std::uint64_t kUnknownSalt = 0x756e6b6e6f776e00;
constexpr std::uint64_t kMillion = 1'000'000;

struct RoleRow {
    std::string_view role;
    std::uint64_t per_mille;  // 0: all that is left
};

// Groups of user numbers in their order; the first two share a role and are told apart by having a
// customers_v2 document.
constexpr auto kRoles = std::to_array<RoleRow>({
    {"customer", 0},
    {"customer", 0},
    {"delivery_boy", 55},
    {"supplier", 4},
    {"marketing_staff", 19},
    {"admin", 2},
});

std::string uuid_text(Random& random) {
    const std::uint64_t high = (random.next() & ~std::uint64_t{0xf000}) | 0x4000;
    const std::uint64_t low =
        (random.next() & ~(std::uint64_t{3} << 62)) | (std::uint64_t{1} << 63);
    return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
                       high >> 32,
                       (high >> 16) & 0xffff,
                       high & 0xffff,
                       low >> 48,
                       low & 0xffff'ffff'ffff);
}

ProductBrief make_product(std::uint64_t number, std::uint64_t count, Random& random) {
    // Numbers are spread over the hundred percents, so that small shops have all categories too.
    const CategoryRow& category = category_at(number * 100 / count);
    const std::int64_t rupees =
        category.price_low + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(
                                 category.price_high - category.price_low + 1)));
    const std::int64_t paise = random.chance(0.3) ? 50 : 0;
    const std::string_view thing = category.things[random.below(category.things.size())];
    return {fmt::format("{} {} {}", pick_brand(random), thing, category.unit),
            rupees * 100 + paise};
}

}  // namespace

World::World(const Options& options) : options_(options) {
    for (std::size_t index = 0; index < kCollections; ++index) {
        const auto collection = static_cast<Collection>(index);
        counts_[index] = documents_at(collection, options.scale);
        seeds_[index] = Random::stream(options.seed, index).next();
    }
    count_roles();
    for (std::size_t index = 0; index < kCollections; ++index) {
        places_[index] = Permutation{seeds_[index] ^ 1, counts_[index]};
    }
    const std::uint64_t customers = count(Collection::CustomersV2);
    const std::uint64_t subscriptions = count(Collection::SubscriptionsV2);
    live_subscriptions_ = std::max(customers, subscriptions - subscriptions / 20);
    heaviness_ = Permutation{options.seed ^ 0x6865617679, customers};
    second_subscribers_ = Permutation{options.seed ^ 0x7365636f6e64, customers};
    order_blocks_ = ZipfBlocks{customers, count(Collection::Orders)};
    lay_out_days();
    const std::uint64_t products = count(Collection::Products);
    products_.reserve(products);
    for (std::uint64_t number = 0; number < products; ++number) {
        Random random = stream(Collection::Products, number);
        products_.push_back(make_product(number, products, random));
    }
}

void World::count_roles() {
    const std::uint64_t users = count(Collection::Users);
    std::uint64_t end = users;
    for (std::size_t group = kRoles.size(); group-- > 2;) {
        role_ends_[group] = end;
        end -= std::max<std::uint64_t>(1, users * kRoles[group].per_mille / 1000);
    }
    std::uint64_t& customers = counts_[static_cast<std::size_t>(Collection::CustomersV2)];
    customers = std::min(customers, end);
    role_ends_[0] = customers;
    role_ends_[1] = end;
}

void World::lay_out_days() {
    const std::uint64_t orders = count(Collection::Orders);
    std::vector<std::uint64_t> sums{0};
    for (std::int32_t index = 0; index < kOrderDays; ++index) {
        const Day day = options_.today - (kOrderDays - 1 - index);
        const std::uint64_t growth = index >= kOrderDays - kOpenDays ? 3 : 1;
        sums.push_back(sums.back() + (is_weekend(day) ? 3 : 2) * growth);
    }
    first_order_of_day_.clear();
    for (const std::uint64_t sum : sums) {
        first_order_of_day_.push_back(orders * sum / sums.back());
    }
    const std::uint64_t recent = orders - first_order_of_day_[kOrderDays - kOpenDays];
    open_per_million_ =
        std::min(kMillion, orders / 10 * kMillion / std::max(recent, std::uint64_t{1}));
}

std::string World::id(Collection collection, std::uint64_t number) const {
    Random random = Random::stream(seeds_[static_cast<std::size_t>(collection)], number);
    return std::string{row_of(collection).id_prefix} + uuid_text(random);
}

std::string World::unknown_id(Collection collection, std::uint64_t number) const {
    Random random =
        Random::stream(seeds_[static_cast<std::size_t>(collection)] ^ kUnknownSalt, number);
    return std::string{row_of(collection).id_prefix} + uuid_text(random);
}

Random World::stream(Collection collection, std::uint64_t number) const {
    return Random::stream(~seeds_[static_cast<std::size_t>(collection)], number);
}

std::optional<FaultKind> World::fault(Collection collection, std::uint64_t place) const {
    const FaultOptions options{options_.seed, options_.fault_rate};
    return fault_at(options, collection, place, count(collection));
}

std::uint64_t World::victim_of(Collection collection, std::uint64_t place) const {
    std::uint64_t victim = place;
    do {
        victim = (victim + 1) % count(collection);
    } while (victim != place && fault(collection, victim).has_value());
    return victim;
}

std::string_view World::role_of(std::uint64_t user) const {
    const auto* const group = std::upper_bound(role_ends_.begin(), role_ends_.end(), user);
    return kRoles[static_cast<std::size_t>(group - role_ends_.begin())].role;
}

std::uint64_t World::pick_user(std::string_view role, Random& random) const {
    for (std::size_t group = 1; group < kRoles.size(); ++group) {
        if (kRoles[group].role == role) {
            const std::uint64_t begin = role == "customer" ? 0 : role_ends_[group - 1];
            return begin + random.below(role_ends_[group] - begin);
        }
    }
    return 0;
}

std::uint64_t World::delivery_boy_of(std::uint64_t customer) const {
    Random random = Random::stream(options_.seed ^ 0x626f79, customer);
    return pick_user("delivery_boy", random);
}

std::uint64_t World::customer_of_subscription(std::uint64_t subscription) const {
    const std::uint64_t customers = count(Collection::CustomersV2);
    if (subscription < customers) {
        return subscription;
    }
    return second_subscribers_.forward((subscription - customers) % customers);
}

std::optional<std::uint64_t> World::second_subscription(std::uint64_t customer) const {
    const std::uint64_t customers = count(Collection::CustomersV2);
    const std::uint64_t number = customers + second_subscribers_.inverse(customer);
    if (number >= count(Collection::SubscriptionsV2)) {
        return std::nullopt;
    }
    return number;
}

SubscriptionStatus World::status_of(std::uint64_t subscription) const {
    if (subscription >= live_subscriptions_) {
        return SubscriptionStatus::Draft;
    }
    Random random = Random::stream(options_.seed ^ 0x737461747573, subscription);
    const std::uint64_t draw = random.below(95);
    if (draw < 55) {
        return SubscriptionStatus::Active;
    }
    return draw < 70 ? SubscriptionStatus::Paused : SubscriptionStatus::Stopped;
}

Day World::stop_day_of(std::uint64_t subscription) const {
    Random random = Random::stream(options_.seed ^ 0x73746f70, subscription);
    return options_.today - static_cast<std::int32_t>(random.below(400));
}

std::uint64_t World::product_of(std::uint64_t subscription) const {
    Random random = Random::stream(options_.seed ^ 0x70726f64756374, subscription);
    return pick_product(random);
}

std::uint64_t World::pick_product(Random& random) const {
    const std::uint64_t products = count(Collection::Products);
    return std::min(random.below(products), random.below(products));
}

Day World::day_of_order_place(std::uint64_t place) const {
    const auto after =
        std::upper_bound(first_order_of_day_.begin(), first_order_of_day_.end(), place);
    const auto index = static_cast<std::int32_t>(after - first_order_of_day_.begin()) - 1;
    return options_.today - (kOrderDays - 1 - index);
}

std::pair<std::uint64_t, std::uint64_t> World::orders_of(std::uint64_t customer) const {
    const std::uint64_t rank = heaviness_.inverse(customer);
    return {order_blocks_.first(rank), order_blocks_.first(rank + 1)};
}

OrderStatus World::draw_status(Day day, Random& random) const {
    const std::uint64_t draw = random.below(kMillion);
    if (day > options_.today - kOpenDays && draw < open_per_million_) {
        return random.below(10) < 6 ? OrderStatus::Pending : OrderStatus::Confirmed;
    }
    return random.below(90) < 84 ? OrderStatus::Delivered : OrderStatus::Cancelled;
}

OrderFacts World::order(std::uint64_t number) const {
    const std::uint64_t place = place_of(Collection::Orders, number);
    Random random = Random::stream(options_.seed ^ 0x6f72646572, number);
    OrderFacts out;
    out.number = number;
    out.customer = heaviness_.forward(order_blocks_.rank_of(number));
    out.day = day_of_order_place(place);
    out.status = draw_status(out.day, random);
    const auto second = second_subscription(out.customer);
    const bool second_runs = second.has_value() && *second < live_subscriptions_;
    out.subscription = second_runs && random.chance(0.4) ? *second : out.customer;
    const bool open = out.status == OrderStatus::Pending || out.status == OrderStatus::Confirmed;
    const bool stopped = status_of(out.subscription) == SubscriptionStatus::Stopped &&
                         out.day > stop_day_of(out.subscription);
    // A single order that stays open for a week is a finding; those of a subscription are not.
    const bool may_be_single = !open || out.day > options_.today - kFreshDays;
    out.single = may_be_single && (stopped || random.chance(0.2));
    out.billed = out.single || (out.status == OrderStatus::Delivered && random.chance(0.97));
    const auto fault = this->fault(Collection::Orders, place);
    if (fault == FaultKind::OrderUnbilled) {
        out.single = true;
        out.billed = false;
        out.status = OrderStatus::Delivered;
    } else if (fault == FaultKind::OrderPendingTooLong) {
        out.single = true;
        out.billed = true;
        out.status = OrderStatus::Pending;
        out.day = std::min(out.day, options_.today - (kFreshDays + 13));
    } else if (fault == FaultKind::OrderSubscriptionMissing) {
        out.single = false;
    }
    return out;
}

}  // namespace plumb::generate
