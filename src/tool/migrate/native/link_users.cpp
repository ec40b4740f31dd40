// SPDX-License-Identifier: GPL-3.0-or-later
// LinkUsersToCustomers: users and customers_v2 point at each other, `customer_v2_id` and `user_id`.
// A link that goes one way is completed first; then who is alone is matched by phone, then by
// e-mail. A phone or e-mail that more than one user or more than one customer has decides nothing:
// those customers are left.
//
// Memory   the phones (or e-mails) of a part of all people at a time, at most about a million.
#include "bson/builder.h"
#include "tool/migrate/data/batch_reader.h"
#include "tool/migrate/data/look_up.h"
#include "tool/migrate/data/step.h"
#include "tool/migrate/index/helper_index.h"
#include "tool/migrate/native/link_agreement.h"
#include "tool/migrate/native/native.h"
#include "tool/migrate/native/people.h"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>

namespace plumb::migrate {
namespace {

constexpr std::int64_t kPeopleAtOnce = 1'000'000;

const Links kCustomerLinks{"customers_v2", "user_id", "users", "customer_v2_id"};
const Links kUserLinks{"users", "customer_v2_id", "customers_v2", "user_id"};

using Normalise = std::string (*)(std::string_view);

// Who has one phone or e-mail.
struct Entry {
    std::string user_id;  // of the first user who has it
    std::string linked_to;
    int users = 0;
    int customers = 0;
};

// Everybody's phone or e-mail, as far as it falls into one part of all.
class Directory {
  public:
    Directory(std::string field, Normalise normalise, std::size_t part, std::size_t parts)
        : field_(std::move(field)), normalise_(normalise), part_(part), parts_(parts) {}

    Status load(const Deployment& deployment) {
        if (loaded_) {
            return {};
        }
        const auto read = [&](const char* collection, bool is_user) {
            client::FindOptions options;
            bson::Builder projection;
            projection.append(field_, 1).append("id", 1).append("customer_v2_id", 1);
            options.projection = projection.finish();
            return deployment.client.find(deployment.database,
                                          collection,
                                          bson::View{},
                                          options,
                                          [this, is_user](bson::View each) -> Status {
                                              add(each, is_user);
                                              return {};
                                          });
        };
        PLUMB_CHECK(read("users", true));
        PLUMB_CHECK(read("customers_v2", false));
        loaded_ = true;
        return {};
    }

    // The entry of this person; null if he has no such thing, or it is of another part.
    const Entry* find(bson::View person) const {
        const std::string key = key_of(person);
        const auto found = key.empty() ? entries_.end() : entries_.find(key);
        return found == entries_.end() ? nullptr : &found->second;
    }

  private:
    std::string key_of(bson::View person) const {
        std::string key = normalise_(text_in(person, field_));
        return std::hash<std::string>{}(key) % parts_ == part_ ? key : std::string{};
    }

    void add(bson::View person, bool is_user) {
        const std::string key = key_of(person);
        if (key.empty()) {
            return;
        }
        Entry& entry = entries_[key];
        if (is_user && entry.users++ == 0) {
            entry.user_id = text_in(person, "id");
            entry.linked_to = text_in(person, "customer_v2_id");
        }
        entry.customers += is_user ? 0 : 1;
    }

    std::string field_;
    Normalise normalise_;
    std::size_t part_;
    std::size_t parts_;
    bool loaded_ = false;
    std::unordered_map<std::string, Entry> entries_;
};

// Who of `collection` points with `field` at one of these; the second of two makes it empty.
Result<std::map<std::string, std::string>> pointing_at(const Deployment& deployment,
                                                       const std::string& collection,
                                                       const std::string& field,
                                                       const std::vector<bson::Document>& targets) {
    OneOf wanted{field, {}};
    for (const bson::Document& each : targets) {
        wanted.add(each.find("id"));
    }
    std::map<std::string, std::string> out;
    PLUMB_CHECK(find_one_of(
        deployment, collection, {wanted}, {"id", field}, [&](bson::View found) -> Status {
            const auto [at, is_new] = out.try_emplace(text_in(found, field), text_in(found, "id"));
            if (!is_new) {
                at->second.clear();
            }
            return {};
        }));
    return out;
}

void finish(Change& change,
            const std::string& collection,
            const std::vector<bson::Document>& statements) {
    if (!statements.empty()) {
        change.command = update_command(collection, statements, false);
    }
}

class LinkUsersToCustomers final : public NativeMigration {
  public:
    std::string_view collection() const override { return "customers_v2"; }

    Result<DataOperation> up(const Deployment& deployment) override {
        PLUMB_TRY(people, count_documents(deployment, "users", bson::View{}));
        const auto parts = static_cast<std::size_t>(1 + people / kPeopleAtOnce);
        std::vector<Pass> passes;
        for (std::size_t part = 0; part < parts; ++part) {
            passes.push_back(customers(deployment, "phone", normal_phone, part, parts));
        }
        for (std::size_t part = 0; part < parts; ++part) {
            passes.push_back(customers(deployment, "email", normal_email, part, parts));
        }
        passes.push_back(users(deployment));
        DataOperation out{bson::Document{}, std::move(passes), "linked"};
        out.helpers = {helper_index("users", {"customer_v2_id"}),
                       helper_index("customers_v2", {"user_id"}),
                       helper_index("users", {"id"}),
                       helper_index("customers_v2", {"id"})};
        return out;
    }

    // Whoever was linked is linked both ways, and nobody twice. What contradicted itself before
    // this migration is not its fault and stays.
    Result<std::vector<Problem>> verify(const Deployment& deployment) override {
        if (!before_.has_value()) {
            return std::vector<Problem>{};  // nobody was without a link
        }
        PLUMB_TRY(now, disagreements(deployment));
        std::vector<Problem> out = worse(kCustomerLinks, before_->customers, now.customers);
        const std::vector<Problem> more = worse(kUserLinks, before_->users, now.users);
        out.insert(out.end(), more.begin(), more.end());
        return out;
    }

  private:
    struct Both {
        Disagreement customers;
        Disagreement users;
    };

    static Result<Both> disagreements(const Deployment& deployment) {
        PLUMB_TRY(customers, count_disagreement(deployment, kCustomerLinks));
        PLUMB_TRY(users, count_disagreement(deployment, kUserLinks));
        return Both{customers, users};
    }

    // Counted when the first batch is looked at: by then the look-ups have their indexes.
    Status remember_before(const Deployment& deployment) {
        if (!before_.has_value()) {
            PLUMB_TRY(now, disagreements(deployment));
            before_ = now;
        }
        return {};
    }

    Pass customers(const Deployment& deployment,
                   const std::string& field,
                   Normalise normalise,
                   std::size_t part,
                   std::size_t parts) {
        Pass pass;
        pass.collection = "customers_v2";
        pass.filter = is_unset("user_id");
        bson::Builder projection;
        projection.append("id", 1).append("user_id", 1).append("phone", 1).append("email", 1);
        pass.projection = projection.finish();
        const auto directory = std::make_shared<Directory>(field, normalise, part, parts);
        const bool is_last = field == "email";
        pass.plan = [this, &deployment, directory, is_last](
                        const std::vector<bson::Document>& documents) -> Result<Change> {
            PLUMB_CHECK(remember_before(deployment));
            PLUMB_CHECK(directory->load(deployment));
            PLUMB_TRY(known, pointing_at(deployment, "users", "customer_v2_id", documents));
            PLUMB_TRY(taken, taken_users(deployment, documents, *directory));
            return match(documents, *directory, {known, taken}, is_last);
        };
        return pass;
    }

    // Links that are there already, for the people of a batch.
    struct Linked {
        std::map<std::string, std::string> user_of;  // customer → the user who points at him
        std::set<std::string> taken;                 // users at whom some customer points
    };

    // Of the users whom this directory offers to these customers, those who have a customer.
    static Result<std::set<std::string>> taken_users(const Deployment& deployment,
                                                     const std::vector<bson::Document>& documents,
                                                     const Directory& directory) {
        OneOf wanted{"user_id", {}};
        for (const bson::Document& customer : documents) {
            if (const Entry* entry = directory.find(customer); entry != nullptr) {
                wanted.add(bson::Value{entry->user_id}.view());
            }
        }
        std::set<std::string> out;
        PLUMB_CHECK(find_one_of(
            deployment, "customers_v2", {wanted}, {"user_id"}, [&out](bson::View found) -> Status {
                out.insert(text_in(found, "user_id"));
                return {};
            }));
        return out;
    }

    static Change match(const std::vector<bson::Document>& documents,
                        const Directory& directory,
                        const Linked& links,
                        bool is_last) {
        Change out;
        std::vector<bson::Document> statements;
        for (const bson::Document& customer : documents) {
            const std::string id = text_in(customer, "id");
            const auto user = links.user_of.find(id);
            if (user != links.user_of.end() && !user->second.empty()) {
                set_in(out, statements, customer, "user_id", document_of("user_id", user->second));
                continue;
            }
            const Entry* entry = directory.find(customer);
            if (entry == nullptr || entry->users == 0) {
                continue;
            }
            // Two customers who agree with one user by different means are as ambiguous.
            const bool one_each =
                entry->users == 1 && entry->customers == 1 && !links.taken.contains(entry->user_id);
            if (one_each && (entry->linked_to.empty() || entry->linked_to == id)) {
                set_in(
                    out, statements, customer, "user_id", document_of("user_id", entry->user_id));
            } else if (!one_each && (is_last || text_in(customer, "email").empty())) {
                out.left.emplace_back(customer.find("_id"));
            }
        }
        finish(out, "customers_v2", statements);
        return out;
    }

    Pass users(const Deployment& deployment) {
        Pass pass;
        pass.collection = "users";
        pass.filter = is_unset("customer_v2_id");
        bson::Builder projection;
        projection.append("id", 1).append("customer_v2_id", 1);
        pass.projection = projection.finish();
        pass.plan = [this,
                     &deployment](const std::vector<bson::Document>& documents) -> Result<Change> {
            PLUMB_CHECK(remember_before(deployment));
            PLUMB_TRY(known, pointing_at(deployment, "customers_v2", "user_id", documents));
            Change out;
            std::vector<bson::Document> statements;
            for (const bson::Document& user : documents) {
                const auto customer = known.find(text_in(user, "id"));
                if (customer == known.end()) {
                    continue;
                }
                if (customer->second.empty()) {
                    out.left.emplace_back(user.find("_id"));
                    continue;
                }
                set_in(out,
                       statements,
                       user,
                       "customer_v2_id",
                       document_of("customer_v2_id", customer->second));
            }
            finish(out, "users", statements);
            return out;
        };
        return pass;
    }

    std::optional<Both> before_;
};

}  // namespace

std::unique_ptr<NativeMigration> make_link_users_to_customers() {
    return std::make_unique<LinkUsersToCustomers>();
}

}  // namespace plumb::migrate
