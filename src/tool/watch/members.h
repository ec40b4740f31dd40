// SPDX-License-Identifier: GPL-3.0-or-later
// The members of a deployment, each with a url that reaches it and no other.
//
// Threads  pure functions, but for find_members: as the client.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "client/client.h"

#include <string>
#include <string_view>
#include <vector>

namespace plumb::watch {

struct Member {
    std::string name;  // "db1:27017"
    std::string url;   // with its password: to connect with, never to print
};

// What a member is, from its answer to isMaster. In the series: never renumbered.
enum class Role : std::uint8_t {
    Standalone = 0,
    Primary = 1,
    Secondary = 2,
    Router = 3,
    Other = 4
};

[[nodiscard]] std::string_view role_name(Role role);
[[nodiscard]] Role role_of(bson::View is_master);

// The member `name` of the deployment that `url` reaches, asked directly.
[[nodiscard]] Member member_of(std::string_view url, std::string name);
// A member by its own url (--member).
[[nodiscard]] Member given_member(const std::string& url);

// Those of a replica set; the router and the members of all shards; the one server of a standalone.
//   errors  what the server says
[[nodiscard]] Result<std::vector<Member>> find_members(client::Client& client,
                                                       std::string_view url);

}  // namespace plumb::watch
