// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/rehearse/queries.h"

#include "tool/bench/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace plumb::rehearse {
namespace {

constexpr double kNanosecondsPerMs = 1e6;

QuerySide side_of(const bench::Row& row) {
    QuerySide out;
    out.plan = row.plan;
    out.collection_scan = row.collection_scan;
    out.docs = Estimate::exactly(row.docs_examined);
    out.keys = Estimate::exactly(row.keys_examined);
    out.ms = Estimate::exactly(row.p50_ns / kNanosecondsPerMs);
    return out;
}

Estimate factor_of(const bench::Row& before, const bench::Row& after) {
    if (before.kept_ns.empty() || after.kept_ns.empty()) {
        return Estimate::exactly(1);
    }
    const bench::Interval ratio = bench::ratio_of_medians(before.kept_ns, after.kept_ns, 1);
    return {ratio.point, ratio.low, ratio.high};
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

void add_queries(const bench::Recording& before, const bench::Recording& after, Rehearsal& out) {
    for (const bench::Row& earlier : before.rows) {
        const bench::Row* const later = after.row(earlier.id);
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
            line.before = side_of(earlier);
            line.after = side_of(*later);
            line.factor = factor_of(earlier, *later);
        }
        out.queries.push_back(std::move(line));
    }
}

void add_write_costs(const bench::Recording& before,
                     const bench::Recording& after,
                     Rehearsal& out) {
    std::set<std::string> built;
    for (const BuildLine& build : out.builds) {
        built.insert(build.collection);
    }
    for (const std::string& name : built) {
        const bench::CollectionInfo* const earlier = before.collection(name);
        const bench::CollectionInfo* const later = after.collection(name);
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
