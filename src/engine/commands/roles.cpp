// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/roles.h"

#include "engine/commands/words.h"

#include <algorithm>
#include <array>

namespace plumb::commands {

namespace {

constexpr ActionSet kRead = actions({Action::ChangeStream,
                                     Action::CollStats,
                                     Action::DbHash,
                                     Action::DbStats,
                                     Action::Find,
                                     Action::KillCursors,
                                     Action::ListCollections,
                                     Action::ListIndexes,
                                     Action::PlanCacheRead});
constexpr ActionSet kReadWrite = kRead | actions({Action::ConvertToCapped,
                                                  Action::CreateCollection,
                                                  Action::CreateIndex,
                                                  Action::DropCollection,
                                                  Action::DropIndex,
                                                  Action::Insert,
                                                  Action::Remove,
                                                  Action::RenameCollection,
                                                  Action::Update});
constexpr ActionSet kDbAdmin =
    actions({Action::BypassValidation, Action::ChangeCollection, Action::CollStats,
             Action::Compact,          Action::ConvertToCapped,  Action::CreateCollection,
             Action::CreateIndex,      Action::DbHash,           Action::DbStats,
             Action::DropCollection,   Action::DropDatabase,     Action::DropIndex,
             Action::EnableProfiler,   Action::IndexStats,       Action::ListCollections,
             Action::ListIndexes,      Action::PlanCache,        Action::PlanCacheRead,
             Action::ReIndex,          Action::RenameCollection, Action::Validate});
constexpr ActionSet kProfile =
    kRead | actions({Action::ConvertToCapped, Action::CreateCollection, Action::DropCollection});
constexpr ActionSet kUserAdmin = actions({Action::ManageUsers, Action::ViewUsers});
constexpr ActionSet kListDatabases = actions({Action::ListDatabases});
constexpr ActionSet kMonitorServer = actions({Action::CurrentOperations,
                                              Action::GetCommandLine,
                                              Action::GetLog,
                                              Action::GetParameter,
                                              Action::HostInfo,
                                              Action::ListDatabases,
                                              Action::ReplicationStatus,
                                              Action::ServerStatus,
                                              Action::Top});
constexpr ActionSet kMonitorData =
    actions({Action::CollStats, Action::DbStats, Action::IndexStats});
constexpr ActionSet kManageHost = actions({Action::KillOperation,
                                           Action::KillSessions,
                                           Action::RotateLog,
                                           Action::SetParameter,
                                           Action::Shutdown,
                                           Action::Sync});
constexpr ActionSet kBackupData =
    actions({Action::CollStats, Action::Find, Action::ListCollections, Action::ListIndexes});
constexpr ActionSet kRestoreData = actions({Action::BypassValidation,
                                            Action::ChangeCollection,
                                            Action::ConvertToCapped,
                                            Action::CreateCollection,
                                            Action::CreateIndex,
                                            Action::DropCollection,
                                            Action::Insert,
                                            Action::ListCollections});

constexpr ActionSet kBackupServer =
    actions({Action::GetParameter, Action::ListDatabases, Action::ServerStatus});
constexpr ActionSet kRestoreAll = kRestoreData | kUserAdmin;
constexpr ActionSet kReplication =
    actions({Action::ReplicationConfigure, Action::ReplicationStatus});
constexpr ActionSet kDropDatabase = actions({Action::DropDatabase});
constexpr ActionSet kFind = actions({Action::Find});
constexpr ActionSet kGetParameter = actions({Action::GetParameter});
constexpr ActionSet kKillCursors = actions({Action::KillCursors});
constexpr ActionSet kValidate = actions({Action::Validate});

struct RoleRow {
    std::string_view name;
    bool in_admin_only;
    std::string_view parts;  // roles of the same database, separated by blanks
};

// clang-format off
constexpr auto kRoles = std::to_array<RoleRow>({
    {"backup",               true,  ""},
    {"clusterAdmin",         true,  "clusterManager clusterMonitor hostManager"},
    {"clusterManager",       true,  ""},
    {"clusterMonitor",       true,  ""},
    {"dbAdmin",              false, ""},
    {"dbAdminAnyDatabase",   true,  ""},
    {"dbOwner",              false, "dbAdmin readWrite userAdmin"},
    {"hostManager",          true,  ""},
    {"read",                 false, ""},
    {"readAnyDatabase",      true,  ""},
    {"readWrite",            false, ""},
    {"readWriteAnyDatabase", true,  ""},
    {"restore",              true,  ""},
    {"root",                 true,  "backup clusterAdmin dbAdminAnyDatabase readWriteAnyDatabase "
                                    "restore userAdminAnyDatabase"},
    {"userAdmin",            false, ""},
    {"userAdminAnyDatabase", true,  ""},
});

constexpr std::string_view kOwn = "";  // the role's own database

struct GrantRow {
    std::string_view role;
    ResourceKind kind;
    std::string_view database;
    std::string_view collection;
    ActionSet actions;
};
using Kind = ResourceKind;
constexpr auto kGrants = std::to_array<GrantRow>({
    {"backup",               Kind::AnyDatabase,   "",       "",               kBackupData},
    {"backup",               Kind::AnyCollection, "",       "system.js",      kBackupData},
    {"backup",               Kind::AnyCollection, "",       "system.profile", kBackupData},
    {"backup",               Kind::AnyCollection, "",       "system.views",   kBackupData},
    {"backup",               Kind::Collection,    "admin",  "system.users",   kBackupData},
    {"backup",               Kind::Cluster,       "",       "",               kBackupServer},
    {"clusterAdmin",         Kind::AnyDatabase,   "",       "",               kDropDatabase},
    {"clusterManager",       Kind::Cluster,       "",       "",               kReplication},
    {"clusterManager",       Kind::Database,      "config", "",               kReadWrite},
    {"clusterManager",       Kind::Database,      "local",  "",               kReadWrite},
    {"clusterMonitor",       Kind::Cluster,       "",       "",               kMonitorServer},
    {"clusterMonitor",       Kind::AnyDatabase,   "",       "",               kMonitorData},
    {"clusterMonitor",       Kind::AnyCollection, "",       "system.profile", kFind},
    {"clusterMonitor",       Kind::Database,      "config", "",               kRead | kMonitorData},
    {"clusterMonitor",       Kind::Database,      "local",  "",               kRead | kMonitorData},
    {"dbAdmin",              Kind::Database,      kOwn,     "",               kDbAdmin},
    {"dbAdmin",              Kind::Collection,    kOwn,     "system.profile", kProfile},
    {"dbAdminAnyDatabase",   Kind::AnyDatabase,   "",       "",               kDbAdmin},
    {"dbAdminAnyDatabase",   Kind::AnyCollection, "",       "system.profile", kProfile},
    {"dbAdminAnyDatabase",   Kind::Cluster,       "",       "",               kListDatabases},
    {"hostManager",          Kind::Cluster,       "",       "",               kManageHost},
    {"hostManager",          Kind::AnyDatabase,   "",       "",               kKillCursors},
    {"read",                 Kind::Database,      kOwn,     "",               kRead},
    {"read",                 Kind::Collection,    kOwn,     "system.js",      kRead},
    {"readAnyDatabase",      Kind::AnyDatabase,   "",       "",               kRead},
    {"readAnyDatabase",      Kind::AnyCollection, "",       "system.js",      kRead},
    {"readAnyDatabase",      Kind::Cluster,       "",       "",               kListDatabases},
    {"readWrite",            Kind::Database,      kOwn,     "",               kReadWrite},
    {"readWrite",            Kind::Collection,    kOwn,     "system.js",      kReadWrite},
    {"readWriteAnyDatabase", Kind::AnyDatabase,   "",       "",               kReadWrite},
    {"readWriteAnyDatabase", Kind::AnyCollection, "",       "system.js",      kReadWrite},
    {"readWriteAnyDatabase", Kind::Cluster,       "",       "",               kListDatabases},
    {"restore",              Kind::AnyDatabase,   "",       "",               kRestoreAll},
    {"restore",              Kind::AnyCollection, "",       "system.js",      kRestoreData},
    {"restore",              Kind::AnyCollection, "",       "system.views",   kRestoreData},
    {"restore",              Kind::Cluster,       "",       "",               kGetParameter},
    {"root",                 Kind::AnyCollection, "",       "system.js",      kValidate},
    {"root",                 Kind::AnyCollection, "",       "system.profile", kValidate},
    {"root",                 Kind::AnyCollection, "",       "system.users",   kValidate},
    {"root",                 Kind::AnyCollection, "",       "system.views",   kValidate},
    {"userAdmin",            Kind::Database,      kOwn,     "",               kUserAdmin},
    {"userAdminAnyDatabase", Kind::AnyDatabase,   "",       "",               kUserAdmin},
    {"userAdminAnyDatabase", Kind::Collection,    "admin",  "system.users",   kRead},
    {"userAdminAnyDatabase", Kind::Cluster,       "",       "",               kListDatabases},
});
// clang-format on
static_assert(std::ranges::is_sorted(kRoles, {}, &RoleRow::name));
static_assert(std::ranges::is_sorted(kGrants, {}, &GrantRow::role));

const RoleRow* find_role(const RoleName& name) {
    const auto row = std::ranges::lower_bound(kRoles, name.role, {}, &RoleRow::name);
    const bool found = row != kRoles.end() && row->name == name.role &&
                       (!row->in_admin_only || name.database == "admin");
    return found ? &*row : nullptr;
}

// Whether the row gives its own database's name to the resource.
bool is_own(const GrantRow& row) {
    return row.database == kOwn && (row.kind == Kind::Database || row.kind == Kind::Collection);
}

// The roles that this one consists of, directly.
std::vector<RoleName> parts_of_role(const RoleName& name) {
    std::vector<RoleName> out;
    const RoleRow* row = find_role(name);
    for (const std::string_view part : words_of(row == nullptr ? "" : row->parts)) {
        out.push_back({std::string{part}, name.database});
    }
    return out;
}

}  // namespace

bool is_builtin_role(const RoleName& name) {
    return !name.database.empty() && find_role(name) != nullptr;
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the table, which has three levels
void grant_role(const RoleName& name, Privileges& out) {
    if (!is_builtin_role(name)) {
        return;
    }
    for (const GrantRow& row : kGrants) {
        if (row.role != name.role) {
            continue;
        }
        Privilege privilege{.kind = row.kind,
                            .database = std::string{row.database},
                            .collection = std::string{row.collection},
                            .actions = row.actions};
        if (is_own(row)) {
            privilege.database = name.database;
        }
        out.add(privilege);
    }
    for (const RoleName& part : parts_of_role(name)) {
        grant_role(part, out);
    }
}

std::vector<RoleName> roles_of_database(std::string_view database) {
    std::vector<RoleName> out;
    for (const RoleRow& row : kRoles) {
        RoleName name{std::string{row.name}, std::string{database}};
        if (is_builtin_role(name)) {
            out.push_back(std::move(name));
        }
    }
    return out;
}

}  // namespace plumb::commands
