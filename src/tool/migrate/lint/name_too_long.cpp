// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/lint/checks_internal.h"

#include <fmt/format.h>

namespace plumb::migrate::lint {
namespace {

constexpr std::size_t kNameBytesMax = 127;  // MongoDB up to 4.0; no limit from 4.2 on

}  // namespace

FoundList check_name_too_long(const Context& context) {
    std::vector<Found> out;
    const std::string database =
        context.facts == nullptr ? std::string{} : context.facts->deployment().database;
    for (const Step& step : context.steps) {
        for (const project::IndexDefinition& index : new_indexes(step)) {
            const std::string full =
                fmt::format("{}.{}.${}", database, step.operation->collection, index.name);
            if (full.size() > kNameBytesMax) {
                out.push_back(found_at(step,
                                       index,
                                       fmt::format("{} is {} bytes long, {} more than {}",
                                                   full,
                                                   full.size(),
                                                   full.size() - kNameBytesMax,
                                                   kNameBytesMax)));
            }
        }
    }
    return out;
}

}  // namespace plumb::migrate::lint
