// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/authorize.h"

#include "bson/number.h"
#include "engine/commands/client_login.h"
#include "engine/commands/fields.h"
#include "engine/commands/service_state.h"
#include "engine/commands/slow_log.h"
#include "engine/commands/user_catalog.h"
#include "engine/plan/value_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace plumb::commands {

namespace {

constexpr std::size_t kShownCommandBytesMax = 1024;

// What may be done before there is a user, from this machine only: making the first one.
constexpr auto kOpenAtFirst =
    std::to_array<std::string_view>({"createUser", "replSetGetStatus", "replSetInitiate"});

// What would change the users behind the back of those who are logged in.
constexpr auto kWritesDocuments = std::to_array<Action>({Action::Insert,
                                                         Action::Update,
                                                         Action::Remove,
                                                         Action::CreateCollection,
                                                         Action::DropCollection,
                                                         Action::RenameCollection,
                                                         Action::ChangeCollection,
                                                         Action::ConvertToCapped,
                                                         Action::CreateIndex,
                                                         Action::DropIndex});

Error not_authorized(const Request& request) {
    const bson::Document shown = shown_command(request.command);
    std::string text = plan::value_text(shown.view().as_value());
    if (text.size() > kShownCommandBytesMax) {
        text.resize(kShownCommandBytesMax);
        text += "…";
    }
    return fail(ErrorCode::Unauthorized,
                fmt::format("not authorized on {} to execute command {}", request.database, text));
}

// Users are changed by their own commands, which check them and tell those who are logged in.
Status protect_users(const ServiceState& state, const Request& request) {
    if (request.row.name == "dropDatabase" && request.database == "admin" &&
        !state.users->empty()) {
        return fail(ErrorCode::IllegalOperation,
                    "Dropping the 'admin' database is prohibited while it holds users; see "
                    "dropUser and dropAllUsersFromDatabase");
    }
    // Only these name another database than the one they run on.
    const bool elsewhere =
        request.row.action == Action::Aggregate || request.row.action == Action::RenameCollection;
    if (request.database != "admin" && !elsewhere) {
        return {};
    }
    for (const Requirement& each : requirements_of(request)) {
        const bool writes =
            std::ranges::find(kWritesDocuments, each.action) != kWritesDocuments.end();
        if (writes && each.target.database == "admin" && each.target.name == "system.users") {
            return fail(ErrorCode::IllegalOperation,
                        "admin.system.users is changed by createUser, updateUser, dropUser, "
                        "grantRolesToUser and revokeRolesFromUser only");
        }
    }
    return {};
}

// A cursor belongs to those who were logged in when it was opened.
bool owns_cursors(const ServiceState& state, const ClientLogin& login, bson::ValueView ids) {
    const auto owns = [&](bson::ValueView id) {
        if (id.type() != bson::Type::Int64) {
            return true;
        }
        const auto opened_by = state.cursors.opened_by(id.as_int64());
        return !opened_by || *opened_by == login.owner();
    };
    if (ids.type() != bson::Type::Array) {
        return owns(ids);
    }
    const bson::ArrayView list = ids.as_array();
    return std::ranges::all_of(
        list.begin(), list.end(), [&](const bson::Element& each) { return owns(each.value); });
}

bool owns_operation(const ServiceState& state, const ClientLogin& login, bson::ValueView id) {
    const auto wanted = id.is_number() ? bson::to_exact_int64(id) : std::nullopt;
    bool owns = false;
    state.operations.for_each([&](const RunningOperation& operation) {
        owns = owns || (wanted && operation.opid == *wanted &&
                        owner_of(*operation.client) == login.owner());
    });
    return owns;
}

// {usersInfo: "ann"} by ann herself, without what only an administrator may see.
bool asks_for_self(const ClientLogin& login, const Request& request) {
    const bson::ValueView which = request.command.front().value;
    if (bool_or(request.command, "showCredentials", false)) {
        return false;
    }
    const bool by_name = which.type() == bson::Type::String;
    if (!by_name && which.type() != bson::Type::Document) {
        return false;
    }
    const std::string_view name =
        by_name ? which.as_string() : string_or(which.as_document(), "user", "");
    const std::string_view database =
        by_name ? request.database : string_or(which.as_document(), "db", "");
    return std::ranges::any_of(login.users, [&](const LoggedInUser& each) {
        return each.record->name == name && each.record->database == database;
    });
}

// What one may do to one's own cursors, operations and user without any role.
bool is_own_affair(const ServiceState& state, const ClientLogin& login, const Request& request) {
    if (request.row.name == "killCursors") {
        return owns_cursors(state, login, request.command.find("cursors"));
    }
    if (request.row.name == "killOp") {
        return owns_operation(state, login, request.command.find("op"));
    }
    return request.row.name == "usersInfo" && asks_for_self(login, request);
}

Status check_login(const ServiceState& state, const ClientState& client, const Request& request) {
    const bool first_steps =
        client.is_loopback && state.users->empty() && request.database == "admin" &&
        std::ranges::find(kOpenAtFirst, request.row.name) != kOpenAtFirst.end();
    if (first_steps) {
        return {};
    }
    return fail(ErrorCode::Unauthorized,
                fmt::format("command {} requires authentication", request.row.name));
}

Status check_get_more(const ServiceState& state, const ClientLogin& login, const Request& request) {
    const bson::ValueView id = request.command.front().value;
    if (owns_cursors(state, login, id)) {
        return {};
    }
    return fail(
        ErrorCode::Unauthorized,
        fmt::format("cursor id {} was not created by the authenticated user", id.as_int64()));
}

}  // namespace

void open_security(ServiceState& state) {
    state.users = UserCatalog::load(
        state.engine, state.plan_cache, state.clock, state.options.data_directory);
    const Status& read = state.users->status();
    if (read.ok()) {
        return;
    }
    bson::Builder attributes;
    attributes.append("error", read.error().message());
    LogLine line;
    line.time = state.clock.now();
    line.severity = static_cast<char>(Severity::Error);
    line.component = "ACCESS";
    line.context = "initandlisten";
    line.message = "Some users cannot be read; they cannot log in";
    line.attributes = attributes.finish_view();
    state.log(line);
}

Status authorize(ServiceState& state, ClientState& client, const Request& request) {
    PLUMB_CHECK(protect_users(state, request));
    ClientLogin& login = login_of(client);
    login.refresh(*state.users);
    if (!state.options.require_login || request.row.action == Action::Public) {
        return {};
    }
    if (login.users.empty()) {
        return check_login(state, client, request);
    }
    if (request.row.kind == "getmore") {
        return check_get_more(state, login, request);
    }
    if (is_own_affair(state, login, request)) {
        return {};
    }
    const Requirements needed = requirements_of(request);
    const bool allowed =
        std::ranges::all_of(needed, [&](const Requirement& each) { return login.allow(each); });
    return allowed ? Status{} : Status{not_authorized(request)};
}

}  // namespace plumb::commands
