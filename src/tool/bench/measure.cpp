// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/measure.h"

#include "bson/builder.h"
#include "tool/bench/call.h"
#include "tool/bench/histogram.h"
#include "tool/bench/plan_summary.h"
#include "tool/bench/server_state.h"
#include "tool/bench/write_guard.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace plumb::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;
using std::chrono::nanoseconds;

constexpr std::int64_t kSamplesMax = 2000;
// How many different targets the writes of a query are spread over.
constexpr std::uint64_t kWriteTargets = 48;
constexpr std::uint64_t kExplains = 5;
constexpr int kPings = 200;
constexpr std::size_t kSamplesPerPing = 3;

nanoseconds since(SteadyClock::time_point start) {
    return std::chrono::duration_cast<nanoseconds>(SteadyClock::now() - start);
}

double as_ns(nanoseconds duration) {
    return static_cast<double>(duration.count());
}

bson::Document ping_command() {
    bson::Builder command;
    command.append("ping", 1);
    return command.finish();
}

// The commands of sample `index`. Updates come back to the same few documents, which are remembered
// beforehand; inserts and reads never repeat.
Result<std::vector<bson::Document>> draw(const Measured& with,
                                         const workload::Query& query,
                                         std::uint64_t index) {
    if (!query.writes) {
        return with.drawer.commands(query, index);
    }
    PLUMB_TRY(fresh, with.drawer.commands(query, index));
    PLUMB_TRY(again, with.drawer.commands(query, index % kWriteTargets));
    for (std::size_t position = 0; position < fresh.size(); ++position) {
        if (fresh[position].view().front().name != "insert") {
            fresh[position] = std::move(again[position]);
        }
    }
    return std::move(fresh);
}

Status remember_targets(const Measured& with, const workload::Query& query, WriteGuard& guard) {
    if (!query.writes) {
        return {};
    }
    std::vector<bson::Document> commands;
    for (std::uint64_t index = 0; index < kWriteTargets; ++index) {
        PLUMB_TRY(drawn, draw(with, query, index));
        std::move(drawn.begin(), drawn.end(), std::back_inserter(commands));
    }
    return guard.remember(commands);
}

// Runs the samples of one query.
class Sampler {
  public:
    Sampler(const Measured& with, const workload::Query& query, Row& row)
        : with_(with), query_(query), row_(row), guard_(with.client, with.database) {}

    Status run() {
        PLUMB_CHECK(remember_targets(with_, query_, guard_));
        PLUMB_TRY(first, sample());
        row_.first_ns = as_ns(first);
        const auto cpu_before = server_cpu_ns(with_.client);
        documents_ = 0;
        received_ = 0;
        const auto start = SteadyClock::now();
        // A first call beyond the limit is a measurement already; a second one might take as long.
        if (first > with_.options.time_limit) {
            latencies_.record(first.count());
            values_.push_back(as_ns(first));
        }
        while (!enough(since(start))) {
            PLUMB_CHECK(check_interrupt());
            PLUMB_TRY(taken, sample());
            latencies_.record(taken.count());
            values_.push_back(as_ns(taken));
            PLUMB_CHECK(maybe_ping());
        }
        const auto cpu_after = server_cpu_ns(with_.client);
        PLUMB_CHECK(guard_.restore());
        write_figures();
        const bool only_the_first = index_ == 1;
        if (cpu_before.has_value() && cpu_after.has_value() && !only_the_first) {
            row_.server_cpu_ns = (*cpu_after - *cpu_before) / static_cast<double>(index_ - 1);
        }
        return {};
    }

  private:
    Status check_interrupt() const {
        if (with_.interrupt.killed()) {
            return fail(ErrorCode::Interrupted,
                        "stopped while measuring; written data is put back");
        }
        return {};
    }

    Result<nanoseconds> sample() {
        PLUMB_TRY(commands, draw(with_, query_, index_));
        ++index_;
        for (const bson::Document& command : commands) {
            guard_.will_insert(command);
        }
        const std::int64_t received_before = with_.client.bytes_received();
        const auto start = SteadyClock::now();
        std::int64_t documents = 0;
        for (const bson::Document& command : commands) {
            PLUMB_TRY(returned, call(with_.client, with_.database, command));
            documents += returned;
        }
        const nanoseconds taken = since(start);
        // How many samples a run takes depends on its speed; only the first ones have parameters
        // that a faster or slower run has as well, and a few heavy users decide a mean.
        if (counted_ < with_.options.samples) {
            documents_ += documents;
            const std::int64_t received = with_.client.bytes_received() - received_before;
            received_ += received;
            if (row_.kept_bytes.size() < kKeptBytes) {
                row_.kept_bytes.push_back(static_cast<double>(received));
            }
            ++counted_;
        }
        return taken;
    }

    // What a bare round trip costs changes with where the scheduler puts the two processes, by more
    // than an index costs an insert: so it is taken along with the samples.
    Status maybe_ping() {
        if (values_.size() % kSamplesPerPing != 0) {
            return {};
        }
        const auto start = SteadyClock::now();
        PLUMB_CHECK(with_.client.command("admin", ping_command()));
        pings_.record(since(start).count());
        return {};
    }

    bool enough(nanoseconds elapsed) const {
        const auto taken = static_cast<std::int64_t>(values_.size());
        if (taken >= kSamplesMax) {
            return true;
        }
        if (taken >= with_.options.samples && elapsed >= with_.options.time_wanted) {
            return true;
        }
        if (elapsed < with_.options.time_limit && !first_was_too_long()) {
            return false;
        }
        const bool cheap =
            taken == 0 ||
            latencies_.quantile(0.5) < nanoseconds{with_.options.always_complete_below}.count();
        return taken >= with_.options.samples || !cheap;
    }

    bool first_was_too_long() const { return row_.first_ns > as_ns(with_.options.time_limit); }

    void write_figures() {
        row_.samples = static_cast<std::int64_t>(values_.size());
        row_.p50_ns = static_cast<double>(latencies_.quantile(0.5));
        row_.p95_ns = static_cast<double>(latencies_.quantile(0.95));
        row_.p99_ns = static_cast<double>(latencies_.quantile(0.99));
        row_.max_ns = static_cast<double>(latencies_.max());
        row_.mean_ns = latencies_.mean();
        row_.ping_ns = static_cast<double>(pings_.quantile(0.5));
        row_.documents =
            static_cast<double>(documents_) / static_cast<double>(std::max(counted_, 1L));
        row_.bytes_received =
            static_cast<double>(received_) / static_cast<double>(std::max(counted_, 1L));
        // An even choice over the run keeps its drift visible.
        const std::size_t step = values_.size() / kKeptSamples + 1;
        for (std::size_t index = 0; index < values_.size(); index += step) {
            row_.kept_ns.push_back(values_[index]);
        }
    }

    const Measured& with_;
    const workload::Query& query_;
    Row& row_;
    WriteGuard guard_;
    Histogram latencies_;
    Histogram pings_;
    std::vector<double> values_;
    std::uint64_t index_ = 0;
    std::int64_t documents_ = 0;
    std::int64_t received_ = 0;
    std::int64_t counted_ = 0;
};

void note_lookup(bson::View command, Row& row) {
    const bson::ValueView pipeline = command.find("pipeline");
    if (pipeline.type() != bson::Type::Array || !row.lookup_from.empty()) {
        return;
    }
    for (const bson::Element& stage : pipeline.as_array()) {
        if (stage.value.type() != bson::Type::Document) {
            continue;
        }
        const bson::ValueView lookup = stage.value.as_document().find("$lookup");
        if (lookup.type() != bson::Type::Document) {
            continue;
        }
        const bson::ValueView from = lookup.as_document().find("from");
        const bson::ValueView field = lookup.as_document().find("foreignField");
        row.looks_up = true;
        if (from.type() == bson::Type::String && field.type() == bson::Type::String) {
            row.lookup_from = from.as_string();
            row.lookup_field = field.as_string();
            return;
        }
    }
}

void add_plan(const PlanSummary& plan, bool first_draw, Row& row) {
    row.keys_examined += plan.keys_examined;
    row.docs_examined += plan.docs_examined;
    row.counted = row.counted || plan.executed;
    row.collection_scan = row.collection_scan || plan.collection_scan;
    row.sorts_in_memory = row.sorts_in_memory || plan.sorts_in_memory;
    row.looks_up = row.looks_up || plan.looks_up;
    for (const std::string& index : plan.indexes) {
        if (std::find(row.indexes.begin(), row.indexes.end(), index) == row.indexes.end()) {
            row.indexes.push_back(index);
        }
    }
    if (row.plan.find(plan.text) == std::string::npos) {
        row.plan += row.plan.empty() ? "" : first_draw ? "; " : " or ";
        row.plan += plan.text;
    }
}

// Plans and counts; a server that cannot explain a command leaves them unknown.
void explain(const Measured& with, const workload::Query& query, Row& row) {
    const bool slow = row.p50_ns > as_ns(std::chrono::milliseconds{100});
    const std::uint64_t draws = slow ? 1 : kExplains;
    row.inserts_only = true;
    for (std::uint64_t index = 0; index < draws; ++index) {
        const auto commands = draw(with, query, index);
        if (!commands.ok()) {
            return;
        }
        for (const bson::Document& command : *commands) {
            note_lookup(command, row);
            if (command.view().front().name == "insert") {
                PlanSummary insert;
                insert.text = "INSERT";
                add_plan(insert, index == 0, row);
                continue;
            }
            row.inserts_only = false;
            bson::Builder ask;
            ask.append("explain", command);
            ask.append("verbosity", "executionStats");
            const auto reply = with.client.command(with.database, ask.finish());
            if (reply.ok()) {
                add_plan(summarise_plan(*reply), index == 0, row);
            }
        }
    }
    row.keys_examined /= static_cast<double>(draws);
    row.docs_examined /= static_cast<double>(draws);
}

}  // namespace

Result<Row> measure(const Measured& with, const workload::Query& query) {
    Row row;
    row.id = query.id;
    row.collection = query.collection;
    row.title = query.title;
    row.used_by = query.used_by;
    row.frequency = query.frequency;
    row.critical = query.critical;
    row.writes = query.writes;
    row.commands = static_cast<std::int64_t>(query.commands.size());
    const Status sampled = Sampler{with, query, row}.run();
    if (!sampled.ok()) {
        if (sampled.error().code() == ErrorCode::Interrupted) {
            return Error{sampled.error()};
        }
        row.error = sampled.error().message();
        return row;
    }
    explain(with, query, row);
    return row;
}

Result<double> measure_ping(client::Client& client) {
    const bson::Document ping = ping_command();
    Histogram latencies;
    for (int round = 0; round < kPings; ++round) {
        PLUMB_CHECK(client.command("admin", ping));
    }
    for (int round = 0; round < kPings; ++round) {
        const auto start = SteadyClock::now();
        PLUMB_CHECK(client.command("admin", ping));
        latencies.record(since(start).count());
    }
    return static_cast<double>(latencies.quantile(0.5));
}

}  // namespace plumb::bench
