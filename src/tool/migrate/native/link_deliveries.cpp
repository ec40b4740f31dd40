// SPDX-License-Identifier: GPL-3.0-or-later
// LinkDeliveriesToOrders: a delivery status without `order_id` gets the order of its customer on
// its day. Of several orders that day it is the one with the delivery's subscription; where that
// still leaves several, it is left.
#include "bson/builder.h"
#include "bson/hash.h"
#include "tool/migrate/data/batch_reader.h"
#include "tool/migrate/data/look_up.h"
#include "tool/migrate/data/step.h"
#include "tool/migrate/index/helper_index.h"
#include "tool/migrate/native/native.h"

#include <map>

namespace plumb::migrate {
namespace {

constexpr const char* kField = "order_id";

struct Order {
    std::string id;
    std::uint64_t items = 0;  // their hash
};

std::uint64_t items_of(bson::View document) {
    const bson::ValueView items = document.find("items");
    return items.missing() ? 0 : bson::hash_value(items);
}

using UserAndDay = std::pair<std::string, std::string>;

class LinkDeliveriesToOrders final : public NativeMigration {
  public:
    std::string_view collection() const override { return "delivery_statuses"; }

    Result<DataOperation> up(const Deployment& deployment) override {
        Pass pass;
        pass.collection = "delivery_statuses";
        pass.filter = is_unset(kField);
        bson::Builder projection;
        projection.append("customer_id", 1).append("delivery_date", 1);
        projection.append("items", 1).append(kField, 1);
        pass.projection = projection.finish();
        pass.plan = [&deployment](const std::vector<bson::Document>& deliveries) {
            return plan(deployment, deliveries);
        };
        DataOperation out{bson::Document{}, {std::move(pass)}, "set order_id in"};
        out.helpers = {helper_index("customers_v2", {"id"}),
                       helper_index("orders", {"user_id", "delivery_date"})};
        return out;
    }

    Result<std::vector<Problem>> verify(const Deployment& deployment) override {
        bson::Builder filter;
        filter.begin_document(kField).append("$exists", true).begin_document("$not");
        filter.begin_array("$type").push("string").push("null").end().end().end();
        PLUMB_TRY(wrong, count_documents(deployment, "delivery_statuses", filter.finish()));
        std::vector<Problem> out;
        if (wrong > 0) {
            Problem problem;
            problem.code = "no_id";
            problem.collection = "delivery_statuses";
            problem.text = documents_text(wrong) + " have an order_id that is none";
            out.push_back(std::move(problem));
        }
        return out;
    }

  private:
    // The user behind each customer of these deliveries.
    static Result<std::map<std::string, std::string>> users(
        const Deployment& deployment, const std::vector<bson::Document>& deliveries) {
        OneOf customers{"id", {}};
        for (const bson::Document& each : deliveries) {
            customers.add(each.find("customer_id"));
        }
        std::map<std::string, std::string> out;
        PLUMB_CHECK(find_one_of(deployment,
                                "customers_v2",
                                {customers},
                                {"id", "user_id"},
                                [&out](bson::View customer) -> Status {
                                    out[text_in(customer, "id")] = text_in(customer, "user_id");
                                    return {};
                                }));
        return out;
    }

    static Result<std::map<UserAndDay, std::vector<Order>>> orders(
        const Deployment& deployment,
        const std::map<std::string, std::string>& user_of,
        const std::vector<bson::Document>& deliveries) {
        OneOf users_wanted{"user_id", {}};
        OneOf days{"delivery_date", {}};
        for (const auto& [customer, user] : user_of) {
            if (!user.empty()) {
                users_wanted.values.emplace_back(user);
            }
        }
        for (const bson::Document& each : deliveries) {
            days.add(each.find("delivery_date"));
        }
        std::map<UserAndDay, std::vector<Order>> out;
        PLUMB_CHECK(find_one_of(
            deployment,
            "orders",
            {users_wanted, days},
            {"id", "user_id", "delivery_date", "items"},
            [&out](bson::View order) -> Status {
                out[{text_in(order, "user_id"), text_in(order, "delivery_date")}].push_back(
                    {text_in(order, "id"), items_of(order)});
                return {};
            }));
        return out;
    }

    static Result<Change> plan(const Deployment& deployment,
                               const std::vector<bson::Document>& deliveries) {
        PLUMB_TRY(user_of, users(deployment, deliveries));
        PLUMB_TRY(found, orders(deployment, user_of, deliveries));
        Change out;
        std::vector<bson::Document> statements;
        for (const bson::Document& delivery : deliveries) {
            const std::string& user = user_of[text_in(delivery, "customer_id")];
            std::vector<Order> candidates = found[{user, text_in(delivery, "delivery_date")}];
            if (candidates.size() > 1) {
                const std::uint64_t items = items_of(delivery);
                std::erase_if(candidates,
                              [items](const Order& each) { return each.items != items; });
                if (candidates.size() != 1) {
                    out.left.emplace_back(delivery.find("_id"));
                    continue;
                }
            }
            if (!candidates.empty()) {
                set_in(
                    out, statements, delivery, kField, document_of(kField, candidates.front().id));
            }
        }
        if (!statements.empty()) {
            out.command = update_command("delivery_statuses", statements, false);
        }
        return out;
    }
};

}  // namespace

std::unique_ptr<NativeMigration> make_link_deliveries_to_orders() {
    return std::make_unique<LinkDeliveriesToOrders>();
}

}  // namespace plumb::migrate
