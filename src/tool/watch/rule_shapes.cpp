// SPDX-License-Identifier: GPL-3.0-or-later
// Shapes that the profiler saw, against the workload and its bench run.
#include "tool/watch/rules_internal.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::watch {
namespace {

// A query that examines fewer documents is not worth waking anybody.
constexpr double kExaminedFloor = 100;
// The profiler counts whole milliseconds; below this their ratio says nothing.
constexpr double kMsFloor = 5;

// What one member's profiler recorded of a shape since the sample before.
struct Seen {
    const SeriesInfo& info;
    double calls = 0;
    double ms = 0;
    double examined = 0;
    double returned = 0;
    double scans = 0;

    [[nodiscard]] std::string subject() const { return info.subject; }
    [[nodiscard]] double mean_ms() const { return ms / calls; }
};

double amount(const RuleInput& input, const SeriesInfo& shape, std::string_view name) {
    const auto id = input.history.catalogue().find(name, shape.member, shape.subject);
    return id ? input.history.amount(*id).value_or(0) : 0;
}

std::vector<Seen> seen_shapes(const RuleInput& input) {
    std::vector<Seen> out;
    const Catalogue& catalogue = input.history.catalogue();
    for (const std::size_t id : catalogue.named("shape_calls")) {
        const double calls = input.history.amount(id).value_or(0);
        if (calls > 0) {
            const SeriesInfo& info = catalogue.at(id);
            out.push_back({info,
                           calls,
                           amount(input, info, "shape_ms"),
                           amount(input, info, "shape_docs_examined"),
                           amount(input, info, "shape_returned"),
                           amount(input, info, "shape_scans")});
        }
    }
    return out;
}

std::string name_of(const Seen& seen, const BaselineShape* known) {
    return known == nullptr ? seen.info.text
                            : fmt::format("{} {} ({})", known->query, known->title, seen.info.text);
}

// Of a shape with figures in the baseline.
struct Known {
    Seen seen;
    const BaselineShape& baseline;
};

std::vector<Known> known_shapes(const RuleInput& input) {
    std::vector<Known> out;
    for (const Seen& seen : seen_shapes(input)) {
        const BaselineShape* known = input.baseline.shape(seen.info.subject);
        if (known != nullptr && known->has_figures) {
            out.push_back({seen, *known});
        }
    }
    return out;
}

}  // namespace

void collection_scan(const RuleInput& input, std::vector<Measure>& out) {
    for (const auto& [seen, known] : known_shapes(input)) {
        if (known.collection_scan) {
            continue;
        }
        // Calls that scanned; a small collection is read as a whole for good reason.
        const double examined = seen.scans > 0 ? seen.examined / seen.calls : 0;
        out.push_back({seen.subject(),
                       examined,
                       fmt::format("{}: {:.0f} of {:.0f} calls scanned the collection, {:.0f} "
                                   "documents a call; {:.1f} in the baseline",
                                   name_of(seen, &known),
                                   seen.scans,
                                   seen.calls,
                                   examined,
                                   known.docs_examined)});
    }
}

void shape_examines_more(const RuleInput& input, std::vector<Measure>& out) {
    for (const auto& [seen, known] : known_shapes(input)) {
        const double now = seen.examined / std::max(1.0, seen.returned);
        const double before = known.docs_examined / std::max(1.0, known.returned);
        const double ratio =
            seen.examined / seen.calls < kExaminedFloor ? 0 : now / std::max(1.0, before);
        out.push_back({seen.subject(),
                       ratio,
                       fmt::format("{}: {:.1f} documents examined for each one returned, {:.1f} "
                                   "in the baseline",
                                   name_of(seen, &known),
                                   now,
                                   before)});
    }
}

void shape_slower(const RuleInput& input, std::vector<Measure>& out) {
    for (const auto& [seen, known] : known_shapes(input)) {
        const double ratio =
            seen.mean_ms() < kMsFloor ? 0 : seen.mean_ms() / std::max(1.0, known.p95_ms);
        out.push_back({seen.subject(),
                       ratio,
                       fmt::format("{}: {:.0f} ms a call, p95 {:.1f} ms in the baseline",
                                   name_of(seen, &known),
                                   seen.mean_ms(),
                                   known.p95_ms)});
    }
}

void new_slow_shape(const RuleInput& input, std::vector<Measure>& out) {
    for (const Seen& seen : seen_shapes(input)) {
        if (input.baseline.shape(seen.info.subject) == nullptr) {
            out.push_back({seen.subject(),
                           seen.mean_ms(),
                           fmt::format("{}: {:.0f} calls, {:.0f} ms and {:.0f} documents examined "
                                       "a call; no query of workload.yaml has this shape",
                                       seen.info.text,
                                       seen.calls,
                                       seen.mean_ms(),
                                       seen.examined / seen.calls)});
        }
    }
}

}  // namespace plumb::watch
