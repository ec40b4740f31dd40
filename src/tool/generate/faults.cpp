// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/generate/faults.h"

#include <array>

#include "base/random.h"

namespace plumb::generate {
namespace {

// clang-format off
constexpr auto kRows = std::to_array<FaultRow>({
    {FaultKind::UserEmailShared,            Collection::Users,            "DUPLICATE_USER_EMAIL",           "email"},
    {FaultKind::UserEmailMalformed,         Collection::Users,            "RULE_EMAIL",                     "email"},
    {FaultKind::CustomerWithoutLogin,       Collection::CustomersV2,      "CUSTOMER_NO_LOGIN",              "user_id"},
    {FaultKind::CustomerPhoneShared,        Collection::CustomersV2,      "DUPLICATE_CUSTOMER_PHONE",       "phone"},
    {FaultKind::CustomerPhoneMalformed,     Collection::CustomersV2,      "RULE_PHONE",                     "phone"},
    {FaultKind::CustomerPincodeMalformed,   Collection::CustomersV2,      "RULE_PINCODE",                   "address.pincode"},
    {FaultKind::CustomerLatitudeOutOfRange, Collection::CustomersV2,      "RULE_LATITUDE",                  "address.location.lat"},
    {FaultKind::ProductPriceNegative,       Collection::Products,         "RULE_PRICE",                     "price"},
    {FaultKind::SubscriptionStatusUnknown,  Collection::SubscriptionsV2,  "INVALID_SUBSCRIPTION_STATUS",    "status"},
    {FaultKind::SubscriptionStatusAbsent,   Collection::SubscriptionsV2,  "INVALID_SUBSCRIPTION_STATUS",    "status"},
    {FaultKind::SubscriptionQuantityZero,   Collection::SubscriptionsV2,  "RULE_QUANTITY",                  "quantity"},
    {FaultKind::SubscriptionProductMissing, Collection::SubscriptionsV2,  "DANGLING_REFERENCE",             "product_id"},
    {FaultKind::OrderUnbilled,              Collection::Orders,           "UNBILLED_ORDER",                 "billed"},
    {FaultKind::OrderPendingTooLong,        Collection::Orders,           "PENDING_ORDER_NOT_DELIVERED",    "status"},
    {FaultKind::OrderSubscriptionMissing,   Collection::Orders,           "INVALID_SUBSCRIPTION_REFERENCE", "subscription_id"},
    {FaultKind::OrderStatusUnknown,         Collection::Orders,           "INVALID_ORDER_STATUS",           "status"},
    {FaultKind::OrderStatusAbsent,          Collection::Orders,           "INVALID_ORDER_STATUS",           "status"},
    {FaultKind::DeliveryWithoutOrder,       Collection::DeliveryStatuses, "PHANTOM_DELIVERY_NO_ORDER",      "order_id"},
    {FaultKind::DeliveryOrderMissing,       Collection::DeliveryStatuses, "INVALID_ORDER_REFERENCE",        "order_id"},
    {FaultKind::DeliveryStatusUnknown,      Collection::DeliveryStatuses, "INVALID_DELIVERY_STATUS",        "status"},
    {FaultKind::BillingSubscriptionMissing, Collection::BillingRecords,   "BILLING_NO_SUBSCRIPTION",        "subscription_id"},
    {FaultKind::BillingTwice,               Collection::BillingRecords,   "DOUBLE_BILLING",                 "subscription_id"},
});
// clang-format on

// The rows of one collection: where they begin and how many there are.
struct Range {
    std::size_t first = 0;
    std::size_t count = 0;
};

constexpr auto kRanges = [] {
    std::array<Range, kCollections> ranges{};
    for (std::size_t row = kRows.size(); row-- > 0;) {
        Range& range = ranges[static_cast<std::size_t>(kRows[row].collection)];
        range.first = row;
        ++range.count;
    }
    return ranges;
}();

}  // namespace

std::span<const FaultRow> fault_rows() {
    return kRows;
}

const FaultRow& fault_row(FaultKind kind) {
    return kRows[static_cast<std::size_t>(kind)];
}

std::optional<FaultKind> fault_at(const FaultOptions& options,
                                  Collection collection,
                                  std::uint64_t place,
                                  std::uint64_t count) {
    const Range range = kRanges[static_cast<std::size_t>(collection)];
    if (options.rate <= 0 || range.count == 0) {
        return std::nullopt;
    }
    const std::uint64_t step = count / (range.count + 1);
    if (step > 1 && place % step == 0 && place > 0 && place / step <= range.count) {
        return kRows[range.first + place / step - 1].kind;
    }
    Random random = Random::stream(
        options.seed ^ (0xfa017ULL << 40), (place << 8) | static_cast<std::uint64_t>(collection));
    if (!random.chance(options.rate)) {
        return std::nullopt;
    }
    return kRows[range.first + random.below(range.count)].kind;
}

}  // namespace plumb::generate
