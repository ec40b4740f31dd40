// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/index_facts/usage.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

namespace plumb::index_facts {
namespace {

using project::IndexDefinition;

constexpr std::int64_t kDayMs = 24LL * 60 * 60 * 1000;
// A counter that began this long after its member's start began for a reason of its own.
constexpr std::int64_t kStartSlackMs = 60'000;

// Something that an index does without being read by a query.
struct Guard {
    bool (*applies)(const IndexDefinition&, const CollectionUse&);
    std::string_view text;
};

constexpr auto kGuards = std::to_array<Guard>({
    {[](const IndexDefinition& index, const CollectionUse&) { return index.name == "_id_"; },
     "every collection has it"},
    {[](const IndexDefinition& index, const CollectionUse&) { return index.unique; },
     "unique: it refuses doubles without being read"},
    {[](const IndexDefinition& index, const CollectionUse&) {
         return index.expire_after.has_value();
     },
     "it expires documents, which is not counted"},
    {[](const IndexDefinition& index, const CollectionUse& use) {
         return use.shard_key.has_value() &&
                key_relation(*use.shard_key, index.key) != KeyRelation::None;
     },
     "it supports the shard key"},
    {[](const IndexDefinition& index, const CollectionUse& use) {
         return use.hinted.contains(index.name);
     },
     "queries hint it"},
    {[](const IndexDefinition& index, const CollectionUse&) { return index.hidden; },
     "hidden: no query can use it, so the count says nothing"},
});

std::string members_text(std::size_t count) {
    return count == 1 ? "1 member" : fmt::format("{} members", count);
}

std::string days(std::int64_t count) {
    return count == 1 ? "1 day" : fmt::format("{} days", count);
}

std::string ago(std::int64_t count) {
    return count == 0 ? "today" : days(count) + " ago";
}

std::string not_asked_text(const std::vector<Unreached>& not_asked) {
    std::string out;
    for (const Unreached& each : not_asked) {
        out += fmt::format("{}{}", out.empty() ? "" : ", ", each.name);
    }
    return out;
}

std::string guard_of(const IndexDefinition& index, const CollectionUse& use) {
    const auto* const row = std::find_if(kGuards.begin(), kGuards.end(), [&](const Guard& each) {
        return each.applies(index, use);
    });
    return row == kGuards.end() ? "" : std::string{row->text};
}

// The counters of one index on all members, added up.
struct Sum {
    std::int64_t uses = 0;
    std::int64_t youngest_ms = std::numeric_limits<std::int64_t>::min();
    std::int64_t oldest_ms = std::numeric_limits<std::int64_t>::max();
    const MemberUse* youngest = nullptr;
};

Sum sum_of(const std::vector<MemberUse>& counters) {
    Sum out;
    for (const MemberUse& each : counters) {
        out.uses += each.uses;
        out.oldest_ms = std::min(out.oldest_ms, each.since_ms);
        if (each.since_ms > out.youngest_ms) {
            out.youngest_ms = each.since_ms;
            out.youngest = &each;
        }
    }
    return out;
}

void judge_used(const Sum& sum, const UsageRules& rules, UsageVerdict& out) {
    const std::int64_t age = std::max<std::int64_t>((rules.now_ms - sum.oldest_ms) / kDayMs, 1);
    out.tier = sum.uses >= age ? Tier::Used : Tier::Seldom;
    out.reason = fmt::format("{} {} in {}", sum.uses, sum.uses == 1 ? "use" : "uses", days(age));
}

void judge_never_used(const Sum& sum,
                      const std::vector<MemberUse>& counters,
                      const CollectionUses& uses,
                      const UsageRules& rules,
                      UsageVerdict& out) {
    const std::string never = "0 uses on " + members_text(counters.size());
    if (!uses.not_asked.empty()) {
        out.tier = Tier::NotAllAsked;
        out.reason = fmt::format("{}; not asked: {}", never, not_asked_text(uses.not_asked));
        return;
    }
    if (rules.now_ms - sum.youngest_ms >= rules.window_days * kDayMs) {
        out.tier = Tier::Unused;
        out.reason = fmt::format("{}, the youngest counter is {} days old", never, out.age_days);
        return;
    }
    const MemberUse& youngest = *sum.youngest;
    const bool restarted =
        youngest.started_ms != 0 && youngest.since_ms <= youngest.started_ms + kStartSlackMs;
    out.tier = restarted ? Tier::CountersYoung : Tier::Young;
    out.reason = fmt::format("{}; {} {}, the window is {}",
                             never,
                             restarted ? youngest.member + " restarted" : "counted since",
                             ago(out.age_days),
                             days(rules.window_days));
}

}  // namespace

std::string_view tier_name(Tier tier) {
    switch (tier) {
        case Tier::Used:
            return "used";
        case Tier::Seldom:
            return "seldom";
        case Tier::Unused:
            return "unused";
        case Tier::Young:
            return "young";
        case Tier::CountersYoung:
            return "counters_young";
        case Tier::NotAllAsked:
            return "not_all_asked";
        case Tier::Unknown:
            return "unknown";
    }
    return "";
}

UsageVerdict judge_usage(const IndexDefinition& index,
                         const CollectionUses& uses,
                         const CollectionUse& use,
                         const UsageRules& rules) {
    UsageVerdict out;
    out.guard = guard_of(index, use);
    const auto found = uses.by_index.find(index.name);
    if (found == uses.by_index.end() || found->second.empty()) {
        out.reason = uses.not_asked.empty()
                         ? "no member counts it"
                         : "no member told; not asked: " + not_asked_text(uses.not_asked);
        return out;
    }
    const Sum sum = sum_of(found->second);
    out.uses = sum.uses;
    out.age_days = std::max<std::int64_t>(rules.now_ms - sum.youngest_ms, 0) / kDayMs;
    if (sum.uses > 0) {
        judge_used(sum, rules, out);
    } else {
        judge_never_used(sum, found->second, uses, rules, out);
    }
    out.may_go = out.tier == Tier::Unused && out.guard.empty();
    return out;
}

std::vector<std::string> way_out(std::string_view collection,
                                 std::string_view index,
                                 const UsageRules& rules) {
    return {
        fmt::format("hide it:  - hide_index: {{collection: {}, name: {}}}    (MongoDB 4.4+)",
                    collection,
                    index),
        fmt::format("wait {} days; unhide it (plumb migrate down) if a query got slower",
                    rules.window_days),
        fmt::format("drop it:  - drop_indexes: {{collection: {}, names: [{}]}}", collection, index),
    };
}

}  // namespace plumb::index_facts
