// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/lint/checks_internal.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::migrate::lint {

FoundList check_late_number(const Context& context) {
    std::vector<Found> out;
    int highest = 0;
    if (context.records != nullptr) {
        for (const Record& record : *context.records) {
            highest = record.state == State::Applied ? std::max(highest, record.version) : highest;
        }
    }
    for (const project::MigrationFile* file : context.files) {
        const bool applied =
            context.records != nullptr &&
            std::any_of(
                context.records->begin(), context.records->end(), [file](const Record& record) {
                    return record.version == file->version && record.state == State::Applied;
                });
        if (!applied && file->version < highest) {
            out.push_back({file,
                           file->version_position,
                           "",
                           file->number(),
                           fmt::format("{} arrives late: {} was applied already",
                                       file->number(),
                                       project::version_text(highest))});
        }
    }
    return out;
}

}  // namespace plumb::migrate::lint
