// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/migration_file.h"
#include "project/strategy.h"
#include "project/yaml_document.h"
#include "target.h"
#include "tool/workload/workload.h"

namespace plumb::fuzz {

void run_yaml(std::string_view bytes) {
    const auto root = project::parse_yaml(bytes, "fuzz.yaml");
    if (root.ok()) {
        static_cast<void>(project::read_strategy(*root));
        if (const auto migration = project::read_migration(*root, "migrations/001_fuzz.yaml");
            migration.ok()) {
            require(migration->checksum() == migration->checksum(), "a checksum is one");
        }
    }
    static_cast<void>(workload::parse_workload(bytes, "fuzz.yaml"));
}

}  // namespace plumb::fuzz
