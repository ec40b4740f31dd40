// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/lint/checks_internal.h"

#include <fmt/format.h>

namespace plumb::migrate::lint {

FoundList check_edited_file(const Context& context) {
    std::vector<Found> out;
    if (context.records == nullptr) {
        return out;
    }
    for (const project::ScannedMigration& scanned : context.scanned) {
        for (const Record& record : *context.records) {
            if (!scanned.file.ok() || record.version != scanned.version ||
                record.state != State::Applied || record.checksum == scanned.file->checksum()) {
                continue;
            }
            std::string text = "was applied and its file changed since; applied (-), file (+):";
            for (const std::string& line :
                 definition_changes(record.definition.view(), scanned.file->canonical().view())) {
                text += "\n    " + line;
            }
            out.push_back({&*scanned.file,
                           scanned.file->version_position,
                           "",
                           project::version_text(record.version),
                           std::move(text)});
        }
    }
    return out;
}

}  // namespace plumb::migrate::lint
