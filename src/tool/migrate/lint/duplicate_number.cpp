// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/lint/checks_internal.h"

#include <fmt/format.h>

#include <memory>

namespace plumb::migrate::lint {

FoundList check_duplicate_number(const Context& context) {
    std::vector<Found> out;
    const project::ScannedMigration* before = nullptr;
    for (const project::ScannedMigration& each : context.scanned) {
        if (before != nullptr && each.version != 0 && before->version == each.version) {
            Found found;
            found.subject = project::version_text(each.version);
            if (each.file.ok()) {
                found.position = each.file->version_position;
            } else {
                found.position.file = std::make_shared<const std::string>(each.path.string());
            }
            found.text = fmt::format("{} and {} have the same number",
                                     before->path.filename().string(),
                                     each.path.filename().string());
            out.push_back(std::move(found));
        }
        before = &each;
    }
    return out;
}

}  // namespace plumb::migrate::lint
