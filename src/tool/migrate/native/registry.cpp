// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/native/native.h"

#include <array>

namespace plumb::migrate {
namespace {

struct Row {
    std::string_view name;
    std::unique_ptr<NativeMigration> (*make)();
};

constexpr auto kRows = std::to_array<Row>({
    {"LinkDeliveriesToOrders", make_link_deliveries_to_orders},
    {"LinkOrdersToSubscriptions", make_link_orders_to_subscriptions},
    {"LinkUsersToCustomers", make_link_users_to_customers},
});

}  // namespace

std::unique_ptr<NativeMigration> make_native(std::string_view class_name) {
    for (const Row& row : kRows) {
        if (row.name == class_name) {
            return row.make();
        }
    }
    return nullptr;
}

std::vector<std::string_view> native_names() {
    std::vector<std::string_view> out;
    for (const Row& row : kRows) {
        out.push_back(row.name);
    }
    return out;
}

}  // namespace plumb::migrate
