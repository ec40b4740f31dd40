// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/lint/checks_internal.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::migrate::lint {

namespace {

bool is_looked_at(const Context& context, int version) {
    return std::any_of(context.files.begin(), context.files.end(), [version](const auto* file) {
        return file->version == version;
    });
}

}  // namespace

// Over all files, applied ones too; a project may begin with any number.
FoundList check_number_gap(const Context& context) {
    std::vector<Found> out;
    int before = 0;
    for (const project::ScannedMigration& each : context.scanned) {
        const bool gap = before != 0 && each.version > before + 1 && each.file.ok() &&
                         is_looked_at(context, each.version);
        if (gap) {
            const std::string missing =
                each.version == before + 2
                    ? fmt::format("{} is missing", project::version_text(before + 1))
                    : fmt::format("{} to {} are missing",
                                  project::version_text(before + 1),
                                  project::version_text(each.version - 1));
            out.push_back({&*each.file,
                           each.file->version_position,
                           "",
                           project::version_text(each.version),
                           missing});
        }
        before = each.version == 0 ? before : each.version;
    }
    return out;
}

}  // namespace plumb::migrate::lint
