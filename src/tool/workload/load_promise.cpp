// SPDX-License-Identifier: GPL-3.0-or-later
// One promise of workload.yaml.
#include "tool/workload/load_internal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace plumb::workload {
namespace {

using project::fail_at;
using project::YamlNode;

struct KindRow {
    std::string_view name;
    PromiseKind kind;
    std::string_view range_key;  // the key of its range, which names the unit
    bool one_number = false;     // a bound instead of a range
};

constexpr auto kKinds = std::to_array<KindRow>({
    {"cpu", PromiseKind::Cpu, "less_percent"},
    {"index_size", PromiseKind::IndexBytes, "megabytes"},
    {"indexes_size", PromiseKind::IndexesBytes, "megabytes"},
    {"latency", PromiseKind::Latency, "factor"},
    {"memory", PromiseKind::Memory, "megabytes"},
    {"network", PromiseKind::Network, "less_percent"},
    {"rollback", PromiseKind::Rollback, "minutes_at_most", true},
    {"scale", PromiseKind::Scale, "documents_at_least", true},
    {"write_cost", PromiseKind::WriteCost, "slower_percent"},
});

Result<Range> read_range(const YamlNode& node) {
    if (!node.is_sequence() || node.items().size() != 2) {
        return fail_at(node.position(), "a range [low, high] is needed here");
    }
    PLUMB_TRY(low, node.items()[0].as_double());
    PLUMB_TRY(high, node.items()[1].as_double());
    if (!(low >= 0 && low <= high)) {
        return fail_at(node.position(), "a range is [low, high] with 0 <= low <= high");
    }
    return Range{low, high};
}

Result<Range> read_bound(const YamlNode& node) {
    PLUMB_TRY(bound, node.as_double());
    if (!(bound >= 0)) {
        return fail_at(node.position(), "a number of 0 or more is needed here");
    }
    return Range{bound, bound};
}

Result<std::optional<Range>> read_optional_range(const YamlNode& node, std::string_view key) {
    const YamlNode* found = node.find(key);
    if (found == nullptr) {
        return std::optional<Range>{};
    }
    PLUMB_TRY(range, read_range(*found));
    return std::optional<Range>{range};
}

}  // namespace

Result<Promise> read_promise(const YamlNode& node, const Query* query) {
    PLUMB_TRY(kind_name, node.string_or("kind", "latency"));
    const auto* const row =
        std::find_if(kKinds.begin(), kKinds.end(), [&](const KindRow& candidate) {
            return candidate.name == kind_name;
        });
    if (row == kKinds.end()) {
        return fail_at(node.at("kind")->position(),
                       fmt::format("\"{}\" is no kind of promise", kind_name));
    }
    PLUMB_CHECK(node.only_keys({"name", "kind", row->range_key, "before_ms", "after_ms", "rows"}));
    if (query == nullptr && row->kind == PromiseKind::Latency) {
        return fail_at(node.position(), "a promise of latency stands in the query it is about");
    }
    Promise promise;
    promise.kind = row->kind;
    PLUMB_TRY(name, node.string_or("name", query != nullptr ? query->title : kind_name));
    promise.name = name;
    PLUMB_TRY(range_node, node.at(row->range_key));
    PLUMB_TRY(range, row->one_number ? read_bound(range_node) : read_range(range_node));
    promise.range = range;
    PLUMB_TRY(before, read_optional_range(node, "before_ms"));
    PLUMB_TRY(after, read_optional_range(node, "after_ms"));
    promise.before_ms = before;
    promise.after_ms = after;
    if (query != nullptr) {
        promise.rows.push_back(query->id);
    } else if (const YamlNode* rows = node.find("rows")) {
        PLUMB_TRY(ids, rows->as_strings());
        promise.rows = ids;
    }
    return promise;
}

}  // namespace plumb::workload
