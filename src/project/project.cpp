// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/project.h"

#include "project/yaml_document.h"

#include <fmt/format.h>

namespace plumb::project {

Result<Project> Project::open(const std::filesystem::path& directory) {
    const std::filesystem::path file = directory / "plumbline.yaml";
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored)) {
        return fail(ErrorCode::ProjectNotFound,
                    fmt::format("no plumbline.yaml in {}; name a project folder with --project DIR",
                                std::filesystem::absolute(directory, ignored).string()));
    }
    PLUMB_TRY(root, load_yaml_file(file));
    PLUMB_CHECK(root.only_keys(
        {"name", "database", "description", "collections", "owners", "deploy", "watch"}));
    Project project;
    project.directory = directory;
    PLUMB_TRY(name, root.at("name"));
    PLUMB_TRY(name_text, name.as_string());
    project.name = std::move(name_text);
    PLUMB_TRY(database, root.string_or("database", ""));
    project.database = std::move(database);
    PLUMB_TRY(description, root.string_or("description", ""));
    project.description = std::move(description);
    if (const YamlNode* collections = root.find("collections")) {
        PLUMB_TRY(names, collections->as_strings());
        project.collections = std::move(names);
    }
    return project;
}

}  // namespace plumb::project
