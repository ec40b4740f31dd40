// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/index_facts/redundancy.h"

#include "bson/compare.h"
#include "bson/number.h"
#include "project/collation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace plumb::index_facts {
namespace {

using project::IndexDefinition;

// Options that the server adds by itself and that change no answer.
constexpr auto kVersions =
    std::to_array<std::string_view>({"2dsphereIndexVersion", "collation", "textIndexVersion"});

// One index held against another whose key begins with its own.
struct Pair {
    const IndexDefinition& index;
    const IndexDefinition& by;
    const CollectionUse& use;
    KeyRelation relation;

    [[nodiscard]] bool whole() const { return relation != KeyRelation::Prefix; }
};

bool same_documents(const std::optional<bson::Document>& a,
                    const std::optional<bson::Document>& b) {
    if (!a.has_value() || !b.has_value()) {
        return a.has_value() == b.has_value();
    }
    return bson::compare(a->view(), b->view()) == 0;
}

bool is_negative(bson::ValueView direction) {
    return direction.is_number() && bson::to_double(direction) < 0;
}

// True if documents without a certain field are not in this index: geometry, text and wildcards.
bool leaves_documents_out(bson::View key) {
    for (const auto& [name, direction] : key) {
        const bool special =
            direction.type() == bson::Type::String && direction.as_string() != "hashed";
        if (special || name == "$**" || name.ends_with(".$**")) {
            return true;
        }
    }
    return false;
}

bool is_unique(const IndexDefinition& index) {
    return index.unique || index.name == "_id_";
}

bool options_differ(bson::View a, bson::View b) {
    for (const auto& [name, value] : a) {
        const bool counts = std::find(kVersions.begin(), kVersions.end(), name) == kVersions.end();
        if (counts && !bson::equal(value, b.find(name))) {
            return true;
        }
    }
    return false;
}

// Something that makes an index worth keeping although another one begins with its key.
struct Keep {
    std::string_view code;
    bool (*applies)(const Pair&);
    std::string_view text;
};

// In the order of their weight: the first that applies is the reason.
constexpr auto kKeeps = std::to_array<Keep>({
    {"builtin", [](const Pair& it) { return it.index.name == "_id_"; }, "every collection has it"},
    {"unique",
     [](const Pair& it) { return it.index.unique && !(is_unique(it.by) && it.whole()); },
     "unique"},
    {"ttl",
     [](const Pair& it) {
         return it.index.expire_after.has_value() && it.index.expire_after != it.by.expire_after;
     },
     "it expires documents"},
    {"shard_key",
     [](const Pair& it) {
         return it.use.shard_key.has_value() && it.relation != KeyRelation::Same &&
                key_relation(*it.use.shard_key, it.index.key) != KeyRelation::None;
     },
     "it supports the shard key"},
    {"hinted",
     [](const Pair& it) { return it.use.hinted.contains(it.index.name); },
     "queries hint it by name"},
    {"hidden", [](const Pair& it) { return it.by.hidden; }, "{by} is hidden and serves nobody"},
    {"type",
     [](const Pair& it) { return !it.whole() && leaves_documents_out(it.by.key); },
     "{by} leaves documents out by its type"},
    {"sparse", [](const Pair& it) { return it.index.sparse && !it.by.sparse; }, "sparse"},
    {"sparse_other",
     [](const Pair& it) { return it.by.sparse && !(it.index.sparse && it.whole()); },
     "{by} is sparse"},
    {"partial",
     [](const Pair& it) {
         return it.index.partial.has_value() && !same_documents(it.index.partial, it.by.partial);
     },
     "partial, with a filter of its own"},
    {"partial_other",
     [](const Pair& it) { return it.by.partial.has_value() && !it.index.partial.has_value(); },
     "{by} is partial"},
    {"collation",
     [](const Pair& it) {
         return !project::same_collation(it.index.other.find("collation"),
                                         it.by.other.find("collation"));
     },
     "another collation than {by}"},
    {"options",
     [](const Pair& it) {
         return options_differ(it.index.other, it.by.other) ||
                options_differ(it.by.other, it.index.other);
     },
     "other options than {by}"},
});

std::string filled(std::string_view text, std::string_view by) {
    std::string out{text};
    const std::size_t at = out.find("{by}");
    return at == std::string::npos ? out : out.replace(at, 4, by);
}

std::string how_it_serves(KeyRelation relation, const std::string& by) {
    switch (relation) {
        case KeyRelation::None:
            return "";
        case KeyRelation::Prefix:
            return fmt::format("prefix of {}", by);
        case KeyRelation::Same:
            return fmt::format("same key as {}", by);
        case KeyRelation::Reversed:
            return fmt::format("{} reversed", by);
    }
    return "";
}

// Where both could go, true if `stays` is the one to keep.
bool outlives(const std::span<const IndexDefinition>& indexes,
              std::size_t stays,
              std::size_t goes,
              const CollectionUse& use) {
    const auto rank = [&](std::size_t at) {
        const std::string& name = indexes[at].name;
        return std::pair{use.wanted.contains(name) ? 0 : 1, at};
    };
    return rank(stays) < rank(goes);
}

}  // namespace

KeyRelation key_relation(bson::View key, bson::View of) {
    bson::Iterator there = of.begin();
    std::size_t fields = 0;
    bool forwards = true;
    bool backwards = true;
    for (const auto& [name, direction] : key) {
        if (there == of.end() || there->name != name ||
            direction.is_number() != there->value.is_number()) {
            return KeyRelation::None;
        }
        if (direction.is_number()) {
            const bool same = is_negative(direction) == is_negative(there->value);
            forwards = forwards && same;
            backwards = backwards && !same;
        } else if (!bson::equal(direction, there->value)) {
            return KeyRelation::None;
        }
        ++there;
        ++fields;
    }
    if (fields == 0 || !(forwards || backwards)) {
        return KeyRelation::None;
    }
    if (there != of.end()) {
        return KeyRelation::Prefix;
    }
    return forwards ? KeyRelation::Same : KeyRelation::Reversed;
}

Judgement judge(const IndexDefinition& index, const IndexDefinition& by, const CollectionUse& use) {
    Judgement out;
    out.relation = key_relation(index.key, by.key);
    if (out.relation == KeyRelation::None) {
        return out;
    }
    const Pair pair{index, by, use, out.relation};
    const auto* const keep = std::find_if(
        kKeeps.begin(), kKeeps.end(), [&pair](const Keep& each) { return each.applies(pair); });
    if (keep != kKeeps.end()) {
        out.code = keep->code;
        out.reason = "kept: " + filled(keep->text, by.name);
        return out;
    }
    out.redundant = true;
    out.reason = how_it_serves(out.relation, by.name);
    return out;
}

std::vector<std::string_view> keep_codes() {
    std::vector<std::string_view> out;
    out.reserve(std::size(kKeeps));
    for (const Keep& each : kKeeps) {
        out.push_back(each.code);
    }
    std::sort(out.begin(), out.end());
    return out;
}

std::vector<Verdict> judge_all(std::span<const IndexDefinition> indexes, const CollectionUse& use) {
    const std::size_t count = indexes.size();
    std::vector<std::vector<Judgement>> held(count, std::vector<Judgement>(count));
    for (std::size_t at = 0; at < count; ++at) {
        for (std::size_t by = 0; by < count; ++by) {
            if (at != by) {
                held[at][by] = judge(indexes[at], indexes[by], use);
            }
        }
    }
    const auto gives_way = [&](std::size_t at, std::size_t by) {
        return held[at][by].redundant &&
               (!held[by][at].redundant || outlives(indexes, by, at, use));
    };
    std::vector<Verdict> out(count);
    for (std::size_t at = 0; at < count; ++at) {
        for (std::size_t by = 0; by < count; ++by) {
            out[at].redundant = out[at].redundant || gives_way(at, by);
        }
    }
    // Being redundant passes on from index to index, so one that stays serves for each that goes.
    for (std::size_t at = 0; at < count; ++at) {
        for (std::size_t by = 0; by < count; ++by) {
            const bool says = out[at].redundant ? gives_way(at, by) && !out[by].redundant
                                                : !held[at][by].code.empty();
            if (says) {
                out[at].by = indexes[by].name;
                out[at].reason = held[at][by].reason;
                break;
            }
        }
    }
    return out;
}

}  // namespace plumb::index_facts
