// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/index_facts/members.h"

#include "bson/builder.h"
#include "bson/number.h"
#include "tool/index_facts/member_url.h"

#include <algorithm>
#include <chrono>

namespace plumb::index_facts {
namespace {

constexpr std::chrono::milliseconds kPatience{3000};

bson::Document ask(std::string_view command) {
    bson::Builder out;
    out.append(command, 1);
    return out.finish();
}

std::string_view text_at(bson::View document, std::string_view field) {
    const bson::ValueView value = document.find(field);
    return value.type() == bson::Type::String ? value.as_string() : std::string_view{};
}

void add_once(std::vector<std::string>& out, std::string_view name) {
    if (!name.empty() && std::find(out.begin(), out.end(), name) == out.end()) {
        out.emplace_back(name);
    }
}

void add_texts(std::vector<std::string>& out, bson::ValueView list) {
    if (list.type() != bson::Type::Array) {
        return;
    }
    for (const bson::Element& each : list.as_array()) {
        if (each.value.type() == bson::Type::String) {
            add_once(out, each.value.as_string());
        }
    }
}

// Hidden members stand only in replSetGetStatus, which not every user may read.
void add_hidden_members(client::Client& client, std::vector<std::string>& out) {
    const auto status = client.command("admin", ask("replSetGetStatus"));
    if (!status.ok() || status->find("members").type() != bson::Type::Array) {
        return;
    }
    for (const bson::Element& each : status->find("members").as_array()) {
        if (each.value.type() == bson::Type::Document) {
            const bson::View member = each.value.as_document();
            if (text_at(member, "stateStr") != "ARBITER") {
                add_once(out, text_at(member, "name"));
            }
        }
    }
}

std::int64_t start_of(client::Client& client) {
    const auto status = client.command("admin", ask("serverStatus"));
    if (!status.ok()) {
        return 0;
    }
    const bson::ValueView now = status->find("localTime");
    const bson::ValueView up = status->find("uptimeMillis");
    if (now.type() != bson::Type::Date || !up.is_number()) {
        return 0;
    }
    return now.as_date().ms - bson::to_clamped_int64(up);
}

void reach(Members& out, const std::string& name, const std::string& url) {
    auto connected = client::Client::connect({.url = url, .server_selection_timeout = kPatience});
    if (!connected.ok()) {
        out.not_asked.push_back({name, connected.error().message()});
        return;
    }
    Member member;
    member.name = name;
    member.client = *std::move(connected);
    member.started_ms = start_of(*member.client);
    out.asked.push_back(std::move(member));
}

// "rs0/a:1,b:2" is two members; which of them answers is the mongos' choice.
void read_shards(client::Client& client, Members& out) {
    const auto reply = client.command("admin", ask("listShards"));
    if (!reply.ok()) {
        out.not_asked.push_back({"shards", reply.error().message()});
        return;
    }
    const bson::ValueView shards = reply->find("shards");
    if (shards.type() != bson::Type::Array) {
        return;
    }
    for (const bson::Element& each : shards.as_array()) {
        if (each.value.type() != bson::Type::Document) {
            continue;
        }
        const std::string name{text_at(each.value.as_document(), "_id")};
        const std::string_view host = text_at(each.value.as_document(), "host");
        add_once(out.shards, name);
        const auto others = std::count(host.begin(), host.end(), ',');
        if (others > 0) {
            out.not_asked.push_back(
                {name,
                 "one member answers for the shard, " + std::to_string(others) + " more do not"});
        }
    }
}

}  // namespace

Result<Members> reach_members(client::Client& client, const std::string& url) {
    // Every server since 3.6 knows isMaster; hello came with 4.4.
    PLUMB_TRY(hello, client.command("admin", ask("isMaster")));
    Members out;
    if (text_at(hello, "msg") == "isdbgrid") {
        out.topology = Topology::Sharded;
        reach(out, hosts_of(url), url);
        read_shards(client, out);
        return out;
    }
    if (text_at(hello, "setName").empty()) {
        reach(out, hosts_of(url), url);
        return out;
    }
    out.topology = Topology::ReplicaSet;
    std::vector<std::string> names;
    add_texts(names, hello.find("hosts"));
    add_texts(names, hello.find("passives"));
    add_hidden_members(client, names);
    for (const std::string& name : names) {
        reach(out, name, member_url(url, name));
    }
    return out;
}

Members reach_given(std::span<const std::string> urls) {
    Members out;
    out.topology = Topology::ReplicaSet;
    for (const std::string& url : urls) {
        reach(out, hosts_of(url), url);
    }
    return out;
}

}  // namespace plumb::index_facts
