// SPDX-License-Identifier: GPL-3.0-or-later
// The database against the strategy, as verify compares them.
#include "tool/watch/rules_internal.h"

#include <fmt/format.h>

namespace plumb::watch {
namespace {

void each(const RuleInput& input,
          std::string_view series,
          std::string_view what,
          std::vector<Measure>& out) {
    const Catalogue& catalogue = input.history.catalogue();
    for (const std::size_t id : catalogue.named(series)) {
        if (const auto found = input.history.now(id)) {
            const SeriesInfo& info = catalogue.at(id);
            std::string evidence{what};
            if (!info.text.empty()) {
                evidence += fmt::format(": {}", info.text);
            }
            out.push_back({info.subject, static_cast<double>(*found), std::move(evidence)});
        }
    }
}

}  // namespace

void drift(const RuleInput& input, std::vector<Measure>& out) {
    each(input, "drift_missing", "declared, not there", out);
    each(input, "drift_different", "declared, there with another definition", out);
}

void drift_extra(const RuleInput& input, std::vector<Measure>& out) {
    each(input, "drift_extra", "there, not declared", out);
}

}  // namespace plumb::watch
