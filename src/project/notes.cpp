// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/notes.h"

#include "project/yaml_document.h"

namespace plumb::project {
namespace {

Status read_watch(const YamlNode& node, Notes& out) {
    PLUMB_CHECK(node.only_keys({"for", "dashboard", "reports"}));
    PLUMB_TRY(span, node.string_or("for", ""));
    out.watch_for = std::move(span);
    if (const YamlNode* ids = node.find("dashboard")) {
        PLUMB_TRY(dashboard, ids->as_strings());
        out.dashboard = std::move(dashboard);
    }
    if (const YamlNode* ids = node.find("reports")) {
        PLUMB_TRY(reports, ids->as_strings());
        out.reports = std::move(reports);
    }
    return {};
}

}  // namespace

std::string Notes::owner(std::string_view role) const {
    for (const auto& [name, who] : owners) {
        if (name == role) {
            return who;
        }
    }
    return {};
}

Result<Notes> load_notes(const Project& project) {
    PLUMB_TRY(root, load_yaml_file(project.directory / "plumbline.yaml"));
    Notes out;
    if (const YamlNode* owners = root.find("owners")) {
        PLUMB_CHECK(owners->is_map() ? Status{} : owners->only_keys({}));
        for (const auto& [role, who] : owners->members()) {
            PLUMB_TRY(text, who.as_string());
            out.owners.emplace_back(role.text(), std::move(text));
        }
    }
    if (const YamlNode* node = root.find("deploy")) {
        PLUMB_CHECK(node->only_keys({"window"}));
        PLUMB_TRY(window, node->string_or("window", ""));
        out.window = std::move(window);
    }
    if (const YamlNode* node = root.find("watch")) {
        PLUMB_CHECK(read_watch(*node, out));
    }
    return out;
}

}  // namespace plumb::project
