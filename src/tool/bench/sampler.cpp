// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/sampler.h"

#include "bson/builder.h"
#include "tool/bench/call.h"
#include "tool/bench/explain_row.h"
#include "tool/bench/sample_calls.h"
#include "tool/bench/server_state.h"

#include <algorithm>

namespace plumb::bench {
namespace {

constexpr std::int64_t kSamplesMax = 2000;
constexpr std::int64_t kSamplesPerPing = 3;

double as_ns(std::chrono::nanoseconds duration) {
    return static_cast<double>(duration.count());
}

bson::Document ping_command() {
    bson::Builder command;
    command.append("ping", 1);
    return command.finish();
}

}  // namespace

Sampler::Sampler(const Measured& with, const workload::Query& query)
    : with_(with), query_(query), guard_(with.client, with.database) {
    row_.id = query.id;
    row_.collection = query.collection;
    row_.title = query.title;
    row_.used_by = query.used_by;
    row_.frequency = query.frequency;
    row_.critical = query.critical;
    row_.writes = query.writes;
    row_.commands = static_cast<std::int64_t>(query.commands.size());
}

// What the server refuses is a result and goes into the row.
Status Sampler::note(Status status) {
    if (!status.ok() && status.error().code() != ErrorCode::Interrupted) {
        row_.error = status.error().message();
        return {};
    }
    return status;
}

Status Sampler::begin() {
    return note([this]() -> Status {
        PLUMB_CHECK(remember_targets(with_.drawer, query_, guard_));
        PLUMB_TRY(first, sample());
        row_.first_ns = as_ns(first);
        PLUMB_CHECK(guard_.restore());
        documents_ = received_ = counted_ = 0;
        row_.kept_bytes.clear();
        // A first call beyond the limit is a measurement already; a second one might take as long.
        if (first > with_.options.time_limit) {
            rounds_.emplace_back();
            record(first);
        }
        return {};
    }());
}

Status Sampler::round() {
    if (failed() || row_.first_ns > as_ns(with_.options.time_limit)) {
        return {};
    }
    return note(take_round());
}

Status Sampler::take_round() {
    rounds_.emplace_back();
    const std::uint64_t first_index = index_;
    const auto cpu_before = server_cpu_ns(with_.client);
    const auto start = SteadyClock::now();
    const auto elapsed = [start] {
        return std::chrono::duration_cast<nanoseconds>(SteadyClock::now() - start);
    };
    for (std::int64_t taken = 0; !enough(elapsed(), taken); ++taken) {
        if (with_.interrupt.killed()) {
            return fail(ErrorCode::Interrupted,
                        "stopped while measuring; written data is put back");
        }
        PLUMB_TRY(duration, sample());
        record(duration);
        if (taken % kSamplesPerPing == 0) {
            PLUMB_CHECK(maybe_ping());
        }
    }
    const auto cpu_after = server_cpu_ns(with_.client);
    if (cpu_before.has_value() && cpu_after.has_value()) {
        const auto calls = static_cast<std::int64_t>(index_ - first_index);
        row_.round_cpu_ns.push_back((*cpu_after - *cpu_before) / static_cast<double>(calls));
        cpu_ns_ += *cpu_after - *cpu_before;
        cpu_calls_ += calls;
    }
    return guard_.restore();
}

Result<std::chrono::nanoseconds> Sampler::sample() {
    PLUMB_TRY(commands, sample_calls(with_.drawer, query_, index_));
    ++index_;
    for (const bson::Document& command : commands) {
        guard_.will_send(command);
    }
    const std::int64_t received_before = with_.caller.bytes_received();
    const auto start = SteadyClock::now();
    std::int64_t documents = 0;
    for (const bson::Document& command : commands) {
        PLUMB_TRY(returned, call(with_.caller, with_.database, command));
        documents += returned;
    }
    const auto taken = std::chrono::duration_cast<nanoseconds>(SteadyClock::now() - start);
    // How many samples a run takes depends on its speed; only the first ones have parameters
    // that a faster or slower run has as well, and a few heavy users decide a mean.
    if (counted_ < with_.options.samples) {
        documents_ += documents;
        const std::int64_t received = with_.caller.bytes_received() - received_before;
        received_ += received;
        if (row_.kept_bytes.size() < kKeptBytes) {
            row_.kept_bytes.push_back(static_cast<double>(received));
        }
        ++counted_;
    }
    return taken;
}

// What a bare round trip costs changes with where the scheduler puts the two processes, by more
// than an index costs an insert: so it is taken along with the samples, on the same connection.
Status Sampler::maybe_ping() {
    const bson::Document ping = ping_command();
    const auto start = SteadyClock::now();
    PLUMB_CHECK(with_.caller.command("admin", ping));
    pings_.record(std::chrono::duration_cast<nanoseconds>(SteadyClock::now() - start).count());
    return {};
}

void Sampler::record(nanoseconds taken) {
    latencies_.record(taken.count());
    rounds_.back().push_back(std::max(1.0, as_ns(taken)));
}

bool Sampler::enough(nanoseconds elapsed, std::int64_t taken) const {
    const MeasureOptions& options = with_.options;
    const std::int64_t wanted = (options.samples + options.rounds - 1) / options.rounds;
    if (taken >= kSamplesMax / options.rounds) {
        return true;
    }
    if (taken >= wanted && elapsed >= options.time_wanted / options.rounds) {
        return true;
    }
    if (taken == 0 || elapsed < options.time_limit / options.rounds) {
        return false;
    }
    return taken >= wanted ||
           latencies_.quantile(0.5) >= nanoseconds{options.always_complete_below}.count();
}

void Sampler::write_figures() {
    row_.samples = latencies_.count();
    row_.p50_ns = static_cast<double>(latencies_.quantile(0.5));
    row_.p95_ns = static_cast<double>(latencies_.quantile(0.95));
    row_.p99_ns = static_cast<double>(latencies_.quantile(0.99));
    row_.max_ns = static_cast<double>(latencies_.max());
    row_.mean_ns = latencies_.mean();
    row_.ping_ns = static_cast<double>(pings_.quantile(0.5));
    const auto counted = static_cast<double>(std::max<std::int64_t>(counted_, 1));
    row_.documents = static_cast<double>(documents_) / counted;
    row_.bytes_received = static_cast<double>(received_) / counted;
    if (cpu_calls_ > 0) {
        row_.server_cpu_ns = cpu_ns_ / static_cast<double>(cpu_calls_);
    }
    const std::size_t kept_each = kKeptSamples / std::max<std::size_t>(1, rounds_.size());
    for (const std::vector<double>& round : rounds_) {
        // An even choice over the round keeps its drift visible.
        const std::size_t step = (round.size() + kept_each - 1) / kept_each;
        double kept = 0;
        for (std::size_t index = 0; index < round.size(); index += step) {
            row_.kept_ns.push_back(round[index]);
            ++kept;
        }
        if (kept > 0) {
            row_.kept_rounds.push_back(kept);
        }
    }
}

Row Sampler::finish() {
    if (!failed() && latencies_.count() > 0) {
        write_figures();
        explain_row(with_, query_, row_);
    }
    return std::move(row_);
}

}  // namespace plumb::bench
