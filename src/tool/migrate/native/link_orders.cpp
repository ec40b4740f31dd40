// SPDX-License-Identifier: GPL-3.0-or-later
// LinkOrdersToSubscriptions: an order without `subscription_id` gets the one subscription of its
// customer, to a product among its items, that was running on its day; null where there is none: a
// single order. Where several were, it is left.
#include "bson/builder.h"
#include "tool/migrate/data/batch_reader.h"
#include "tool/migrate/data/look_up.h"
#include "tool/migrate/data/step.h"
#include "tool/migrate/index/helper_index.h"
#include "tool/migrate/native/native.h"

#include <algorithm>
#include <map>
#include <set>

namespace plumb::migrate {
namespace {

constexpr const char* kField = "subscription_id";

// One subscription, as far as this needs it. Days are YYYY-MM-DD and sort as dates.
struct Subscription {
    std::string id;
    std::string product;
    std::string start;
    std::string end;  // empty: it goes on
    std::vector<std::pair<std::string, std::string>> pauses;

    [[nodiscard]] bool runs_on(const std::string& day) const {
        const bool paused = std::any_of(pauses.begin(), pauses.end(), [&day](const auto& pause) {
            return pause.first <= day && day <= pause.second;
        });
        return start <= day && (end.empty() || day <= end) && !paused;
    }
};

Subscription read_subscription(bson::View document) {
    Subscription out;
    out.id = text_in(document, "id");
    out.product = text_in(document, "product_id");
    out.start = text_in(document, "start_date");
    out.end = text_in(document, "end_date");
    const bson::ValueView pauses = document.find("pause_intervals");
    if (pauses.type() == bson::Type::Array) {
        for (const bson::Element& each : pauses.as_array()) {
            if (each.value.type() == bson::Type::Document) {
                out.pauses.emplace_back(text_in(each.value.as_document(), "start"),
                                        text_in(each.value.as_document(), "end"));
            }
        }
    }
    return out;
}

std::set<std::string> products_of(bson::View order) {
    std::set<std::string> out;
    const bson::ValueView items = order.find("items");
    if (items.type() == bson::Type::Array) {
        for (const bson::Element& each : items.as_array()) {
            if (each.value.type() == bson::Type::Document) {
                out.insert(text_in(each.value.as_document(), "product_id"));
            }
        }
    }
    return out;
}

class LinkOrdersToSubscriptions final : public NativeMigration {
  public:
    std::string_view collection() const override { return "orders"; }

    Result<DataOperation> up(const Deployment& deployment) override {
        Pass pass;
        pass.collection = "orders";
        pass.filter = document_of(kField, document_of("$exists", false));
        bson::Builder projection;
        projection.append("user_id", 1).append("delivery_date", 1).append("items.product_id", 1);
        pass.projection = projection.finish();
        pass.plan = [&deployment](const std::vector<bson::Document>& orders) {
            return plan(deployment, orders);
        };
        DataOperation out{bson::Document{}, {std::move(pass)}, "set subscription_id in"};
        out.helpers = {helper_index("customers_v2", {"user_id"}),
                       helper_index("subscriptions_v2", {"customer_id"})};
        return out;
    }

    Result<std::vector<Problem>> verify(const Deployment& deployment) override {
        bson::Builder filter;
        filter.begin_document(kField).append("$exists", true).begin_document("$not");
        filter.begin_array("$type").push("string").push("null").end().end().end();
        PLUMB_TRY(wrong, count_documents(deployment, "orders", filter.finish()));
        std::vector<Problem> out;
        if (wrong > 0) {
            Problem problem;
            problem.code = "no_id";
            problem.collection = "orders";
            problem.text = documents_text(wrong) + " of orders have a subscription_id that is none";
            out.push_back(std::move(problem));
        }
        return out;
    }

  private:
    // The subscriptions of each user who is a customer.
    static Result<std::map<std::string, std::vector<Subscription>>> subscriptions(
        const Deployment& deployment, const std::vector<bson::Document>& orders) {
        OneOf users{"user_id", {}};
        for (const bson::Document& order : orders) {
            users.add(order.find("user_id"));
        }
        std::map<std::string, std::string> user_of;  // by customer
        OneOf customers{"customer_id", {}};
        PLUMB_CHECK(find_one_of(deployment,
                                "customers_v2",
                                {users},
                                {"id", "user_id"},
                                [&](bson::View customer) -> Status {
                                    user_of[text_in(customer, "id")] = text_in(customer, "user_id");
                                    customers.add(customer.find("id"));
                                    return {};
                                }));
        std::map<std::string, std::vector<Subscription>> out;
        PLUMB_CHECK(find_one_of(deployment,
                                "subscriptions_v2",
                                {customers},
                                {"id",
                                 "customer_id",
                                 "product_id",
                                 "status",
                                 "start_date",
                                 "end_date",
                                 "pause_intervals"},
                                [&](bson::View found) -> Status {
                                    if (text_in(found, "status") != "draft") {
                                        out[user_of[text_in(found, "customer_id")]].push_back(
                                            read_subscription(found));
                                    }
                                    return {};
                                }));
        return out;
    }

    static Result<Change> plan(const Deployment& deployment,
                               const std::vector<bson::Document>& orders) {
        PLUMB_TRY(by_user, subscriptions(deployment, orders));
        Change out;
        std::vector<bson::Document> statements;
        for (const bson::Document& order : orders) {
            const std::string day = text_in(order, "delivery_date");
            const std::set<std::string> products = products_of(order);
            std::vector<const Subscription*> running;
            for (const Subscription& each : by_user[text_in(order, "user_id")]) {
                if (products.contains(each.product) && each.runs_on(day)) {
                    running.push_back(&each);
                }
            }
            if (running.size() > 1) {
                out.left.emplace_back(order.find("_id"));
                continue;
            }
            bson::Builder fields;
            if (running.empty()) {
                fields.append_null(kField);
            } else {
                fields.append(kField, running.front()->id);
            }
            set_in(out, statements, order, kField, fields.finish());
        }
        if (!statements.empty()) {
            out.command = update_command("orders", statements, false);
        }
        return out;
    }
};

}  // namespace

std::unique_ptr<NativeMigration> make_link_orders_to_subscriptions() {
    return std::make_unique<LinkOrdersToSubscriptions>();
}

}  // namespace plumb::migrate
