// SPDX-License-Identifier: GPL-3.0-or-later
// The collections of EarlyBird: names, id prefixes, sizes. The one place that names them; what a
// document of each holds is in make_<collection>.cpp.
//
// Source   docs: the domain's sizes are per 100 000 orders
// Threads  everything here is constant.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace plumb::generate {

enum class Collection : std::uint8_t {
    Users,
    CustomersV2,
    Products,
    Suppliers,
    SubscriptionsV2,
    Orders,
    DeliveryStatuses,
    Leads,
    BillingRecords,
    ProductRequests,
    ProcurementOrders,
    Commissions,
    SupplierLinks,
    ProductBatches,
    kCount,
};
inline constexpr std::size_t kCollections = static_cast<std::size_t>(Collection::kCount);

struct CollectionRow {
    std::string_view name;
    std::string_view id_prefix;
    std::uint64_t per_100k;  // documents for each 100 000 orders
    std::uint64_t minimum;   // however few orders there are
};

// In the order of the enumeration.
inline constexpr std::array<CollectionRow, kCollections> kSchema{{
    {"users", "usr_", 20'000, 20},
    {"customers_v2", "cust_", 18'000, 12},
    {"products", "prd_", 500, 24},
    {"suppliers", "sup_", 40, 4},
    {"subscriptions_v2", "sub_", 24'000, 16},
    {"orders", "ord_", 100'000, 100},
    {"delivery_statuses", "del_", 110'000, 110},
    {"leads", "lnk_", 5'000, 8},
    {"billing_records", "bil_", 40'000, 20},
    {"product_requests", "prq_", 200, 4},
    {"procurement_orders", "pro_", 300, 4},
    {"commissions", "com_", 500, 4},
    {"supplier_links", "spl_", 600, 4},
    {"product_batches", "bat_", 1'000, 8},
}};

[[nodiscard]] constexpr const CollectionRow& row_of(Collection collection) {
    return kSchema[static_cast<std::size_t>(collection)];
}

// How many documents a collection has at a scale (number of orders).
[[nodiscard]] constexpr std::uint64_t documents_at(Collection collection, std::uint64_t scale) {
    const CollectionRow& row = row_of(collection);
    const std::uint64_t count = row.per_100k * scale / 100'000;
    return count < row.minimum ? row.minimum : count;
}

}  // namespace plumb::generate
