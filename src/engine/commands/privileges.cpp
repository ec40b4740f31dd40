// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/privileges.h"

#include "engine/commands/namespace_name.h"
#include "engine/commands/words.h"

#include <algorithm>
#include <array>

namespace plumb::commands {

namespace {

struct ActionRow {
    Action action;
    Scope scope;
    std::string_view names;  // MongoDB's, separated by blanks; empty: never granted
};

// In the order of the enumeration.
// clang-format off
constexpr auto kActions = std::to_array<ActionRow>({
    {Action::Public,               Scope::Cluster,    ""},
    {Action::LoggedIn,             Scope::Cluster,    ""},
    {Action::Find,                 Scope::Collection, "find"},
    {Action::Insert,               Scope::Collection, "insert"},
    {Action::Update,               Scope::Collection, "update"},
    {Action::Remove,               Scope::Collection, "remove"},
    {Action::Aggregate,            Scope::Collection, ""},
    {Action::Explain,              Scope::Collection, ""},
    {Action::ListDatabases,        Scope::Cluster,    "listDatabases"},
    {Action::ListCollections,      Scope::Database,   "listCollections"},
    {Action::ListIndexes,          Scope::Collection, "listIndexes"},
    {Action::CollStats,            Scope::Collection, "collStats"},
    {Action::DbStats,              Scope::Database,   "dbStats"},
    {Action::IndexStats,           Scope::Collection, "indexStats"},
    {Action::Validate,             Scope::Collection, "validate"},
    {Action::CreateCollection,     Scope::Collection, "createCollection"},
    {Action::DropCollection,       Scope::Collection, "dropCollection"},
    {Action::RenameCollection,     Scope::Collection, "renameCollectionSameDB"},
    {Action::ChangeCollection,     Scope::Collection, "collMod"},
    {Action::CreateIndex,          Scope::Collection, "createIndex"},
    {Action::DropIndex,            Scope::Collection, "dropIndex"},
    {Action::ReIndex,              Scope::Collection, "reIndex"},
    {Action::DropDatabase,         Scope::Database,   "dropDatabase"},
    {Action::EnableProfiler,       Scope::Database,   "enableProfiler"},
    {Action::PlanCache,            Scope::Collection, "planCacheIndexFilter planCacheWrite"},
    {Action::ViewUsers,            Scope::Database,   "viewRole viewUser"},
    {Action::ManageUsers,          Scope::Database,   "changeCustomData changePassword createRole "
                                                      "createUser dropRole dropUser grantRole "
                                                      "revokeRole setAuthenticationRestriction"},
    {Action::CurrentOperations,    Scope::Cluster,    "inprog"},
    {Action::KillOperation,        Scope::Cluster,    "killop"},
    {Action::KillCursors,          Scope::Collection, "killCursors"},
    {Action::KillSessions,         Scope::Cluster,    "killAnyCursor killAnySession"},
    {Action::ServerStatus,         Scope::Cluster,    "checkFreeMonitoringStatus serverStatus"},
    {Action::HostInfo,             Scope::Cluster,    "hostInfo"},
    {Action::Top,                  Scope::Cluster,    "top"},
    {Action::GetLog,               Scope::Cluster,    "getLog"},
    {Action::RotateLog,            Scope::Cluster,    "logRotate"},
    {Action::GetCommandLine,       Scope::Cluster,    "getCmdLineOpts"},
    {Action::GetParameter,         Scope::Cluster,    "getParameter"},
    {Action::SetParameter,         Scope::Cluster,    "setParameter"},
    {Action::Sync,                 Scope::Cluster,    "fsync unlock"},
    {Action::Shutdown,             Scope::Cluster,    "shutdown"},
    {Action::ChangeStream,         Scope::Collection, "changeStream"},
    {Action::BypassValidation,     Scope::Collection, "bypassDocumentValidation"},
    {Action::ConvertToCapped,      Scope::Collection, "convertToCapped"},
    {Action::DbHash,               Scope::Database,   "dbHash"},
    {Action::Compact,              Scope::Collection, "compact"},
    {Action::ReplicationStatus,    Scope::Cluster,    "replSetGetConfig replSetGetStatus"},
    {Action::ReplicationConfigure, Scope::Cluster,    "replSetConfigure"},
    {Action::PlanCacheRead,        Scope::Collection, "planCacheRead"},
});
// clang-format on
static_assert(kActions.size() <= 64, "ActionSet has one bit each");
static_assert([] {
    for (std::size_t at = 0; at < kActions.size(); ++at) {
        if (static_cast<std::size_t>(kActions[at].action) != at) {
            return false;
        }
    }
    return true;
}());

bool has(ActionSet set, Action action) {
    return (set & actions({action})) != 0;
}

bool is_system(std::string_view collection) {
    return collection.starts_with("system.");
}

// Privileges on any database do not reach what a server keeps about itself.
bool is_ordinary(std::string_view database) {
    return database != "local" && database != "config";
}

bool covers(const Privilege& privilege, const Target& target) {
    switch (privilege.kind) {
        case ResourceKind::Cluster:
            return target.scope == Scope::Cluster;
        case ResourceKind::Database:
            return target.scope != Scope::Cluster && target.database == privilege.database &&
                   !is_system(target.name);
        case ResourceKind::Collection:
            return target.scope == Scope::Collection && target.database == privilege.database &&
                   target.name == privilege.collection;
        case ResourceKind::AnyDatabase:
            return target.scope != Scope::Cluster && is_ordinary(target.database) &&
                   !is_system(target.name);
        case ResourceKind::AnyCollection:
            return target.scope == Scope::Collection && target.name == privilege.collection;
    }
    return false;
}

void append_resource(const Privilege& privilege, bson::Builder& out) {
    out.begin_document("resource");
    if (privilege.kind == ResourceKind::Cluster) {
        out.append("cluster", true);
    } else {
        out.append("db", privilege.database);
        out.append("collection", privilege.collection);
    }
    out.end();
}

std::vector<std::string_view> names_of(ActionSet set) {
    std::vector<std::string_view> out;
    for (const ActionRow& row : kActions) {
        if (has(set, row.action)) {
            const std::vector<std::string_view> names = words_of(row.names);
            out.insert(out.end(), names.begin(), names.end());
        }
    }
    std::ranges::sort(out);
    return out;
}

}  // namespace

Target Target::of_database(std::string_view database) {
    return {Scope::Database, std::string{database}, {}};
}

Target Target::collection(std::string_view database, std::string_view name) {
    return {Scope::Collection, std::string{database}, std::string{name}};
}

Target Target::of_namespace(std::string_view ns) {
    return collection(database_of(ns), collection_of(ns));
}

void Privileges::add(const Privilege& privilege) {
    const auto same = std::ranges::find_if(list_, [&](const Privilege& each) {
        return each.kind == privilege.kind && each.database == privilege.database &&
               each.collection == privilege.collection;
    });
    if (same == list_.end()) {
        list_.push_back(privilege);
    } else {
        same->actions |= privilege.actions;
    }
}

bool Privileges::allow(const Requirement& need) const {
    return std::ranges::any_of(list_, [&](const Privilege& each) {
        return has(each.actions, need.action) && covers(each, need.target);
    });
}

bool Privileges::any_in_database(std::string_view database) const {
    return std::ranges::any_of(list_, [&](const Privilege& each) {
        switch (each.kind) {
            case ResourceKind::Database:
            case ResourceKind::Collection:
                return each.database == database;
            case ResourceKind::AnyDatabase:
                return is_ordinary(database);
            case ResourceKind::AnyCollection:
                return true;
            case ResourceKind::Cluster:
                break;
        }
        return false;
    });
}

bool Privileges::any_on(const Target& target) const {
    return std::ranges::any_of(list_, [&](const Privilege& each) { return covers(each, target); });
}

void Privileges::append_to(bson::Builder& out, std::string_view field) const {
    out.begin_array(field);
    for (const Privilege& privilege : list_) {
        out.push_document();
        append_resource(privilege, out);
        out.begin_array("actions");
        for (const std::string_view name : names_of(privilege.actions)) {
            out.push(name);
        }
        out.end();
        out.end();
    }
    out.end();
}

Scope scope_of(Action action) {
    return kActions[static_cast<std::size_t>(action)].scope;
}

}  // namespace plumb::commands
