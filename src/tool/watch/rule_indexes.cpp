// SPDX-License-Identifier: GPL-3.0-or-later
// Indexes that should be there and be used.
#include "tool/watch/rules_internal.h"
#include "tool/watch/time_text.h"

#include <fmt/format.h>

namespace plumb::watch {
namespace {

// A declared query should have come by at least so often before its silence says anything.
constexpr double kCallsExpected = 10;

std::string uses_text(const BaselineIndex& index) {
    return index.used_by.empty() ? std::string{"the strategy wants it"}
                                 : fmt::format("{} ran on it", fmt::join(index.used_by, ", "));
}

// Uses of an index on all members together.
struct Uses {
    double lately = 0;
    double total = 0;
    bool present = false;        // on some member, now
    bool window_is_full = true;  // each member's
};

Uses uses_of(const RuleInput& input, const std::string& subject) {
    Uses out;
    const Catalogue& catalogue = input.history.catalogue();
    for (const std::size_t id : catalogue.named("index_uses")) {
        if (catalogue.at(id).subject != subject) {
            continue;
        }
        out.lately += input.history.lately(id);
        out.total += input.history.total(id);
        if (input.history.now(id)) {
            out.present = true;
            out.window_is_full =
                out.window_is_full && input.history.lately_known(id) >= kWindowSamples;
        }
    }
    return out;
}

}  // namespace

void index_missing(const RuleInput& input, std::vector<Measure>& out) {
    const History& history = input.history;
    const Catalogue& catalogue = history.catalogue();
    for (const BaselineIndex& index : input.baseline.indexes) {
        if (index.used_by.empty() || index.name == "_id_") {
            continue;
        }
        std::vector<std::string> without;
        bool looked = false;
        for (const std::size_t id : catalogue.named("indexes_read")) {
            const SeriesInfo& read = catalogue.at(id);
            if (history.now(id).value_or(0) == 0) {
                continue;
            }
            looked = true;
            const auto bytes = catalogue.find("index_bytes", read.member, index.subject());
            if (!bytes || !history.now(*bytes)) {
                without.push_back(read.member);
            }
        }
        if (looked) {
            out.push_back({index.subject(),
                           without.empty() ? 0.0 : 1.0,
                           fmt::format("not there on {}; in the baseline {}",
                                       fmt::join(without, ", "),
                                       uses_text(index))});
        }
    }
}

void index_no_longer_used(const RuleInput& input, std::vector<Measure>& out) {
    double all_lately = 0;
    const Catalogue& catalogue = input.history.catalogue();
    for (const std::size_t id : catalogue.named("index_uses")) {
        all_lately += input.history.lately(id);
    }
    for (const BaselineIndex& index : input.baseline.indexes) {
        if (index.used_by.empty()) {
            continue;
        }
        const Uses uses = uses_of(input, index.subject());
        // Without any uses the application rests; without this one's it has changed its ways.
        if (!uses.present || !uses.window_is_full || all_lately < kCallsExpected) {
            continue;
        }
        const bool was_used = uses.total - uses.lately >= kCallsExpected;
        out.push_back({index.subject(),
                       uses.lately == 0 && was_used ? 1.0 : 0.0,
                       fmt::format("0 uses in the last {} samples after {:.0f} before, while all "
                                   "indexes together had {:.0f}; in the baseline {}",
                                   kWindowSamples,
                                   uses.total,
                                   all_lately,
                                   uses_text(index))});
    }
}

void new_index_unused(const RuleInput& input, std::vector<Measure>& out) {
    const std::int64_t watched_ms = input.history.at_ms() - input.history.first_ms();
    for (const BaselineIndex& index : input.baseline.indexes) {
        // A unique or expiring index works without being read.
        if (!index.is_new || index.unique || index.expires) {
            continue;
        }
        const Uses uses = uses_of(input, index.subject());
        if (!uses.present || watched_ms < input.unused_after_ms) {
            continue;
        }
        out.push_back({index.subject(),
                       uses.total > 0 ? 0.0 : 1.0,
                       fmt::format("0 uses in {} of watching", span_text(watched_ms))});
    }
}

}  // namespace plumb::watch
