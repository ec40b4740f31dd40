// SPDX-License-Identifier: GPL-3.0-or-later
// suppliers, and the small collections around buying: links, batches, procurement, requests.
#include "tool/generate/makers.h"
#include "tool/generate/names.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace plumb::generate {
namespace {

std::int64_t created_within(Draft& draft, std::int64_t days) {
    const Day day =
        draft.world.options().today - (1 + static_cast<std::int32_t>(draft.below(days)));
    return instant_ms(day, 480 + draft.below(600));
}

// A product and the supplier that delivers it first, as make_products.cpp gives it.
struct Supply {
    std::uint64_t product;
    std::uint64_t supplier;
};

Supply draw_supply(Draft& draft) {
    const std::uint64_t product = draft.world.pick_product(draft.random);
    return {product, product % draft.world.count(Collection::Suppliers)};
}

template <std::size_t N>
std::string_view pick(Draft& draft, const std::array<std::string_view, N>& texts) {
    return texts[draft.random.below(N)];
}

}  // namespace

void make_supplier(Draft& draft) {
    const World& world = draft.world;
    const std::int64_t created = instant_ms(
        world.options().today - (kOrderDays + 60 + static_cast<std::int32_t>(draft.below(700))),
        600);
    // Far from the users' numbers, so that no phone is given twice.
    const std::string phone = phone_digits(3'000'000'000 + draft.number);
    draft.append_ids(created);
    const std::string_view brand = pick_brand(draft.random);
    draft.out.append("name", fmt::format("{} {} Supplies", brand, pick_last_name(draft.random)));
    draft.out.append("email", fmt::format("orders{}@supplier.example.in", draft.number));
    draft.out.append("phone", phone_written(phone, draft.random.below(8)));
    draft.out.begin_array("products");
    const std::uint64_t suppliers = world.count(Collection::Suppliers);
    for (std::uint64_t product = draft.number; product < world.count(Collection::Products);
         product += suppliers) {
        draft.out.push(world.id(Collection::Products, product));
    }
    draft.out.end();
    draft.out.append("is_active", draft.random.chance(0.95));
    draft.append_times(created, created + draft.below(700) * kMsPerDay);
}

void make_supplier_link(Draft& draft) {
    const World& world = draft.world;
    const std::int64_t created = created_within(draft, kOrderDays);
    const std::uint64_t product = draft.number % world.count(Collection::Products);
    draft.append_ids(created);
    draft.out.append("product_id", world.id(Collection::Products, product));
    draft.out.append("supplier_id",
                     world.id(Collection::Suppliers, product % world.count(Collection::Suppliers)));
    const std::int64_t price = world.product(product).price_paise;
    draft.append_money("cost_price", price - price / 5);
    draft.out.append("lead_time_days", static_cast<std::int32_t>(1 + draft.below(7)));
    draft.out.append("is_preferred", draft.random.chance(0.6));
    draft.append_times(created, created);
}

void make_product_batch(Draft& draft) {
    const Supply supply = draw_supply(draft);
    const std::int64_t created = created_within(draft, 90);
    const Day made{static_cast<std::int32_t>(created / kMsPerDay)};
    draft.append_ids(created);
    draft.out.append("product_id", draft.world.id(Collection::Products, supply.product));
    draft.out.append("supplier_id", draft.world.id(Collection::Suppliers, supply.supplier));
    draft.out.append("batch_number", fmt::format("B{:07}", draft.number));
    draft.out.append("quantity", static_cast<std::int32_t>(20 + draft.below(480)));
    draft.out.append("manufactured_on", day_text(made));
    draft.out.append("expires_on", day_text(made + static_cast<std::int32_t>(2 + draft.below(60))));
    draft.append_times(created, created);
}

void make_procurement_order(Draft& draft) {
    constexpr std::array<std::string_view, 4> kStatuses{
        "requested", "confirmed", "shipped", "received"};
    const Supply supply = draw_supply(draft);
    const std::int64_t created = created_within(draft, 180);
    const std::int64_t price = draft.world.product(supply.product).price_paise;
    const auto quantity = static_cast<std::int32_t>(50 + draft.below(950));
    const std::int64_t cost = price - price / 5;
    draft.append_ids(created);
    draft.out.append("supplier_id", draft.world.id(Collection::Suppliers, supply.supplier));
    draft.out.begin_array("items");
    draft.out.push_document();
    draft.out.append("product_id", draft.world.id(Collection::Products, supply.product));
    draft.out.append("quantity", quantity);
    draft.append_money("price", cost);
    draft.append_money("total", cost * quantity);
    draft.out.end();
    draft.out.end();
    draft.append_money("total_amount", cost * quantity);
    draft.out.append("status", pick(draft, kStatuses));
    draft.out.append("expected_on",
                     day_text(Day{static_cast<std::int32_t>(created / kMsPerDay)} + 3));
    draft.append_times(created, created + draft.below(5) * kMsPerDay);
}

void make_product_request(Draft& draft) {
    constexpr std::array<std::string_view, 3> kStatuses{"pending", "approved", "rejected"};
    const World& world = draft.world;
    const std::int64_t created = created_within(draft, 120);
    const CategoryRow& category = category_at(draft.random.below(100));
    draft.append_ids(created);
    draft.out.append(
        "supplier_id",
        world.id(Collection::Suppliers, draft.random.below(world.count(Collection::Suppliers))));
    const std::string_view thing = category.things[draft.random.below(category.things.size())];
    draft.out.append("name", fmt::format("{} {}", pick_brand(draft.random), thing));
    draft.out.append("category", category.name);
    draft.append_money("suggested_price", 100 * (category.price_low + draft.below(50)));
    draft.out.append("status", pick(draft, kStatuses));
    draft.append_times(created, created + draft.below(10) * kMsPerDay);
}

void make_commission(Draft& draft) {
    constexpr std::array<std::string_view, 2> kStatuses{"pending", "paid"};
    const World& world = draft.world;
    const std::int64_t created = created_within(draft, 365);
    const std::uint64_t customer = draft.random.below(world.count(Collection::CustomersV2));
    draft.append_ids(created);
    draft.out.append("staff_id",
                     world.id(Collection::Users, world.pick_user("marketing_staff", draft.random)));
    draft.out.append("customer_id", world.id(Collection::CustomersV2, customer));
    draft.append_money("amount", 100 * (50 + draft.below(450)));
    draft.out.append("percentage", static_cast<std::int32_t>(2 + draft.below(9)));
    draft.out.append("period",
                     month_text(world.options().today, static_cast<int>(draft.below(12))));
    draft.out.append("status", pick(draft, kStatuses));
    draft.append_times(created, created + draft.below(30) * kMsPerDay);
}

}  // namespace plumb::generate
