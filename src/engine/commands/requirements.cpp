// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/requirements.h"

#include "bson/number.h"
#include "engine/commands/fields.h"
#include "engine/commands/namespace_name.h"

#include <algorithm>
#include <array>

namespace plumb::commands {

namespace {

bool is_text(bson::ValueView value) {
    return value.type() == bson::Type::String || value.type() == bson::Type::Symbol;
}

// The collection that the command's first field names; the database where it names none.
Target named_target(const Request& request) {
    const bson::ValueView name = request.command.front().value;
    return is_text(name) ? Target::collection(request.database, name.as_string())
                         : Target::of_database(request.database);
}

Target target_for(Action action, const Request& request) {
    switch (scope_of(action)) {
        case Scope::Cluster:
            return Target::cluster();
        case Scope::Database:
            return Target::of_database(request.database);
        case Scope::Collection:
            break;
    }
    return named_target(request);
}

void need(const Request& request, Action action, Requirements& out) {
    out.push_back({action, target_for(action, request)});
}

// Calls `visit` for each statement of a batch, wherever it stands.
template <class Visit>
void for_each_statement(const Request& request, std::string_view field, const Visit& visit) {
    for (const bson::Element& each : request.command) {
        if (each.name != field || each.value.type() != bson::Type::Array) {
            continue;
        }
        for (const bson::Element& statement : each.value.as_array()) {
            if (statement.value.type() == bson::Type::Document) {
                visit(statement.value.as_document());
            }
        }
    }
    for (const DocumentSequence& sequence : request.sequences) {
        if (sequence.name == field) {
            std::ranges::for_each(sequence.documents, visit);
        }
    }
}

// Whether the field is there and true, at any of its places.
bool any_true(bson::View document, std::string_view field) {
    return std::ranges::any_of(document.begin(), document.end(), [&](const bson::Element& each) {
        return each.name == field && bson::truthy(each.value);
    });
}

void need_bypass(const Request& request, Requirements& out) {
    if (any_true(request.command, "bypassDocumentValidation")) {
        need(request, Action::BypassValidation, out);
    }
}

void for_insert(const Request& request, Requirements& out) {
    need(request, Action::Insert, out);
    need_bypass(request, out);
}

void for_update(const Request& request, Requirements& out) {
    need(request, Action::Update, out);
    bool upserts = false;
    for_each_statement(request, "updates", [&](bson::View statement) {
        upserts = upserts || any_true(statement, "upsert");
    });
    if (upserts) {
        need(request, Action::Insert, out);
    }
    need_bypass(request, out);
}

void for_find_and_modify(const Request& request, Requirements& out) {
    need(request, Action::Find, out);
    need(request, any_true(request.command, "remove") ? Action::Remove : Action::Update, out);
    if (any_true(request.command, "upsert")) {
        need(request, Action::Insert, out);
    }
    need_bypass(request, out);
}

// A view shows what it is defined on: whoever makes or changes one must be allowed to see that. A
// new pipeline alone keeps the collection, which is then any of the database.
void need_view(const Request& request, Requirements& out) {
    std::vector<std::string_view> sources;
    for (const bson::Element& each : request.command) {
        if (each.name == "viewOn" && is_text(each.value)) {
            sources.push_back(each.value.as_string());
            out.push_back({Action::Find, Target::collection(request.database, sources.back())});
        }
    }
    if (sources.empty()) {
        sources.emplace_back();
    }
    for (const bson::Element& each : request.command) {
        if (each.name != "pipeline" || each.value.type() != bson::Type::Array) {
            continue;
        }
        for (const std::string_view source : sources) {
            add_pipeline_requirements(request.database, source, each.value.as_array(), out);
        }
    }
}

void for_create(const Request& request, Requirements& out) {
    need(request, Action::CreateCollection, out);
    need_view(request, out);
}

void for_coll_mod(const Request& request, Requirements& out) {
    need(request, Action::ChangeCollection, out);
    need_view(request, out);
}

void for_aggregate(const Request& request, Requirements& out) {
    const bson::ValueView name = request.command.front().value;
    const std::string_view collection = is_text(name) ? name.as_string() : std::string_view{};
    bool has_pipeline = false;
    for (const bson::Element& each : request.command) {
        if (each.name == "pipeline" && each.value.type() == bson::Type::Array) {
            has_pipeline = true;
            add_pipeline_requirements(request.database, collection, each.value.as_array(), out);
        }
    }
    if (!has_pipeline) {
        need(request, Action::Find, out);
    }
    need_bypass(request, out);
}

void for_explain(const Request& request, Requirements& out) {
    const bson::ValueView inner = request.command.front().value;
    if (inner.type() != bson::Type::Document || inner.as_document().empty()) {
        return;
    }
    const CommandRow* row = find_command(inner.as_document().front().name);
    // Others than these are refused by explain itself; explain of explain would recurse.
    if (row != nullptr && row->explain != nullptr) {
        const Requirements inner_needs =
            requirements_of({*row, inner.as_document(), {}, request.database});
        out.insert(out.end(), inner_needs.begin(), inner_needs.end());
    }
}

void for_rename(const Request& request, Requirements& out) {
    const bson::ValueView from = request.command.front().value;
    const bson::ValueView to = request.command.find("to");
    if (!is_text(from) || !is_text(to)) {
        out.push_back({Action::RenameCollection, Target::of_database(request.database)});
        return;
    }
    const Target source = Target::of_namespace(from.as_string());
    const Target target = Target::of_namespace(to.as_string());
    if (source.database == target.database) {
        out.push_back({Action::RenameCollection, source});
        out.push_back({Action::RenameCollection, target});
    } else {
        out.push_back({Action::Find, source});
        out.push_back({Action::DropCollection, source});
        out.push_back({Action::Insert, target});
        out.push_back({Action::CreateIndex, target});
    }
    if (any_true(request.command, "dropTarget")) {
        out.push_back({Action::DropCollection, target});
    }
}

// Each role that is given or taken away is managed where it is defined.
void need_roles(const Request& request, Requirements& out) {
    const bson::ValueView roles = request.command.find("roles");
    if (roles.type() != bson::Type::Array) {
        return;
    }
    for (const bson::Element& each : roles.as_array()) {
        const bool named = each.value.type() == bson::Type::Document;
        const std::string_view database =
            named ? string_or(each.value.as_document(), "db", request.database) : request.database;
        out.push_back({Action::ManageUsers, Target::of_database(database)});
    }
}

void for_user_with_roles(const Request& request, Requirements& out) {
    need(request, Action::ManageUsers, out);
    need_roles(request, out);
}

// Database by database, and the whole server's for {forAllDBs: true}.
void need_listed_users(const Request& request, bson::ValueView which, Requirements& out) {
    if (which.type() != bson::Type::Document) {
        need(request, Action::ViewUsers, out);
        return;
    }
    const bson::View named = which.as_document();
    const std::string_view database = string_or(named, "db", request.database);
    out.push_back({Action::ViewUsers, Target::of_database(database)});
    if (any_true(named, "forAllDBs")) {
        // Whoever may see the users of any database may see this one's, which nobody else owns.
        out.push_back({Action::ViewUsers, Target::of_database("admin")});
        out.push_back({Action::ListDatabases, Target::cluster()});
    }
}

void for_users_info(const Request& request, Requirements& out) {
    const bson::ValueView which = request.command.front().value;
    if (which.type() != bson::Type::Array) {
        need_listed_users(request, which, out);
        return;
    }
    for (const bson::Element& each : which.as_array()) {
        need_listed_users(request, each.value, out);
    }
}

void for_list_databases(const Request& request, Requirements& out) {
    const bson::ValueView authorized = request.command.find("authorizedDatabases");
    if (authorized.type() == bson::Type::Bool && !authorized.as_bool()) {
        need(request, Action::ListDatabases, out);
    }
}

// The names of collections that one may use are no secret to the one who asks for just these.
void for_list_collections(const Request& request, Requirements& out) {
    const bool modest = bool_or(request.command, "nameOnly", false) &&
                        bool_or(request.command, "authorizedCollections", false);
    if (!modest) {
        need(request, Action::ListCollections, out);
    }
}

// A session's id is known to its owner only; an empty list means everybody's.
void for_kill_sessions(const Request& request, Requirements& out) {
    const bson::ValueView ids = request.command.front().value;
    if (ids.type() == bson::Type::Array && ids.as_array().empty()) {
        need(request, Action::KillSessions, out);
    }
}

// Of cursors that others opened; one's own are one's own affair (authorize.cpp).
void for_kill_cursors(const Request& request, Requirements& out) {
    need(request, Action::KillSessions, out);
}

void for_clone_as_capped(const Request& request, Requirements& out) {
    need(request, Action::Find, out);
    const Target target =
        Target::collection(request.database, string_or(request.command, "toCollection", ""));
    out.push_back({Action::ConvertToCapped, target});
    out.push_back({Action::Insert, target});
}

void for_current_op(const Request& request, Requirements& out) {
    if (!bool_or(request.command, "$ownOps", false)) {
        need(request, Action::CurrentOperations, out);
    }
}

// Reading the level is for everybody who may read what it writes.
void for_profile(const Request& request, Requirements& out) {
    const auto level = integer(request.command, request.command.front().name);
    const bool only_reads = level && *level == -1 && !request.command.has("slowms") &&
                            !request.command.has("sampleRate") && !request.command.has("filter");
    if (only_reads) {
        out.push_back({Action::Find, Target::collection(request.database, "system.profile")});
    } else {
        need(request, Action::EnableProfiler, out);
    }
}

struct SpecialRow {
    std::string_view command;
    void (*add)(const Request& request, Requirements& out);
};
// The commands that need more, or other, than their action on the collection they name. Those that
// look at single cursors, operations or users are in authorize.cpp.
constexpr auto kSpecial = std::to_array<SpecialRow>({
    {"aggregate", for_aggregate},
    {"cloneCollectionAsCapped", for_clone_as_capped},
    {"collMod", for_coll_mod},
    {"create", for_create},
    {"createUser", for_user_with_roles},
    {"currentOp", for_current_op},
    {"explain", for_explain},
    {"findAndModify", for_find_and_modify},
    {"findandmodify", for_find_and_modify},
    {"grantRolesToUser", need_roles},
    {"insert", for_insert},
    {"killCursors", for_kill_cursors},
    {"killSessions", for_kill_sessions},
    {"listCollections", for_list_collections},
    {"listDatabases", for_list_databases},
    {"profile", for_profile},
    {"renameCollection", for_rename},
    {"revokeRolesFromUser", need_roles},
    {"update", for_update},
    {"updateUser", for_user_with_roles},
    {"usersInfo", for_users_info},
});
static_assert(std::ranges::is_sorted(kSpecial, {}, &SpecialRow::command));

}  // namespace

Requirements requirements_of(const Request& request) {
    Requirements out;
    const auto special =
        std::ranges::lower_bound(kSpecial, request.row.name, {}, &SpecialRow::command);
    if (special != kSpecial.end() && special->command == request.row.name) {
        special->add(request, out);
    } else if (request.row.action != Action::Public && request.row.action != Action::LoggedIn) {
        need(request, request.row.action, out);
    }
    return out;
}

}  // namespace plumb::commands
