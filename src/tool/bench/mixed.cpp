// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/mixed.h"

#include "base/random.h"
#include "tool/bench/call.h"
#include "tool/bench/histogram.h"
#include "tool/bench/sample_calls.h"
#include "tool/bench/server_state.h"
#include "tool/bench/write_guard.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <thread>

namespace plumb::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;
using std::chrono::nanoseconds;

constexpr double kCallsMax = 5e6;
constexpr double kSecondsPerMinute = 60;
// A connection that fails this often in a row is given up.
constexpr int kErrorsInARowMax = 100;
// How long a thread sleeps at most before it looks for Ctrl-C.
constexpr std::chrono::milliseconds kNapMax{50};
constexpr std::uint64_t kDueStream = 1'000'003;

struct QueryTally {
    Histogram latencies;
    std::int64_t errors = 0;
};

// What one thread counted.
struct Tally {
    std::vector<QueryTally> queries;
    Histogram service;
    std::string first_error;
    Status restored;
};

// What all threads look at.
struct Shared {
    const MixedTarget& target;
    const workload::Workload& workload;
    const workload::Drawer& drawer;
    const MixedOptions& options;
    Interrupt& interrupt;
    std::vector<double> shares;    // cumulated frequencies, by query
    std::vector<nanoseconds> due;  // open loop only
    SteadyClock::time_point start;
    std::atomic<std::uint64_t> next_call{0};

    [[nodiscard]] bool open() const { return options.rate > 0; }
};

std::size_t pick(const Shared& shared, std::uint64_t call_index) {
    const double at = Random::stream(shared.options.seed, call_index).unit() * shared.shares.back();
    const auto found = std::upper_bound(shared.shares.begin(), shared.shares.end(), at);
    const auto index = static_cast<std::size_t>(found - shared.shares.begin());
    return std::min(index, shared.shares.size() - 1);
}

class Worker {
  public:
    Worker(Shared& shared, client::Client& client, Tally& tally)
        : shared_(shared), client_(client), tally_(tally), guard_(client, shared.target.database) {}

    void run() {
        const auto end = shared_.start + shared_.options.duration;
        while (!shared_.interrupt.killed() && errors_in_a_row_ < kErrorsInARowMax &&
               SteadyClock::now() < end) {
            const std::uint64_t index = shared_.next_call.fetch_add(1);
            if (shared_.open() && index >= shared_.due.size()) {
                break;
            }
            const auto counts_from = wait_until_due(index);
            if (shared_.interrupt.killed()) {
                break;
            }
            one_call(index, counts_from);
        }
        tally_.restored = guard_.restore();
    }

  private:
    // When the call's duration begins: when it was due if it had to wait for this connection, else
    // now, because waking up late is our own fault and not the server's.
    SteadyClock::time_point wait_until_due(std::uint64_t index) const {
        if (!shared_.open()) {
            return SteadyClock::now();
        }
        const auto due = shared_.start + shared_.due[index];
        if (SteadyClock::now() >= due) {
            return due;
        }
        while (SteadyClock::now() < due && !shared_.interrupt.killed()) {
            std::this_thread::sleep_until(std::min(due, SteadyClock::now() + kNapMax));
        }
        return SteadyClock::now();
    }

    void one_call(std::uint64_t index, SteadyClock::time_point counts_from) {
        const std::size_t position = pick(shared_, index);
        const workload::Query& query = shared_.workload.queries[position];
        const Status done = send(query, index, counts_from, tally_.queries[position].latencies);
        if (done.ok()) {
            errors_in_a_row_ = 0;
            return;
        }
        ++errors_in_a_row_;
        ++tally_.queries[position].errors;
        if (tally_.first_error.empty()) {
            tally_.first_error = fmt::format("{}: {}", query.id, done.error().message());
        }
    }

    Status send(const workload::Query& query,
                std::uint64_t index,
                SteadyClock::time_point counts_from,
                Histogram& latencies) {
        const auto begun = SteadyClock::now();
        PLUMB_TRY(commands, sample_calls(shared_.drawer, query, index));
        const auto drawn = SteadyClock::now();
        for (const bson::Document& command : commands) {
            guard_.will_send(command);
            PLUMB_CHECK(call(client_, shared_.target.database, command));
        }
        const auto end = SteadyClock::now();
        tally_.service.record(std::chrono::duration_cast<nanoseconds>(end - drawn).count());
        // Making the command is our work, not the server's.
        latencies.record(
            std::chrono::duration_cast<nanoseconds>(end - counts_from - (drawn - begun)).count());
        return {};
    }

    Shared& shared_;
    client::Client& client_;
    Tally& tally_;
    WriteGuard guard_;  // of what this thread inserts
    int errors_in_a_row_ = 0;
};

// Remembers what the updates of all threads will change, and that it has to be put back.
Status remember_all(const Shared& shared, WriteGuard& guard) {
    for (const workload::Query& query : shared.workload.queries) {
        PLUMB_CHECK(remember_targets(shared.drawer, query, guard));
        if (query.writes) {
            PLUMB_TRY(commands, sample_calls(shared.drawer, query, 0));
            for (const bson::Document& command : commands) {
                if (command.view().front().name != "insert") {
                    guard.will_send(command);
                }
            }
        }
    }
    return {};
}

double grown(double before, double after) {
    return before < 0 || after < 0 ? -1 : after - before;
}

void write_latencies(const Histogram& from, MixedRow& row) {
    row.p50_ns = static_cast<double>(from.quantile(0.5));
    row.p95_ns = static_cast<double>(from.quantile(0.95));
    row.p99_ns = static_cast<double>(from.quantile(0.99));
    row.max_ns = static_cast<double>(from.max());
}

Mixed summed(const Shared& shared, const std::vector<Tally>& tallies, double seconds) {
    Mixed out;
    out.seconds = seconds;
    out.rate = shared.options.rate;
    out.connections = shared.options.connections;
    Histogram all;
    Histogram service;
    for (std::size_t index = 0; index < shared.workload.queries.size(); ++index) {
        MixedRow row;
        row.id = shared.workload.queries[index].id;
        Histogram latencies;
        for (const Tally& tally : tallies) {
            latencies.merge(tally.queries[index].latencies);
            row.errors += tally.queries[index].errors;
        }
        row.calls = latencies.count();
        write_latencies(latencies, row);
        all.merge(latencies);
        out.errors += row.errors;
        out.rows.push_back(std::move(row));
    }
    for (const Tally& tally : tallies) {
        service.merge(tally.service);
        out.first_error = out.first_error.empty() ? tally.first_error : out.first_error;
    }
    out.calls = all.count();
    out.throughput = static_cast<double>(out.calls) / seconds;
    // Calls that fell due and were never sent waited at least until the end.
    const std::uint64_t taken = shared.next_call.load();
    for (std::size_t index = taken; index < shared.due.size(); ++index) {
        const nanoseconds waited = shared.options.duration - shared.due[index];
        all.record(waited.count());
        ++out.unanswered;
    }
    MixedRow overall;
    write_latencies(all, overall);
    out.p50_ns = overall.p50_ns;
    out.p95_ns = overall.p95_ns;
    out.p99_ns = overall.p99_ns;
    out.max_ns = overall.max_ns;
    out.service_p99_ns = static_cast<double>(service.quantile(0.99));
    return out;
}

Status check(const workload::Workload& workload, const MixedOptions& options) {
    const double seconds = static_cast<double>(options.duration.count()) / 1000;
    if (options.rate * seconds > kCallsMax) {
        return fail(
            ErrorCode::UsageError,
            fmt::format("{} calls a second for {} s are more than the {} that can be planned",
                        options.rate,
                        seconds,
                        kCallsMax));
    }
    if (workload.queries.empty()) {
        return fail(ErrorCode::UsageError, fmt::format("{} has no query", workload.file));
    }
    return {};
}

// Runs all threads to their end. Status: the first error in putting written data back.
Status run_threads(Shared& shared,
                   const std::vector<std::unique_ptr<client::Client>>& clients,
                   std::vector<Tally>& tallies) {
    std::vector<std::thread> threads;
    threads.reserve(clients.size());
    for (std::size_t index = 0; index < clients.size(); ++index) {
        threads.emplace_back([&shared, &clients, &tallies, index] {
            Worker{shared, *clients[index], tallies[index]}.run();
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    for (const Tally& tally : tallies) {
        PLUMB_CHECK(Status{tally.restored});
    }
    return {};
}

}  // namespace

double declared_rate(const workload::Workload& workload) {
    double a_minute = 0;
    for (const workload::Query& query : workload.queries) {
        a_minute += query.frequency;
    }
    return a_minute / kSecondsPerMinute;
}

std::vector<nanoseconds> due_times(const MixedOptions& options) {
    std::vector<nanoseconds> out;
    if (options.rate <= 0) {
        return out;
    }
    Random random = Random::stream(options.seed, kDueStream);
    const double end = std::chrono::duration<double>{options.duration}.count();
    double at = 0;
    for (;;) {
        at -= std::log1p(-random.unit()) / options.rate;
        if (at >= end) {
            return out;
        }
        out.push_back(std::chrono::duration_cast<nanoseconds>(std::chrono::duration<double>{at}));
    }
}

Result<Mixed> run_mixed(const MixedTarget& target,
                        const workload::Workload& workload,
                        const MixedOptions& options,
                        Interrupt& interrupt) {
    PLUMB_CHECK(check(workload, options));
    PLUMB_TRY(drawer,
              workload::prepare_drawer(target.client, target.database, workload, options.seed));
    Shared shared{target, workload, drawer, options, interrupt, {}, due_times(options), {}};
    double sum = 0;
    for (const workload::Query& query : workload.queries) {
        shared.shares.push_back(sum += query.frequency);
    }
    std::vector<std::unique_ptr<client::Client>> clients;
    for (std::int64_t index = 0; index < options.connections; ++index) {
        PLUMB_TRY(connected, target.connect());
        clients.push_back(std::move(connected));
    }
    std::vector<Tally> tallies(clients.size());
    for (Tally& tally : tallies) {
        tally.queries.resize(workload.queries.size());
    }
    WriteGuard guard{target.client, target.database};
    PLUMB_CHECK(remember_all(shared, guard));
    const ServerFigures before = server_figures(target.client);
    shared.start = SteadyClock::now();
    PLUMB_CHECK(run_threads(shared, clients, tallies));
    const double seconds = std::chrono::duration<double>{SteadyClock::now() - shared.start}.count();
    const ServerFigures after = server_figures(target.client);
    PLUMB_CHECK(guard.restore());
    if (interrupt.killed()) {
        return fail(ErrorCode::Interrupted, "stopped while measuring; written data is put back");
    }
    Mixed out = summed(shared, tallies, seconds);
    out.server_cpu_ns = grown(before.cpu_ns, after.cpu_ns);
    out.bytes_sent = grown(before.bytes_sent, after.bytes_sent);
    out.bytes_received = grown(before.bytes_received, after.bytes_received);
    out.cache_bytes = after.cache_bytes;
    out.cache_read_bytes = grown(before.cache_read_bytes, after.cache_read_bytes);
    return out;
}

}  // namespace plumb::bench
