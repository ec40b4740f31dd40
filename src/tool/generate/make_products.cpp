// SPDX-License-Identifier: GPL-3.0-or-later
// products: twelve uneven categories, a description of 400 to 800 bytes, one supplier or two.
#include "tool/generate/makers.h"
#include "tool/generate/names.h"

#include <fmt/format.h>

namespace plumb::generate {

void make_product(Draft& draft) {
    const World& world = draft.world;
    const CategoryRow& category =
        category_at(draft.number * 100 / world.count(Collection::Products));
    const ProductBrief& brief = world.product(draft.number);
    const std::uint64_t suppliers = world.count(Collection::Suppliers);
    const Day created_on =
        world.options().today - (kOrderDays + 20 + static_cast<std::int32_t>(draft.below(700)));
    const std::int64_t created = instant_ms(created_on, 540 + draft.below(500));
    draft.append_ids(created);
    draft.out.append("name", brief.name);
    draft.out.append("category", category.name);
    draft.out.append("unit", category.unit);
    draft.append_money(
        "price",
        draft.fault == FaultKind::ProductPriceNegative ? -brief.price_paise : brief.price_paise);
    draft.out.append("stock", static_cast<std::int32_t>(draft.below(5000)));
    draft.out.append("is_active", draft.random.chance(0.95));
    const std::uint64_t first = draft.number % suppliers;
    draft.out.begin_array("supplier_ids");
    draft.out.push(world.id(Collection::Suppliers, first));
    if (draft.random.chance(0.3)) {
        const std::uint64_t second = (first + 1 + draft.random.below(suppliers - 1)) % suppliers;
        draft.out.push(world.id(Collection::Suppliers, second));
    }
    draft.out.end();
    draft.out.append("image", fmt::format("/images/products/{}.webp", draft.number));
    draft.out.append("description",
                     sentences(draft.random, 400 + static_cast<std::size_t>(draft.below(380))));
    draft.append_times(created, created + draft.below(700) * kMsPerDay);
}

}  // namespace plumb::generate
