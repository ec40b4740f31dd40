// SPDX-License-Identifier: GPL-3.0-or-later
// Is an index redundant, given another one of the same collection?
//
//   const Judgement it = judge(indexes[0], indexes[1], use);
//   it.redundant;                 // true
//   it.reason;                    // "prefix of user_id_1_status_1", or "kept: unique"
//
// Redundant means: the other one begins with the same keys, as they stand or all reversed (values
// compare by sign, so 1 and 7 are one; the direction of a single field never matters), and nothing
// makes this one special: unique, sparse, partial, TTL, collation, type, hidden, shard key, a hint.
// Whoever drops an index by this verdict still looks at the other queries' plans first: planner
// ties and the smaller index's share of the cache are no part of it.
//
// Source   docs/decisions/0013-redundancy.md
// Threads  value types, pure functions.
#pragma once

#include "bson/document.h"
#include "project/index_definition.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::index_facts {

// What the definitions of a collection's indexes do not say.
struct CollectionUse {
    std::optional<bson::Document> shard_key;    // none: the collection is not sharded
    std::set<std::string, std::less<>> hinted;  // names of indexes that queries hint
    std::set<std::string, std::less<>> wanted;  // names that stay if two serve each other
};

// How the key of one index stands to another's.
enum class KeyRelation : std::uint8_t {
    None,      // it does not begin with it
    Prefix,    // the other one begins with it and goes on
    Same,      // the same fields in the same directions
    Reversed,  // the same fields, every direction reversed
};

// values by sign, text ("hashed", "2dsphere" …) by its letters; a prefix may be reversed as well
[[nodiscard]] KeyRelation key_relation(bson::View key, bson::View of);

// The verdict on one index given one other.
struct Judgement {
    KeyRelation relation = KeyRelation::None;
    bool redundant = false;
    // Why it is kept although the keys fit: "unique", "sparse", … as in keep_codes(); else empty.
    std::string_view code;
    // "prefix of b", "same key as b", "b reversed"; "kept: unique"; empty if the keys do not fit.
    std::string reason;
};

[[nodiscard]] Judgement judge(const project::IndexDefinition& index,
                              const project::IndexDefinition& by,
                              const CollectionUse& use = {});

// The codes that a judgement may carry, sorted.
[[nodiscard]] std::vector<std::string_view> keep_codes();

// The verdict on one index given all others of its collection.
struct Verdict {
    bool redundant = false;
    std::string by;  // the index that serves in its place; when kept: the one it was held against
    std::string reason;  // as in Judgement; empty if no other index begins with its key
};

// One verdict for each of `indexes`, in their order. Of two that serve each other one stays: the
// one in `use.wanted`, else the earlier; `by` never names an index that is redundant itself.
[[nodiscard]] std::vector<Verdict> judge_all(std::span<const project::IndexDefinition> indexes,
                                             const CollectionUse& use = {});

}  // namespace plumb::index_facts
