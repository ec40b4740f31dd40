// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/generate/documents.h"

#include "tool/generate/makers.h"

#include <array>

namespace plumb::generate {
namespace {

using Maker = void (*)(Draft&);

// In the order of the enumeration.
constexpr std::array<Maker, kCollections> kMakers{
    make_user,
    make_customer,
    make_product,
    make_supplier,
    make_subscription,
    make_order,
    make_delivery_status,
    make_lead,
    make_billing_record,
    make_product_request,
    make_procurement_order,
    make_commission,
    make_supplier_link,
    make_product_batch,
};

// Anything but stopped; a subscription whose own status was broken does not count.
bool runs(const World& world, std::uint64_t subscription) {
    const auto fault = world.fault(Collection::SubscriptionsV2,
                                   world.place_of(Collection::SubscriptionsV2, subscription));
    if (fault == FaultKind::SubscriptionStatusUnknown ||
        fault == FaultKind::SubscriptionStatusAbsent) {
        return false;
    }
    return world.status_of(subscription) != SubscriptionStatus::Stopped;
}

bool has_running_subscription(const World& world, std::uint64_t customer) {
    const auto second = world.second_subscription(customer);
    return runs(world, customer) || (second.has_value() && runs(world, *second));
}

}  // namespace

bson::View make_document(const World& world,
                         Collection collection,
                         std::uint64_t place,
                         bson::Builder& builder) {
    builder.clear();
    const std::uint64_t number = world.number_at(collection, place);
    Random random = world.stream(collection, number);
    const bool old_instants = random.chance(0.1);
    Draft draft{world,
                collection,
                place,
                number,
                random,
                old_instants,
                world.fault(collection, place),
                builder};
    kMakers[static_cast<std::size_t>(collection)](draft);
    return builder.finish_view();
}

std::vector<ExpectedFinding> expected_findings(const World& world,
                                               Collection collection,
                                               std::uint64_t place) {
    const auto kind = world.fault(collection, place);
    if (!kind.has_value()) {
        return {};
    }
    const FaultRow& row = fault_row(*kind);
    const std::uint64_t number = world.number_at(collection, place);
    ExpectedFinding finding{row.finding, collection, world.id(collection, number), row.field, {}};
    if (kind == FaultKind::UserEmailShared || kind == FaultKind::CustomerPhoneShared ||
        kind == FaultKind::BillingTwice) {
        const std::uint64_t victim = world.victim_of(collection, place);
        finding.with.push_back(world.id(collection, world.number_at(collection, victim)));
    }
    if (kind == FaultKind::CustomerWithoutLogin && has_running_subscription(world, number)) {
        finding.finding = "CUSTOMER_NO_LOGIN_WITH_ACTIVE_SUBSCRIPTIONS";
    }
    std::vector<ExpectedFinding> out{finding};
    if (kind == FaultKind::DeliveryOrderMissing) {
        finding.finding = "PHANTOM_DELIVERY_NO_ORDER";
        out.push_back(finding);
    }
    return out;
}

}  // namespace plumb::generate
