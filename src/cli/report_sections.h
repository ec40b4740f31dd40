// SPDX-License-Identifier: GPL-3.0-or-later
// Sections of the report from what other commands recorded beside the engine's data folder: a
// rehearsal, a watch. None for what is not there or is about another database.
#pragma once

#include "cli/context.h"
#include "tool/report/report.h"

#include <string_view>
#include <vector>

namespace plumb::cli {

[[nodiscard]] std::vector<report::ExtraSection> recorded_sections(Context& context,
                                                                  std::string_view database);

}  // namespace plumb::cli
