// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/rolling/members_file.h"

#include "project/yaml_document.h"
#include "tool/migrate/deployment/run_options.h"

#include <algorithm>

namespace plumb::migrate {
namespace {

Result<std::string> text_at(const project::YamlNode& member, std::string_view key) {
    PLUMB_TRY(node, member.at(key));
    PLUMB_TRY(text, node.as_string());
    if (text.empty()) {
        return project::fail_at(node.position(), std::string{key} + " is empty");
    }
    return text;
}

Result<MemberAccess> read_member(const project::YamlNode& node) {
    PLUMB_CHECK(node.only_keys(
        {"name", "url", "standalone_url", "stop", "start_standalone", "stop_standalone", "start"}));
    MemberAccess out;
    PLUMB_TRY(name, text_at(node, "name"));
    PLUMB_TRY(url, text_at(node, "url"));
    PLUMB_TRY(standalone_url, text_at(node, "standalone_url"));
    PLUMB_TRY(stop, text_at(node, "stop"));
    PLUMB_TRY(start_standalone, text_at(node, "start_standalone"));
    PLUMB_TRY(start, text_at(node, "start"));
    PLUMB_TRY(stop_standalone, node.string_or("stop_standalone", stop));
    if (url == standalone_url) {
        return project::fail_at(node.position(),
                                "standalone_url is the url of the member: clients would go on "
                                "using it while it builds; start it on another port");
    }
    return MemberAccess{name, url, standalone_url, stop, start_standalone, stop_standalone, start};
}

Result<MembersFile> read(const project::YamlNode& root) {
    PLUMB_CHECK(root.only_keys({"wait", "members"}));
    MembersFile out;
    PLUMB_TRY(wait, root.string_or("wait", "10m"));
    PLUMB_TRY(span, parse_span(wait));
    out.wait = span;
    PLUMB_TRY(members, root.at("members"));
    for (const project::YamlNode& each : members.items()) {
        PLUMB_TRY(member, read_member(each));
        const bool twice = std::any_of(
            out.members.begin(), out.members.end(), [&member](const MemberAccess& other) {
                return other.name == member.name || other.url == member.url ||
                       other.standalone_url == member.standalone_url;
            });
        if (twice) {
            return project::fail_at(each.position(),
                                    "two members have the same name, url or standalone_url");
        }
        out.members.push_back(std::move(member));
    }
    if (out.members.empty()) {
        return project::fail_at(members.position(), "members has no member");
    }
    return out;
}

}  // namespace

Result<MembersFile> load_members_file(const std::filesystem::path& path) {
    PLUMB_TRY(root, project::load_yaml_file(path));
    return read(root);
}

Result<MembersFile> read_members_file(std::string_view text, std::string_view name) {
    PLUMB_TRY(root, project::parse_yaml(text, name));
    return read(root);
}

}  // namespace plumb::migrate
