// SPDX-License-Identifier: GPL-3.0-or-later
// Members of the deployment: there, up to date, not restarted.
#include "tool/watch/rules_internal.h"

#include <fmt/format.h>

namespace plumb::watch {

void connection_lost(const RuleInput& input, std::vector<Measure>& out) {
    const Catalogue& catalogue = input.history.catalogue();
    for (const std::size_t id : catalogue.named("up")) {
        if (const auto up = input.history.now(id)) {
            out.push_back(
                {catalogue.at(id).member, *up == 0 ? 1.0 : 0.0, "the member does not answer"});
        }
    }
}

void replication_lag(const RuleInput& input, std::vector<Measure>& out) {
    const Catalogue& catalogue = input.history.catalogue();
    for (const std::size_t id : catalogue.named("lag_ms")) {
        if (const auto lag = input.history.now(id)) {
            const double seconds = static_cast<double>(*lag) / 1000;
            out.push_back({catalogue.at(id).member,
                           seconds,
                           fmt::format("{:.1f} s behind the primary", seconds)});
        }
    }
}

void server_restarted(const RuleInput& input, std::vector<Measure>& out) {
    const Catalogue& catalogue = input.history.catalogue();
    for (const std::size_t id : catalogue.named("started_ms")) {
        const std::string& member = catalogue.at(id).member;
        const bool restarted = input.history.just_restarted().contains(member);
        out.push_back({member, restarted ? 1.0 : 0.0, "the process began anew"});
    }
}

}  // namespace plumb::watch
