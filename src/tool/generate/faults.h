// SPDX-License-Identifier: GPL-3.0-or-later
// The faults that are planted on purpose, so that a check's recall and precision can be computed.
//
// A document carries at most one fault. Which, if any, follows from seed, rate, collection and
// place alone, so that any document can be made without those before it.
//
// Format   faults.jsonl: one expected finding a line,
//          {"kind": "...", "collection": "...", "id": "...", "field": "...", "with": ["..."]}
// Threads  pure functions.
#pragma once

#include "tool/generate/schema.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace plumb::generate {

enum class FaultKind : std::uint8_t {
    UserEmailShared,
    UserEmailMalformed,
    CustomerWithoutLogin,
    CustomerPhoneShared,
    CustomerPhoneMalformed,
    CustomerPincodeMalformed,
    CustomerLatitudeOutOfRange,
    ProductPriceNegative,
    SubscriptionStatusUnknown,
    SubscriptionStatusAbsent,
    SubscriptionQuantityZero,
    SubscriptionProductMissing,
    OrderUnbilled,
    OrderPendingTooLong,
    OrderSubscriptionMissing,
    OrderStatusUnknown,
    OrderStatusAbsent,
    DeliveryWithoutOrder,
    DeliveryOrderMissing,
    DeliveryStatusUnknown,
    BillingSubscriptionMissing,
    BillingTwice,
};

struct FaultRow {
    FaultKind kind;
    Collection collection;
    std::string_view finding;  // the code a check reports it by
    std::string_view field;    // the field it is seen at
};

// All kinds, in the order of the enumeration.
[[nodiscard]] std::span<const FaultRow> fault_rows();
[[nodiscard]] const FaultRow& fault_row(FaultKind kind);

struct FaultOptions {
    std::uint64_t seed = 0;
    double rate = 0;  // probability of a fault in a document; 0 plants none
};

// The fault of the document at this place among `count`. With any rate above 0 each kind is
// planted at least once in a collection that is large enough.
[[nodiscard]] std::optional<FaultKind> fault_at(const FaultOptions& options,
                                                Collection collection,
                                                std::uint64_t place,
                                                std::uint64_t count);

}  // namespace plumb::generate
