// SPDX-License-Identifier: GPL-3.0-or-later
// The project folder: what Plumbline knows about one application.
//
//   PLUMB_TRY(project, Project::open("projects/earlybird"));
//   PLUMB_TRY(strategy, load_strategy(project));
//
// Format   plumbline.yaml {name, database?, description?, collections?[]}; beside it strategy.yaml,
//          workload.yaml and migrations/, each read by whoever needs it.
// Threads  a value type.
#pragma once

#include "base/result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace plumb::project {

struct Project {
    std::filesystem::path directory;
    std::string name;
    std::string database;  // the default; empty if the file names none
    std::string description;
    std::vector<std::string> collections;  // in the order in which reports list them; may be empty

    // errors  ProjectNotFound if there is no plumbline.yaml; ProjectFileInvalid with the position
    [[nodiscard]] static Result<Project> open(const std::filesystem::path& directory);

    [[nodiscard]] std::filesystem::path strategy_file() const {
        return directory / "strategy.yaml";
    }
    [[nodiscard]] std::filesystem::path workload_file() const {
        return directory / "workload.yaml";
    }
    [[nodiscard]] std::filesystem::path migrations_directory() const {
        return directory / "migrations";
    }
};

}  // namespace plumb::project
