// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/advise_counters.h"

#include <fmt/format.h>

#include <set>
#include <utility>

namespace plumb::cli {
namespace {

// Only source code knows neither a time nor a duration.
bool has_no_time(const capture::ShapeStatistics& shape) {
    return !(shape.calls_a_minute > 0) && !shape.places.empty();
}

std::string count_or_dash(const std::optional<std::int64_t>& count) {
    return count ? human_count(*count) : "-";
}

}  // namespace

Result<std::vector<advise::CollectionCounters>> counters_of(Context& context,
                                                            const std::string& database,
                                                            const capture::ShapeTable& table) {
    std::set<std::string> collections;
    for (const capture::ShapeStatistics& shape : table.shapes()) {
        if (shape.shape.database == database) {
            collections.insert(shape.shape.collection);
        }
    }
    PLUMB_TRY(client, context.client());
    PLUMB_TRY(url, context.url());
    PLUMB_TRY(members, index_facts::reach_members(*client, url));
    for (const index_facts::Unreached& member : members.not_asked) {
        context.console().note(fmt::format("{} was not asked: {}", member.name, member.why));
    }
    return advise::read_counters(members, database, collections, context.clock().now().count());
}

void print_counters(Console& console, const std::vector<advise::CollectionCounters>& counters) {
    console.out("");
    console.out(fmt::format("{:<24} {:>10} {:>10} {:>10} {:>12}  {}",
                            "collection",
                            "reads",
                            "writes",
                            "scans",
                            "minutes",
                            "uses of its indexes, by member"));
    for (const advise::CollectionCounters& each : counters) {
        console.out(fmt::format("{:<24} {:>10} {:>10} {:>10} {:>12.0f}",
                                each.collection,
                                count_or_dash(each.reads),
                                count_or_dash(each.writes),
                                count_or_dash(each.scans),
                                each.minutes));
        for (const auto& [index, members] : each.uses.by_index) {
            std::string text;
            for (const index_facts::MemberUse& use : members) {
                text += fmt::format(
                    "{}{} {}", text.empty() ? "" : ", ", use.member, human_count(use.uses));
            }
            console.out(fmt::format("  {:<30} {}", index, text));
        }
    }
}

void weigh(Context& context,
           const std::vector<advise::CollectionCounters>& counters,
           const capture::ShapeTable& table,
           std::vector<advise::AskedQuery>& asked) {
    std::set<std::string> labels;
    for (const capture::ShapeStatistics& shape : table.shapes()) {
        if (has_no_time(shape)) {
            labels.insert(shape.shape.id);
        }
    }
    const std::size_t weighed = advise::weigh_by_counters(counters, labels, asked);
    context.console().note(
        fmt::format("{} of {} queries without a time of their own are weighed by what the members "
                    "counted",
                    weighed,
                    labels.size()));
}

}  // namespace plumb::cli
