// SPDX-License-Identifier: GPL-3.0-or-later
// What somebody may do: sets of actions on resources, and the question whether they cover one.
//
//   if (privileges.allow({Action::Find, Target::collection("shop", "orders")})) { … }
//
// A privilege on a database covers its collections but those named system.…, which are granted by
// name; a privilege on any database covers neither `local` nor `config`.
//
// Source   MongoDB manual, "Resource Document", "Privilege Actions"
// Threads  value types.
#pragma once

#include "bson/builder.h"
#include "engine/commands/action.h"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::commands {

// A set of actions, one bit each.
using ActionSet = std::uint64_t;
[[nodiscard]] constexpr ActionSet actions(std::initializer_list<Action> list) {
    ActionSet out = 0;
    for (const Action action : list) {
        out |= ActionSet{1} << static_cast<unsigned>(action);
    }
    return out;
}

// What an action is done to.
enum class Scope : std::uint8_t { Cluster, Database, Collection };
struct Target {
    Scope scope = Scope::Cluster;
    std::string database;
    std::string name;  // of the collection

    [[nodiscard]] static Target cluster() { return {}; }
    [[nodiscard]] static Target of_database(std::string_view database);
    [[nodiscard]] static Target collection(std::string_view database, std::string_view name);
    // "shop.orders"
    [[nodiscard]] static Target of_namespace(std::string_view ns);
};

// One thing that a command does.
struct Requirement {
    Action action = Action::LoggedIn;
    Target target;
};

enum class ResourceKind : std::uint8_t {
    Cluster,
    Database,       // a database and its collections
    Collection,     // one collection
    AnyDatabase,    // all databases but local and config
    AnyCollection,  // the collections of this name in all databases
};
struct Privilege {
    ResourceKind kind = ResourceKind::Cluster;
    std::string database;
    std::string collection;
    ActionSet actions = 0;
};

class Privileges {
  public:
    // Adds to what is there for the same resource.
    void add(const Privilege& privilege);
    [[nodiscard]] bool allow(const Requirement& need) const;
    // Whether there is any action at all on the database, or something in it.
    [[nodiscard]] bool any_in_database(std::string_view database) const;
    [[nodiscard]] bool any_on(const Target& target) const;
    [[nodiscard]] const std::vector<Privilege>& list() const { return list_; }
    // As connectionStatus and usersInfo show them: [{resource, actions: [names]}].
    void append_to(bson::Builder& out, std::string_view field) const;

  private:
    std::vector<Privilege> list_;
};

// Where an action takes place: what a command of this action needs by default.
[[nodiscard]] Scope scope_of(Action action);

}  // namespace plumb::commands
