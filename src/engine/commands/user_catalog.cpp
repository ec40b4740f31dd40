// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/user_catalog.h"

#include "base/interrupt.h"
#include "engine/auth/crypto.h"
#include "engine/commands/secret_file.h"
#include "engine/exec/find.h"
#include "engine/exec/write.h"

#include <fmt/format.h>

namespace plumb::commands {

namespace {

constexpr ErrorCode kUserExists{51003};

bson::Document id_filter(std::string_view id) {
    bson::Builder filter;
    filter.append("_id", id);
    return filter.finish();
}

// A change of users must not be lost: whoever was locked out must stay so.
class Journaled {
  public:
    explicit Journaled(exec::Operation& operation)
        : operation_(operation), before_(operation.durability) {
        operation.durability = storage::Durability::Journaled;
    }
    Journaled(const Journaled&) = delete;
    Journaled& operator=(const Journaled&) = delete;
    ~Journaled() { operation_.durability = before_; }

  private:
    exec::Operation& operation_;
    storage::Durability before_;
};

Status insert(exec::Operation& operation, const UserRecord& user) {
    const bson::Document document = to_document(user);
    exec::InsertRequest request;
    request.ns = kUsersNamespace;
    request.documents = {document.view()};
    PLUMB_TRY(outcome, exec::insert_documents(operation, request));
    return outcome.error ? Status{*outcome.error} : Status{};
}

}  // namespace

Error user_not_found(std::string_view database, std::string_view name) {
    return fail(ErrorCode::UserNotFound, fmt::format("User '{}@{}' not found", name, database));
}

std::shared_ptr<UserCatalog> UserCatalog::load(storage::Engine& engine,
                                               exec::PlanCache& plans,
                                               const Clock& clock,
                                               const std::string& data_directory) {
    auto out = std::make_shared<UserCatalog>();
    out->data_directory_ = data_directory;
    Interrupt interrupt{clock};
    exec::Operation operation{
        engine, plans, clock, interrupt, {}, storage::Durability::Journaled, {}};
    out->read_all(operation);
    return out;
}

void UserCatalog::read_all(exec::Operation& operation) {
    exec::FindRequest request;
    request.ns = kUsersNamespace;
    auto cursor = exec::open_find(operation, std::move(request));
    if (!cursor.ok()) {
        status_ = cursor.error();
        return;
    }
    while (true) {
        const auto document = (*cursor)->next();
        if (!document.ok()) {
            status_ = document.error();
            return;
        }
        if (!*document) {
            return;
        }
        auto user = parse_user_record(**document);
        if (user.ok()) {
            keep(std::move(user).value());
        } else {
            status_ = user.error();
        }
    }
}

void UserCatalog::keep(UserRecord user) {
    auto record = std::make_shared<const UserRecord>(std::move(user));
    const std::scoped_lock lock{mutex_};
    users_.insert_or_assign(record->id(), record);
    generation_.fetch_add(1, std::memory_order_release);
}

std::shared_ptr<const UserRecord> UserCatalog::find(std::string_view database,
                                                    std::string_view name) const {
    const std::string id = fmt::format("{}.{}", database, name);
    const std::scoped_lock lock{mutex_};
    const auto found = users_.find(id);
    // Names may have dots, databases not: the same id is the same user.
    return found == users_.end() ? nullptr : found->second;
}

std::vector<std::shared_ptr<const UserRecord>> UserCatalog::all() const {
    std::vector<std::shared_ptr<const UserRecord>> out;
    const std::scoped_lock lock{mutex_};
    for (const auto& [id, user] : users_) {
        out.push_back(user);
    }
    return out;
}

bool UserCatalog::empty() const {
    const std::scoped_lock lock{mutex_};
    return users_.empty() && status_.ok();
}

Result<std::string> UserCatalog::secret() {
    const std::scoped_lock lock{mutex_};
    if (secret_.empty()) {
        PLUMB_TRY(read, read_or_make_secret(data_directory_));
        secret_ = std::move(read);
    }
    return secret_;
}

Status UserCatalog::add(exec::Operation& operation, UserRecord user) {
    if (find(user.database, user.name) != nullptr) {
        return fail(kUserExists,
                    fmt::format("User \"{}@{}\" already exists", user.name, user.database));
    }
    const Journaled journaled{operation};
    PLUMB_CHECK(insert(operation, user));
    keep(std::move(user));
    return {};
}

Status UserCatalog::replace(exec::Operation& operation, UserRecord user) {
    if (find(user.database, user.name) == nullptr) {
        return user_not_found(user.database, user.name);
    }
    const Journaled journaled{operation};
    exec::UpdateRequest request;
    request.ns = kUsersNamespace;
    request.filter = id_filter(user.id());
    request.update = bson::Value{to_document(user).view().as_value()};
    PLUMB_CHECK(exec::update_documents(operation, request));
    keep(std::move(user));
    return {};
}

Status UserCatalog::remove(exec::Operation& operation,
                           std::string_view database,
                           std::string_view name) {
    const auto user = find(database, name);
    if (user == nullptr) {
        return user_not_found(database, name);
    }
    const Journaled journaled{operation};
    exec::DeleteRequest request;
    request.ns = kUsersNamespace;
    request.filter = id_filter(user->id());
    request.only_one = true;
    PLUMB_CHECK(exec::delete_documents(operation, request));
    const std::scoped_lock lock{mutex_};
    users_.erase(user->id());
    generation_.fetch_add(1, std::memory_order_release);
    return {};
}

}  // namespace plumb::commands
