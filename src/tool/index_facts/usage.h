// SPDX-License-Identifier: GPL-3.0-or-later
// Is an index used? A tier, not a yes: by every member's counters, their age, and what the index
// does beside serving queries.
//
//   PLUMB_TRY(uses, read_uses(members, "shop", "orders"));
//   const UsageVerdict it = judge_usage(index, uses, use, rules);
//   it.tier;      // Tier::Unused
//   it.reason;    // "0 uses on 3 members, the youngest counter is 41 days old"
//   it.may_go;    // false where `guard` says what else it does
//
// Counters begin anew with a restart, a rebuild, collMod and (un)hiding, and each member has its
// own; TTL deletions and chunk moves are not counted.
//
// Source   MongoDB manual, "$indexStats"; docs/decisions/0014-usage-tiers.md
// Threads  read_uses one thread; judge_usage and way_out are pure functions.
#pragma once

#include "base/result.h"
#include "project/index_definition.h"
#include "tool/index_facts/members.h"
#include "tool/index_facts/redundancy.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::index_facts {

// What one member counted for one index.
struct MemberUse {
    std::string member;  // host:port, or the shard that answered
    std::int64_t uses = 0;
    std::int64_t since_ms = 0;    // when its counter began
    std::int64_t started_ms = 0;  // when the member's process began; 0: not told
};

struct CollectionUses {
    std::map<std::string, std::vector<MemberUse>, std::less<>> by_index;
    std::vector<Unreached> not_asked;  // members without an answer, and why
};

// `$indexStats` of every member. A member that may not be read counts as not asked.
[[nodiscard]] CollectionUses read_uses(Members& members,
                                       std::string_view database,
                                       std::string_view collection);

enum class Tier : std::uint8_t {
    Used,           // at least once a day, taken over the counters' age
    Seldom,         // more seldom than that: a monthly job looks like this
    Unused,         // never, on any member, over the whole window
    Young,          // never, and the index (or its counter) is younger than the window
    CountersYoung,  // never, and some member restarted within the window
    NotAllAsked,    // never, as far as is known: some member was not asked
    Unknown,        // no member told
};

// "used", "seldom", "unused", "young", "counters_young", "not_all_asked", "unknown"
[[nodiscard]] std::string_view tier_name(Tier tier);

struct UsageRules {
    std::int64_t now_ms = 0;
    int window_days = 30;  // at least one business cycle
};

struct UsageVerdict {
    Tier tier = Tier::Unknown;
    std::string reason;
    std::int64_t uses = 0;      // of all members
    std::int64_t age_days = 0;  // of the youngest counter
    // What it does besides, empty if nothing: "unique", "it expires documents", …
    std::string guard;
    bool may_go = false;  // Unused and no guard
};

[[nodiscard]] UsageVerdict judge_usage(const project::IndexDefinition& index,
                                       const CollectionUses& uses,
                                       const CollectionUse& use,
                                       const UsageRules& rules);

// How an index leaves without a risk, as lines for people: hide, watch, drop.
[[nodiscard]] std::vector<std::string> way_out(std::string_view collection,
                                               std::string_view index,
                                               const UsageRules& rules);

}  // namespace plumb::index_facts
