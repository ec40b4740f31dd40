// SPDX-License-Identifier: GPL-3.0-or-later
// What writes cost, from the trial on scratch copies: there the search for what is written plays no
// part.
#include "bson/json.h"
#include "tool/bench/figures.h"
#include "tool/bench/whole_internal.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace plumb::bench {
namespace {

// Half of a 95 % range is this many standard deviations.
constexpr double kHalfRange = 1.96;

// The fields that an update command sets, of all its statements.
std::vector<std::string> fields_set(bson::View command) {
    std::vector<std::string> out;
    const bson::ValueView updates = command.find("updates");
    if (updates.type() != bson::Type::Array) {
        return out;
    }
    for (const bson::Element& statement : updates.as_array()) {
        if (statement.value.type() != bson::Type::Document ||
            statement.value.as_document().find("u").type() != bson::Type::Document) {
            continue;
        }
        for (const bson::Element& change : statement.value.as_document().find("u").as_document()) {
            if (change.value.type() == bson::Type::Document) {
                for (const bson::Element& field : change.value.as_document()) {
                    out.emplace_back(field.name);
                }
            }
        }
    }
    return out;
}

bool index_holds(const TrialIndex& index, std::string_view field) {
    const auto key = bson::from_json(index.key);
    return key.ok() && !key->find(field).missing();
}

// The kind of write that a command of the workload is; none for a read.
std::optional<std::string_view> kind_of(bson::View command, const TrialCollection& trial) {
    const std::string_view verb = command.front().name;
    if (verb == "insert") {
        return kInsert;
    }
    if (verb == "delete") {
        return kDelete;
    }
    if (verb != "update") {
        return std::nullopt;
    }
    for (const std::string& field : fields_set(command)) {
        for (const TrialIndex& index : trial.indexes) {
            if (index_holds(index, field)) {
                return kUpdateIndexed;
            }
        }
    }
    return kUpdateOther;
}

// Logarithms of ratios, weighed by how often a write is done.
class Mean {
  public:
    void add(const Interval& ratio, double weight) {
        const double spread = (std::log(ratio.high) - std::log(ratio.low)) / (2 * kHalfRange);
        sum_ += weight * std::log(ratio.point);
        variance_ += weight * weight * spread * spread;
        weight_ += weight;
    }
    [[nodiscard]] bool empty() const { return weight_ <= 0; }
    [[nodiscard]] Interval interval() const {
        const double mean = sum_ / weight_;
        const double spread = kHalfRange * std::sqrt(variance_) / weight_;
        return {std::exp(mean), std::exp(mean - spread), std::exp(mean + spread)};
    }

  private:
    double sum_ = 0;
    double variance_ = 0;
    double weight_ = 0;
};

std::string reason_line(const workload::Query& query,
                        const TrialCollection& trial,
                        const WriteRow& row) {
    const WriteLevel& none = row.levels.front();
    const WriteLevel& all = row.levels.back();
    std::size_t touched = 0;
    for (const TrialIndex& index : trial.indexes) {
        touched += row.field.empty() || index_holds(index, row.field) ? 1U : 0U;
    }
    return fmt::format("{} {}, {}: {} → {}, {} with {} indexes, of which it touches {}",
                       query.id,
                       trial.name,
                       row.kind,
                       duration_text(none.p50_ns),
                       duration_text(all.p50_ns),
                       interval_text(all.ratio.point, all.ratio.low, all.ratio.high),
                       all.indexes,
                       touched);
}

void add_query(const workload::Query& query,
               const WriteTrial& trial,
               Mean& mean,
               WholeComparison& out) {
    for (const bson::Document& command : query.commands) {
        const bson::ValueView target = command.view().front().value;
        const TrialCollection* collection =
            target.type() == bson::Type::String ? trial.collection(target.as_string()) : nullptr;
        if (collection == nullptr) {
            continue;
        }
        const auto kind = kind_of(command, *collection);
        const WriteRow* row = kind.has_value() ? collection->row(*kind) : nullptr;
        if (row != nullptr && row->error.empty() && row->levels.size() > 1) {
            mean.add(row->levels.back().ratio, query.frequency);
            out.reasons.push_back(reason_line(query, *collection, *row));
        }
    }
}

}  // namespace

void judge_writes(const workload::Promise& promise, const WholeInputs& in, WholeComparison& out) {
    Mean mean;
    if (in.trial != nullptr) {
        for (const std::string& id : promise.rows) {
            if (const workload::Query* query = in.workload.query(id)) {
                add_query(*query, *in.trial, mean, out);
            }
        }
    }
    if (mean.empty()) {
        judge_writes_by_rows(promise, in, out);
        return;
    }
    const Interval ratio = mean.interval();
    out.ratio = ratio;
    out.before = std::string(1, '1');
    out.after = fmt::format("{:.2f}", ratio.point);
    const double slower = 100 * (ratio.point - 1);
    out.measured = fmt::format("{} {} ({:.0f} to {:.0f} %) by upkeep, weighed as the workload does",
                               percent_text(std::abs(slower)),
                               slower >= 0 ? "slower" : "faster",
                               100 * (ratio.low - 1),
                               100 * (ratio.high - 1));
    if (slower <= promise.range.high) {
        out.verdict = ratio.high < 1 + promise.range.low / 100 ? Verdict::Exceeded : Verdict::Met;
    } else {
        out.verdict = ratio.spans_one() ? Verdict::NoDifference : Verdict::Missed;
    }
}

}  // namespace plumb::bench
