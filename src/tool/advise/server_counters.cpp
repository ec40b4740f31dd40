// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/server_counters.h"

#include "bson/builder.h"
#include "bson/number.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace plumb::advise {
namespace {

constexpr double kMinuteMs = 60'000.0;

std::optional<std::int64_t> number_at(bson::View document,
                                      std::initializer_list<std::string_view> path) {
    bson::ValueView at = document.as_value();
    for (const std::string_view name : path) {
        if (at.type() != bson::Type::Document) {
            return std::nullopt;
        }
        at = at.as_document().find(name);
    }
    return at.is_number() ? std::optional{bson::to_clamped_int64(at)} : std::nullopt;
}

void add(std::optional<std::int64_t>& sum, std::optional<std::int64_t> part) {
    if (part) {
        sum = sum.value_or(0) + *part;
    }
}

// One stage for each statistic: a server that knows one of them may not know the other.
bson::Document stage_of(std::string_view statistic) {
    bson::Builder out;
    out.begin_document("$collStats").begin_document(statistic).end().end();
    return out.finish();
}

void read_collection_stats(index_facts::Members& members,
                           std::string_view database,
                           CollectionCounters& out) {
    for (index_facts::Member& member : members.asked) {
        for (const std::string_view statistic : {"latencyStats", "queryExecStats"}) {
            // What a server refuses it does not know; the uses say whether it answers at all.
            static_cast<void>(member.client->aggregate(
                database, out.collection, {stage_of(statistic)}, [&out](bson::View row) -> Status {
                    add_collection_stats(row, out);
                    return {};
                }));
        }
    }
}

double minutes_of(const index_facts::CollectionUses& uses, std::int64_t now_ms) {
    std::int64_t youngest = 0;
    for (const auto& [index, members] : uses.by_index) {
        for (const index_facts::MemberUse& use : members) {
            youngest = std::max({youngest, use.since_ms, use.started_ms});
        }
    }
    return youngest == 0 || youngest >= now_ms ? 0
                                               : static_cast<double>(now_ms - youngest) / kMinuteMs;
}

bool writes(const AskedQuery& query) {
    constexpr auto kWrites =
        std::to_array<std::string_view>({"delete", "findAndModify", "insert", "update"});
    return std::ranges::binary_search(kWrites, query.shape.operation);
}

// Where no server counts reads, those that used an index are known at least.
std::optional<std::int64_t> reads_of(const CollectionCounters& counters) {
    if (counters.reads) {
        return counters.reads;
    }
    std::int64_t uses = 0;
    for (const auto& [index, members] : counters.uses.by_index) {
        for (const index_facts::MemberUse& use : members) {
            uses += use.uses;
        }
    }
    return uses > 0 ? std::optional{uses} : std::nullopt;
}

}  // namespace

void add_collection_stats(bson::View document, CollectionCounters& out) {
    add(out.reads, number_at(document, {"latencyStats", "reads", "ops"}));
    add(out.writes, number_at(document, {"latencyStats", "writes", "ops"}));
    add(out.scans, number_at(document, {"queryExecStats", "collectionScans", "total"}));
}

std::vector<CollectionCounters> read_counters(index_facts::Members& members,
                                              std::string_view database,
                                              const std::set<std::string>& collections,
                                              std::int64_t now_ms) {
    std::vector<CollectionCounters> out;
    for (const std::string& collection : collections) {
        CollectionCounters counters;
        counters.collection = collection;
        counters.uses = index_facts::read_uses(members, database, collection);
        counters.minutes = minutes_of(counters.uses, now_ms);
        read_collection_stats(members, database, counters);
        out.push_back(std::move(counters));
    }
    return out;
}

std::size_t weigh_by_counters(const std::vector<CollectionCounters>& counters,
                              const std::set<std::string>& labels_without_time,
                              std::vector<AskedQuery>& asked) {
    std::map<std::pair<std::string, bool>, std::vector<AskedQuery*>> groups;
    for (AskedQuery& query : asked) {
        if (labels_without_time.contains(query.label)) {
            groups[{query.shape.collection, writes(query)}].push_back(&query);
        }
    }
    std::size_t weighed = 0;
    for (const CollectionCounters& each : counters) {
        for (const bool writing : {false, true}) {
            const auto group = groups.find({each.collection, writing});
            const auto operations = writing ? each.writes : reads_of(each);
            if (group == groups.end() || !operations || *operations == 0 || each.minutes <= 0) {
                continue;
            }
            const double share = static_cast<double>(*operations) / each.minutes /
                                 static_cast<double>(group->second.size());
            for (AskedQuery* query : group->second) {
                query->calls_a_minute = share;
                ++weighed;
            }
        }
    }
    return weighed;
}

bson::Document to_document(const std::vector<CollectionCounters>& counters) {
    bson::Builder out;
    out.begin_array("counters");
    for (const CollectionCounters& each : counters) {
        out.push_document();
        out.append("collection", each.collection);
        for (const auto& [name, value] : {std::pair{"reads", each.reads},
                                          std::pair{"writes", each.writes},
                                          std::pair{"collectionScans", each.scans}}) {
            if (value) {
                out.append(name, *value);
            }
        }
        out.append("minutes", each.minutes);
        out.begin_array("indexes");
        for (const auto& [index, members] : each.uses.by_index) {
            out.push_document();
            out.append("name", index);
            out.begin_document("members");
            for (const index_facts::MemberUse& use : members) {
                out.append(use.member, use.uses);
            }
            out.end().end();
        }
        out.end();
        out.begin_array("notAsked");
        for (const index_facts::Unreached& member : each.uses.not_asked) {
            out.push(member.name + ": " + member.why);
        }
        out.end().end();
    }
    out.end();
    return out.finish();
}

}  // namespace plumb::advise
