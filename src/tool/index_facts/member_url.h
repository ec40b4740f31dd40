// SPDX-License-Identifier: GPL-3.0-or-later
// The url of one member, made from the url of the whole deployment.
//
//   member_url("mongodb://me:pw@a,b/shop?replicaSet=rs", "b:27018")
//       == "mongodb://me:pw@b:27018/shop?directConnection=true"
//
// Login and TLS stay; what chooses a member (replicaSet, readPreference, …) goes.
//
// Source   MongoDB specifications, "Connection String", "URI Options"
// Threads  pure functions.
#pragma once

#include <string>
#include <string_view>

namespace plumb::index_facts {

[[nodiscard]] std::string member_url(std::string_view url, std::string_view host);

// "a:27017,b:27017": the hosts as the url names them, without the login.
[[nodiscard]] std::string hosts_of(std::string_view url);

}  // namespace plumb::index_facts
