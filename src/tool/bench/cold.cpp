// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/cold.h"

#include "bson/builder.h"
#include "tool/bench/call.h"

#include <algorithm>
#include <chrono>

namespace plumb::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;

// The commands of one sample, timed as the first thing that the server is asked.
Result<double> first_call(client::Client& client,
                          const std::string& database,
                          const std::vector<bson::Document>& commands) {
    bson::Builder ping;
    ping.append("ping", 1);
    // The handshake is no part of the query.
    PLUMB_CHECK(client.command("admin", ping.finish()));
    const auto start = SteadyClock::now();
    for (const bson::Document& command : commands) {
        PLUMB_CHECK(call(client, database, command));
    }
    return static_cast<double>(
        std::chrono::duration_cast<std::chrono::nanoseconds>(SteadyClock::now() - start).count());
}

}  // namespace

Result<std::map<std::string, std::vector<double>>> measure_cold(const Restart& restart,
                                                                const std::string& database,
                                                                const workload::Workload& workload,
                                                                const ColdOptions& options,
                                                                Interrupt& interrupt,
                                                                const OnQuery& on_query) {
    // What is asked is drawn once, from a server that is stopped afterwards.
    PLUMB_TRY(drawing_client, restart());
    PLUMB_TRY(drawer, workload::prepare_drawer(*drawing_client, database, workload, options.seed));
    std::vector<const workload::Query*> queries;
    for (const workload::Query& query : workload.queries) {
        const bool wanted =
            options.only.empty() ||
            std::find(options.only.begin(), options.only.end(), query.id) != options.only.end();
        if (wanted && !query.writes) {
            queries.push_back(&query);
        }
    }
    const auto all = static_cast<std::int64_t>(queries.size()) * options.times;
    std::map<std::string, std::vector<double>> out;
    std::int64_t done = 0;
    for (std::int64_t time = 0; time < options.times; ++time) {
        for (const workload::Query* query : queries) {
            if (interrupt.killed()) {
                return fail(ErrorCode::Interrupted, "stopped while measuring cold calls");
            }
            on_query(query->id, done++, all);
            PLUMB_TRY(commands, drawer.commands(*query, static_cast<std::uint64_t>(time)));
            PLUMB_TRY(client, restart());
            PLUMB_TRY(taken, first_call(*client, database, commands));
            out[query->id].push_back(taken);
        }
    }
    return out;
}

}  // namespace plumb::bench
