// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/figures.h"
#include "tool/bench/whole_internal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace plumb::bench {
namespace {

using workload::PromiseKind;

struct KindRow {
    PromiseKind kind;
    void (*judge)(const workload::Promise&, const WholeInputs&, WholeComparison&);
    const char* promised;  // {0} and {1} are the ends of the range
};

constexpr auto kKinds = std::to_array<KindRow>({
    {PromiseKind::Cpu, judge_cpu, "{0}–{1} % less"},
    {PromiseKind::Network, judge_network, "{0}–{1} % less"},
    {PromiseKind::WriteCost, judge_writes, "at most {1} % slower"},
    {PromiseKind::IndexBytes, judge_index_size, "{0}–{1} MB"},
    {PromiseKind::IndexesBytes, judge_indexes_size, "{0}–{1} MB"},
    {PromiseKind::Memory, judge_memory, "{0}–{1} MB"},
    {PromiseKind::Rollback, judge_rollback, "under {1} minutes, no data touched"},
    {PromiseKind::Scale, judge_scale, "{0} documents and more"},
});

}  // namespace

std::vector<WholeComparison> compare_wholes(const WholeInputs& in) {
    std::vector<WholeComparison> out;
    for (const workload::Promise& promise : in.workload.promises) {
        const auto* const row =
            std::find_if(kKinds.begin(), kKinds.end(), [&promise](const KindRow& one) {
                return one.kind == promise.kind;
            });
        if (row == kKinds.end()) {
            continue;
        }
        WholeComparison one;
        one.name = promise.name;
        const auto number = [](double value) {
            return value < 1000 ? fmt::format("{}", value) : count_text(value);
        };
        one.promised = fmt::format(
            fmt::runtime(row->promised), number(promise.range.low), number(promise.range.high));
        row->judge(promise, in, one);
        out.push_back(std::move(one));
    }
    return out;
}

}  // namespace plumb::bench
