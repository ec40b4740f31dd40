// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/verify/observe.h"

#include "bson/builder.h"
#include "tool/index_facts/hints.h"
#include "tool/index_facts/shard_key.h"
#include "tool/index_facts/usage.h"
#include "tool/verify/builds.h"
#include "tool/verify/member_lists.h"
#include "tool/verify/validity.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::verify {
namespace {

using index_facts::Members;
using index_facts::Topology;

// A server repeats the whole command where it refuses it.
std::string reason_of(const Error& error) {
    return error.code() == ErrorCode::Unauthorized ? "this user may not" : error.message();
}

// One look at a deployment, part by part.
class Observation {
  public:
    Observation(const Deployment& deployment,
                const project::Strategy& strategy,
                const ObserveOptions& options)
        : deployment_(deployment), strategy_(strategy), options_(options) {}

    Result<Report> run() {
        PLUMB_TRY(found, read_indexes(deployment_.client, deployment_.database, strategy_));
        PLUMB_TRY(members, reach());
        Options compare_options = options_.compare;
        for (const auto& [collection, indexes] : found) {
            index_facts::CollectionUse& use = compare_options.use[collection];
            use.hinted = index_facts::hinted_indexes(options_.commands, collection, indexes);
            if (members.topology == Topology::Sharded) {
                use.shard_key = index_facts::read_shard_key(
                    deployment_.client, deployment_.database, collection);
            }
        }
        report_ = compare(strategy_, found, compare_options);
        report_.not_asked = members.not_asked;
        PLUMB_CHECK(look_at_members(members, found));
        look_at_builds();
        if (options_.usage) {
            look_at_usage(members, found, compare_options);
        }
        if (options_.deep) {
            look_at_validity();
        }
        count_marks(report_, options_.compare.extra_is_drift);
        return std::move(report_);
    }

  private:
    Result<Members> reach() {
        PLUMB_TRY(members, index_facts::reach_members(deployment_.client, deployment_.url));
        Members given = index_facts::reach_given(options_.member_urls);
        std::move(given.asked.begin(), given.asked.end(), std::back_inserter(members.asked));
        std::move(
            given.not_asked.begin(), given.not_asked.end(), std::back_inserter(members.not_asked));
        return std::move(members);
    }

    Status look_at_members(Members& members, const FoundIndexes& found) {
        std::vector<MemberIndexes> lists;
        if (members.topology == Topology::Sharded) {
            lists = shard_lists(found);
        } else if (members.asked.size() + members.not_asked.size() > 1) {
            for (index_facts::Member& member : members.asked) {
                auto indexes = read_indexes(*member.client, deployment_.database, strategy_);
                if (indexes.ok()) {
                    lists.push_back({member.name, *std::move(indexes)});
                } else {
                    report_.not_asked.push_back({member.name, indexes.error().message()});
                }
            }
        }
        const Spread spread =
            members.topology == Topology::Sharded ? Spread::Shards : Spread::Copies;
        add_inconsistencies(report_, strategy_, lists, spread);
        return {};
    }

    // What each shard holds, as $indexStats through a mongos tells it: one row a shard and index.
    std::vector<MemberIndexes> shard_lists(const FoundIndexes& found) {
        std::map<std::string, FoundIndexes> shards;
        bson::Builder stage;
        stage.begin_document("$indexStats").end();
        const std::vector<bson::Document> pipeline{stage.finish()};
        for (const auto& [collection, indexes] : found) {
            const Status read = deployment_.client.aggregate(
                deployment_.database, collection, pipeline, [&](bson::View row) -> Status {
                    return add_shard_row(row, collection, shards);
                });
            if (!read.ok()) {
                report_.notes.push_back(fmt::format(
                    "the shards of {} were not compared: {}", collection, read.error().message()));
            }
        }
        std::vector<MemberIndexes> out;
        for (auto& [shard, indexes] : shards) {
            out.push_back({shard, std::move(indexes)});
        }
        return out;
    }

    // `spec` holds the whole definition (4.4+); before, only name and key are told.
    static Status add_shard_row(bson::View row,
                                const std::string& collection,
                                std::map<std::string, FoundIndexes>& shards) {
        const bson::ValueView shard = row.find("shard");
        const bson::ValueView spec = row.find("spec");
        if (shard.type() != bson::Type::String) {
            return {};
        }
        bson::Builder narrow;
        narrow.append("name", row.find("name"));
        narrow.append("key", row.find("key"));
        PLUMB_TRY(index,
                  project::index_from_server(spec.type() == bson::Type::Document
                                                 ? bson::Document{spec.as_document()}
                                                 : narrow.finish()));
        shards[std::string{shard.as_string()}][collection].push_back(std::move(index));
        return {};
    }

    void look_at_builds() {
        const auto builds = read_builds(deployment_.client, deployment_.database);
        if (!builds.ok()) {
            report_.notes.push_back("builds at work were not looked at (currentOp): " +
                                    reason_of(builds.error()));
            return;
        }
        for (const Build& build : *builds) {
            for_each_line([&build](const CollectionReport& collection, Line& line) {
                if (collection.name == build.collection && line.name == build.index) {
                    line.mark = Mark::Building;
                    line.detail = build.percent < 0 ? "the server is at work on it"
                                                    : fmt::format("{} %", build.percent);
                }
            });
        }
    }

    void look_at_usage(Members& members, const FoundIndexes& found, const Options& options) {
        const index_facts::UsageRules rules{options_.now_ms, options_.window_days};
        for (CollectionReport& collection : report_.collections) {
            const auto indexes = found.find(collection.name);
            if (indexes == found.end() || indexes->second.empty()) {
                continue;
            }
            const index_facts::CollectionUses uses =
                index_facts::read_uses(members, deployment_.database, collection.name);
            note_uncounted(members, uses);
            for (Line& line : collection.lines) {
                const auto index = std::find_if(
                    indexes->second.begin(), indexes->second.end(), [&line](const auto& each) {
                        return each.name == line.name;
                    });
                if (index == indexes->second.end() || line.mark == Mark::Builtin) {
                    continue;
                }
                const auto use = options.use.find(collection.name);
                const auto verdict = index_facts::judge_usage(*index, uses, use->second, rules);
                if (verdict.may_go) {
                    line.way_out = index_facts::way_out(collection.name, line.name, rules);
                }
                line.usage = tier_name(verdict.tier);
                line.usage_reason =
                    verdict.guard.empty()
                        ? verdict.reason
                        : fmt::format("{}; kept: {}", verdict.reason, verdict.guard);
            }
        }
    }

    // Members that answer, and may not be asked how often an index is used: each is said once.
    void note_uncounted(const Members& members, const index_facts::CollectionUses& uses) {
        for (std::size_t at = members.not_asked.size(); at < uses.not_asked.size(); ++at) {
            const std::string note =
                fmt::format("use of indexes was not read on {} ($indexStats): {}",
                            uses.not_asked[at].name,
                            uses.not_asked[at].why);
            if (std::find(report_.notes.begin(), report_.notes.end(), note) ==
                report_.notes.end()) {
                report_.notes.push_back(note);
            }
        }
    }

    void look_at_validity() {
        for (CollectionReport& collection : report_.collections) {
            const auto said =
                validate_collection(deployment_.client, deployment_.database, collection.name);
            if (!said.ok()) {
                report_.notes.push_back(fmt::format(
                    "{} was not validated: {}", collection.name, reason_of(said.error())));
                continue;
            }
            collection.valid = said->valid;
            collection.validity = said->text;
            for (Line& line : collection.lines) {
                if (std::find(said->invalid.begin(), said->invalid.end(), line.name) !=
                    said->invalid.end()) {
                    line.mark = Mark::Invalid;
                    line.detail = "the server's validate finds it broken; build it anew";
                }
            }
        }
    }

    template <class Use>
    void for_each_line(const Use& use) {
        for (CollectionReport& collection : report_.collections) {
            for (Line& line : collection.lines) {
                use(collection, line);
            }
        }
    }

    const Deployment& deployment_;
    const project::Strategy& strategy_;
    const ObserveOptions& options_;
    Report report_;
};

}  // namespace

Result<Report> observe(const Deployment& deployment,
                       const project::Strategy& strategy,
                       const ObserveOptions& options) {
    return Observation{deployment, strategy, options}.run();
}

}  // namespace plumb::verify
