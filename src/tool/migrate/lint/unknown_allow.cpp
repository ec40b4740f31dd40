// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/suggest.h"
#include "tool/migrate/lint/checks_internal.h"
#include "tool/migrate/lint/lint.h"

#include <fmt/format.h>

namespace plumb::migrate::lint {

FoundList check_unknown_allow(const Context& context) {
    std::vector<std::string_view> codes;
    for (const LintRow& row : lint_rows()) {
        codes.push_back(row.code);
    }
    std::vector<Found> out;
    for (const project::MigrationFile* file : context.files) {
        for (const project::AllowedCode& each : file->allow) {
            const LintRow* row = find_lint(each.code);
            if (row == nullptr) {
                out.push_back({file,
                               each.position,
                               "",
                               each.code,
                               fmt::format("there is no lint code '{}'{}",
                                           each.code,
                                           project::did_you_mean(each.code, codes))});
            } else if (!row->can_be_allowed) {
                out.push_back({file,
                               each.position,
                               "",
                               each.code,
                               fmt::format("{} cannot be allowed", each.code)});
            }
        }
    }
    return out;
}

}  // namespace plumb::migrate::lint
