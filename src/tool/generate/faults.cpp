// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/generate/faults.h"

#include "base/random.h"

#include <array>

namespace plumb::generate {
namespace {

// clang-format off
using enum FaultKind;
using enum Collection;

constexpr auto kRows = std::to_array<FaultRow>({
    {UserEmailShared, Users, "DUPLICATE_USER_EMAIL", "email"},
    {UserEmailMalformed, Users, "RULE_EMAIL", "email"},
    {CustomerWithoutLogin, CustomersV2, "CUSTOMER_NO_LOGIN", "user_id"},
    {CustomerPhoneShared, CustomersV2, "DUPLICATE_CUSTOMER_PHONE", "phone"},
    {CustomerPhoneMalformed, CustomersV2, "RULE_PHONE", "phone"},
    {CustomerPincodeMalformed, CustomersV2, "RULE_PINCODE", "address.pincode"},
    {CustomerLatitudeOutOfRange, CustomersV2, "RULE_LATITUDE", "address.location.lat"},
    {ProductPriceNegative, Products, "RULE_PRICE", "price"},
    {SubscriptionStatusUnknown, SubscriptionsV2, "INVALID_SUBSCRIPTION_STATUS", "status"},
    {SubscriptionStatusAbsent, SubscriptionsV2, "INVALID_SUBSCRIPTION_STATUS", "status"},
    {SubscriptionQuantityZero, SubscriptionsV2, "RULE_QUANTITY", "quantity"},
    {SubscriptionProductMissing, SubscriptionsV2, "DANGLING_REFERENCE", "product_id"},
    {OrderUnbilled, Orders, "UNBILLED_ORDER", "billed"},
    {OrderPendingTooLong, Orders, "PENDING_ORDER_NOT_DELIVERED", "status"},
    {OrderSubscriptionMissing, Orders, "INVALID_SUBSCRIPTION_REFERENCE", "subscription_id"},
    {OrderStatusUnknown, Orders, "INVALID_ORDER_STATUS", "status"},
    {OrderStatusAbsent, Orders, "INVALID_ORDER_STATUS", "status"},
    {DeliveryWithoutOrder, DeliveryStatuses, "PHANTOM_DELIVERY_NO_ORDER", "order_id"},
    {DeliveryOrderMissing, DeliveryStatuses, "INVALID_ORDER_REFERENCE", "order_id"},
    {DeliveryStatusUnknown, DeliveryStatuses, "INVALID_DELIVERY_STATUS", "status"},
    {BillingSubscriptionMissing, BillingRecords, "BILLING_NO_SUBSCRIPTION", "subscription_id"},
    {BillingTwice, BillingRecords, "DOUBLE_BILLING", "subscription_id"},
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
    Random random = Random::stream(options.seed ^ (0xfa017ULL << 40),
                                   (place << 8) | static_cast<std::uint64_t>(collection));
    if (!random.chance(options.rate)) {
        return std::nullopt;
    }
    return kRows[range.first + random.below(range.count)].kind;
}

}  // namespace plumb::generate
