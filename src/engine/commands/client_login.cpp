// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/client_login.h"

#include "engine/commands/user_catalog.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::commands {

void ClientLogin::add(std::shared_ptr<const UserRecord> user) {
    std::erase_if(
        users, [&](const LoggedInUser& each) { return each.record->database == user->database; });
    Privileges privileges = user->privileges();
    users.push_back({std::move(user), std::move(privileges)});
    note_owner();
}

void ClientLogin::remove(std::string_view database) {
    std::erase_if(users,
                  [&](const LoggedInUser& each) { return each.record->database == database; });
    note_owner();
}

void ClientLogin::refresh(const UserCatalog& catalog) {
    const std::uint64_t now = catalog.generation();
    if (now == generation) {
        return;
    }
    std::vector<LoggedInUser> still_there;
    for (const LoggedInUser& each : users) {
        auto user = catalog.find(each.record->database, each.record->name);
        // Another user of the same name, made after this one was dropped, never logged in here.
        if (user != nullptr && user->uuid == each.record->uuid) {
            Privileges privileges = user->privileges();
            still_there.push_back({std::move(user), std::move(privileges)});
        }
    }
    users = std::move(still_there);
    generation = now;
    note_owner();
}

bool ClientLogin::allow(const Requirement& requirement) const {
    return std::ranges::any_of(
        users, [&](const LoggedInUser& each) { return each.privileges.allow(requirement); });
}

bool ClientLogin::any_in_database(std::string_view database) const {
    return std::ranges::any_of(
        users, [&](const LoggedInUser& each) { return each.privileges.any_in_database(database); });
}

bool ClientLogin::any_on(const Target& target) const {
    return std::ranges::any_of(
        users, [&](const LoggedInUser& each) { return each.privileges.any_on(target); });
}

std::string ClientLogin::owner() const {
    const std::scoped_lock lock{mutex_};
    return owner_;
}

void ClientLogin::note_owner() {
    std::string names;
    for (const LoggedInUser& each : users) {
        names += fmt::format(
            "{}{}@{}", names.empty() ? "" : ",", each.record->name, each.record->database);
    }
    const std::scoped_lock lock{mutex_};
    owner_ = std::move(names);
}

ClientLogin& login_of(ClientState& client) {
    if (client.login == nullptr) {
        client.login = std::make_shared<ClientLogin>();
    }
    return *client.login;
}

std::string owner_of(const ClientState& client) {
    return client.login == nullptr ? std::string{} : client.login->owner();
}

bool is_logged_in(const ClientState& client) {
    return client.login != nullptr && !client.login->users.empty();
}

}  // namespace plumb::commands
