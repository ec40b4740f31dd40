// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/run.h"

#include "tool/bench/server_state.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace plumb::bench {
namespace {

std::string now_text() {
    const auto now = std::chrono::system_clock::now();
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                       fmt::gmtime(std::chrono::system_clock::to_time_t(now)));
}

Status check_only(const workload::Workload& workload, const std::vector<std::string>& only) {
    for (const std::string& id : only) {
        if (workload.query(id) == nullptr) {
            return fail(ErrorCode::UsageError,
                        fmt::format("--only {}: {} has no query of this id", id, workload.file));
        }
    }
    return {};
}

}  // namespace

Result<Recording> run_workload(client::Client& client,
                               const std::string& database,
                               const workload::Workload& workload,
                               const RunOptions& options,
                               Interrupt& interrupt,
                               const OnQuery& on_query) {
    PLUMB_CHECK(check_only(workload, options.only));
    PLUMB_TRY(drawer, workload::prepare_drawer(client, database, workload, options.seed));
    Recording out;
    Environment& environment = out.environment;
    environment.server = server_name(client);
    environment.url = client.redacted_url();
    environment.database = database;
    environment.machine = machine_name();
    environment.at = now_text();
    environment.seed = options.seed;
    environment.samples_wanted = options.measure.samples;
    environment.time_limit_ms = options.measure.time_limit.count();
    PLUMB_TRY(ping, measure_ping(client));
    environment.ping_ns = ping;
    std::vector<const workload::Query*> queries;
    for (const workload::Query& query : workload.queries) {
        if (options.only.empty() ||
            std::find(options.only.begin(), options.only.end(), query.id) != options.only.end()) {
            queries.push_back(&query);
        }
    }
    const Measured with{client, database, drawer, options.measure, interrupt};
    for (const workload::Query* query : queries) {
        on_query(query->id,
                 static_cast<std::int64_t>(out.rows.size()),
                 static_cast<std::int64_t>(queries.size()));
        PLUMB_TRY(row, measure(with, *query));
        out.rows.push_back(std::move(row));
    }
    // Whatever else ran during one of the two, it was not the round trip.
    PLUMB_TRY(ping_again, measure_ping(client));
    environment.ping_ns = std::min(ping, ping_again);
    PLUMB_TRY(collections, read_collections(client, database));
    out.collections = std::move(collections);
    return out;
}

}  // namespace plumb::bench
