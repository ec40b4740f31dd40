// SPDX-License-Identifier: GPL-3.0-or-later
// Migrations written in C++, for what no operation of a file can say. A file names one by its
// class:
//
//   up:
//     - native: LinkOrdersToSubscriptions
//
// A native migration says what is to be done with each batch of documents; the runner reads the
// batches, keeps old values, saves its place, and puts everything back on the way down.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "tool/migrate/data/data_operation.h"
#include "tool/migrate/deployment/deployment.h"
#include "tool/migrate/deployment/problem.h"

#include <memory>
#include <string_view>
#include <vector>

namespace plumb::migrate {

class NativeMigration {
  public:
    virtual ~NativeMigration() = default;

    // What it works on, for people: "orders".
    [[nodiscard]] virtual std::string_view collection() const = 0;

    // The passes over the collections. Whatever they refer to lives as long as this object.
    [[nodiscard]] virtual Result<DataOperation> up(const Deployment& deployment) = 0;

    // Puts back what the batches kept; a class that changes anything else undoes that as well.
    [[nodiscard]] virtual Status down(OperationRun& run) {
        return revert_data(run, back_as_it_was);
    }

    // What is wrong after up(); everything is taken back if there is something.
    [[nodiscard]] virtual Result<std::vector<Problem>> verify(const Deployment& deployment) = 0;
};

// A new object of this class; null if there is none of the name.
[[nodiscard]] std::unique_ptr<NativeMigration> make_native(std::string_view class_name);

// The names of all native migrations, sorted.
[[nodiscard]] std::vector<std::string_view> native_names();

// The makers, each in the file of its class.
[[nodiscard]] std::unique_ptr<NativeMigration> make_link_deliveries_to_orders();
[[nodiscard]] std::unique_ptr<NativeMigration> make_link_orders_to_subscriptions();
[[nodiscard]] std::unique_ptr<NativeMigration> make_link_users_to_customers();

}  // namespace plumb::migrate
