// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/rehearse/queries.h"

#include "tool/bench/bootstrap.h"
#include "tool/rehearse/growth.h"
#include "tool/rehearse/query_time.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

namespace plumb::rehearse {
namespace {

constexpr double kNanosecondsPerMs = 1e6;

const Examined* examined_of(const Measured& side, std::string_view id) {
    const auto found = std::find_if(side.examined.begin(),
                                    side.examined.end(),
                                    [id](const Examined& one) { return one.id == id; });
    const bool counted = found != side.examined.end() && !found->commands.empty() &&
                         !found->commands.front().calls.empty();
    return counted ? &*found : nullptr;
}

std::vector<Growth> growths_of(const Examined& examined,
                               const Rehearsal& rehearsal,
                               std::uint64_t seed) {
    std::vector<Growth> out;
    for (const CommandCalls& command : examined.commands) {
        Whole whole;
        if (const auto* line = rehearsal.collection(command.traits.collection)) {
            whole.share = line->share();
            whole.documents = static_cast<double>(line->documents);
        }
        if (const auto* line = rehearsal.collection(command.traits.looked_up)) {
            whole.looked_up_share = line->share();
            whole.looked_up_documents = static_cast<double>(line->copied);
        }
        out.push_back(grow(command, whole, seed));
    }
    return out;
}

// The sentences of all commands, each once.
std::string how_of(const std::vector<Growth>& growths) {
    std::string out;
    for (const Growth& growth : growths) {
        if (out.find(growth.how) == std::string::npos) {
            out += (out.empty() ? "" : "; ") + growth.how;
        }
    }
    return out;
}

QuerySide side_of(const bench::Row& row,
                  const Examined* examined,
                  const std::vector<Growth>& growths,
                  const Known& known) {
    QuerySide out;
    out.plan = row.plan;
    out.collection_scan = row.collection_scan;
    out.ms = Estimate::exactly(row.p50_ns / kNanosecondsPerMs);
    if (examined == nullptr) {
        out.docs = Estimate::exactly(row.docs_examined);
        out.keys = Estimate::exactly(row.keys_examined);
        return out;
    }
    out.docs = sum_of(growths, &Growth::docs);
    out.keys = sum_of(growths, &Growth::keys);
    const bool scaled = std::any_of(growths.begin(), growths.end(), [](const Growth& growth) {
        return !growth.docs.is_exact();
    });
    if (known.target.has_value() || scaled) {
        out.ms = time_of_side({row, *examined, growths},
                              known.engine,
                              known.target.has_value() ? &*known.target : nullptr);
    }
    return out;
}

Estimate measured_factor(const bench::Row& before, const bench::Row& after) {
    if (before.kept_ns.empty() || after.kept_ns.empty()) {
        return Estimate::exactly(1);
    }
    const bench::Interval ratio = bench::ratio_of_medians(before.kept_ns, after.kept_ns, 1);
    return {ratio.point, ratio.low, ratio.high};
}

void fill(const bench::Row& earlier,
          const bench::Row& later,
          const std::pair<const Examined*, const Examined*>& examined,
          const Known& known,
          const Rehearsal& rehearsal,
          QueryLine& line) {
    const auto [first, second] = examined;
    const std::vector<Growth> before =
        first == nullptr ? std::vector<Growth>{} : growths_of(*first, rehearsal, known.seed);
    const std::vector<Growth> after =
        second == nullptr ? std::vector<Growth>{} : growths_of(*second, rehearsal, known.seed);
    line.before = side_of(earlier, first, before, known);
    line.after = side_of(later, second, after, known);
    line.scales = how_of(after);
    line.factor = line.before.ms.is_exact() && line.after.ms.is_exact()
                      ? measured_factor(earlier, later)
                      : ratio_of(line.before.ms, line.after.ms);
}

// The writes of a collection whose time an index changes, one factor for all of them.
Estimate write_factor(const Rehearsal& rehearsal, const std::string& collection) {
    double sum = 0;
    double low = 0;
    double high = 0;
    int count = 0;
    for (const QueryLine& query : rehearsal.queries) {
        if (query.writes && query.collection == collection && query.error.empty() &&
            query.factor.low > 0) {
            sum += std::log(query.factor.value);
            low += std::log(query.factor.low);
            high += std::log(query.factor.high);
            ++count;
        }
    }
    if (count == 0) {
        return Estimate::exactly(1);
    }
    // Slower is above 1 here, so the ends change places.
    return {std::exp(-sum / count), std::exp(-high / count), std::exp(-low / count)};
}

}  // namespace

void add_queries(const Measured& before,
                 const Measured& after,
                 const Known& known,
                 Rehearsal& out) {
    for (const bench::Row& earlier : before.recording.rows) {
        const bench::Row* const later = after.recording.row(earlier.id);
        if (later == nullptr) {
            continue;
        }
        QueryLine line;
        line.id = earlier.id;
        line.title = earlier.title;
        line.collection = earlier.collection;
        line.frequency = earlier.frequency;
        line.critical = earlier.critical;
        line.writes = earlier.writes;
        line.error = earlier.error.empty() ? later->error : earlier.error;
        if (line.error.empty()) {
            fill(earlier,
                 *later,
                 {examined_of(before, line.id), examined_of(after, line.id)},
                 known,
                 out,
                 line);
        }
        out.queries.push_back(std::move(line));
    }
}

void add_write_costs(const Measured& before, const Measured& after, Rehearsal& out) {
    std::set<std::string> built;
    for (const BuildLine& build : out.builds) {
        built.insert(build.collection);
    }
    for (const std::string& name : built) {
        const bench::CollectionInfo* const earlier = before.recording.collection(name);
        const bench::CollectionInfo* const later = after.recording.collection(name);
        if (later == nullptr || later->documents == 0) {
            continue;
        }
        WriteLine line;
        line.collection = name;
        const auto documents = static_cast<double>(later->documents);
        double added = 0;
        for (const IndexLine& index : out.indexes) {
            if (index.collection == name) {
                added += static_cast<double>(index.measured_entries) / documents;
            }
        }
        const double there =
            earlier == nullptr ? 1.0 : static_cast<double>(earlier->indexes.size());
        line.entries_before = Estimate::exactly(there);
        line.entries_after = Estimate::exactly(there + added);
        line.factor = write_factor(out, name);
        out.writes.push_back(std::move(line));
    }
}

}  // namespace plumb::rehearse
