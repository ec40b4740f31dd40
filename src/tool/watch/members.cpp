// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/watch/members.h"

#include "bson/builder.h"
#include "tool/index_facts/member_url.h"
#include "tool/watch/fields.h"

#include <algorithm>

namespace plumb::watch {
namespace {

// A member that hangs must not hold up the samples of the others.
constexpr std::string_view kSocketTimeout = "socketTimeoutMS=10000";

std::vector<std::string_view> parted(std::string_view text, char by) {
    std::vector<std::string_view> out;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(by), text.size());
        if (end > 0) {
            out.push_back(text.substr(0, end));
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

bson::Document number_command(std::string_view name) {
    bson::Builder out;
    out.append(name, 1);
    return out.finish();
}

void add_names(bson::ArrayView hosts, std::vector<std::string>& out) {
    for (const bson::Element& host : hosts) {
        if (host.value.type() == bson::Type::String) {
            const std::string_view name = host.value.as_string();
            if (std::find(out.begin(), out.end(), name) == out.end()) {
                out.emplace_back(name);
            }
        }
    }
}

// "rs0/db1:27017,db2:27017" of each shard.
Status add_shards(client::Client& client, std::vector<std::string>& out) {
    PLUMB_TRY(reply, client.command("admin", number_command("listShards")));
    for (const bson::Element& shard : array_at(reply, "shards")) {
        if (shard.value.type() != bson::Type::Document) {
            continue;
        }
        const std::string host = text_at(shard.value.as_document(), "host");
        const std::size_t slash = host.find('/');
        for (const std::string_view name : parted(
                 std::string_view{host}.substr(slash == std::string::npos ? 0 : slash + 1), ',')) {
            out.emplace_back(name);
        }
    }
    return {};
}

}  // namespace

std::string_view role_name(Role role) {
    switch (role) {
        case Role::Standalone:
            return "standalone";
        case Role::Primary:
            return "primary";
        case Role::Secondary:
            return "secondary";
        case Role::Router:
            return "mongos";
        case Role::Other:
            break;
    }
    return "other";
}

Role role_of(bson::View is_master) {
    if (text_at(is_master, "msg") == "isdbgrid") {
        return Role::Router;
    }
    const bool in_set = is_master.has("setName");
    if (flag_at(is_master, "ismaster") || flag_at(is_master, "isWritablePrimary")) {
        return in_set ? Role::Primary : Role::Standalone;
    }
    return in_set && flag_at(is_master, "secondary") ? Role::Secondary : Role::Other;
}

Member member_of(std::string_view url, std::string name) {
    std::string direct = index_facts::member_url(url, name);
    if (direct.find("socketTimeoutMS=") == std::string::npos) {
        direct += '&';
        direct += kSocketTimeout;
    }
    return {std::move(name), std::move(direct)};
}

Member given_member(const std::string& url) {
    return member_of(url, index_facts::hosts_of(url));
}

Result<std::vector<Member>> find_members(client::Client& client, std::string_view url) {
    PLUMB_TRY(reply, client.command("admin", number_command("isMaster")));
    std::vector<std::string> names;
    add_names(array_at(reply, "hosts"), names);
    add_names(array_at(reply, "passives"), names);
    if (names.empty()) {
        names.push_back(index_facts::hosts_of(url));
    }
    if (role_of(reply) == Role::Router) {
        PLUMB_CHECK(add_shards(client, names));
    }
    std::vector<Member> out;
    for (std::string& name : names) {
        out.push_back(member_of(url, std::move(name)));
    }
    return out;
}

}  // namespace plumb::watch
