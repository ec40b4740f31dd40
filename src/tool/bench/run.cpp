// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/run.h"

#include "tool/bench/ledger_facts.h"
#include "tool/bench/sampler.h"
#include "tool/bench/server_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace plumb::bench {
namespace {

Status check_only(const workload::Workload& workload, const std::vector<std::string>& only) {
    for (const std::string& id : only) {
        if (workload.query(id) == nullptr) {
            return fail(ErrorCode::UsageError,
                        fmt::format("--only {}: {} has no query of this id", id, workload.file));
        }
    }
    return {};
}

Result<std::vector<Row>> run_rounds(const Measured& with,
                                    const std::vector<const workload::Query*>& queries,
                                    const OnQuery& on_query) {
    std::vector<std::unique_ptr<Sampler>> samplers;
    samplers.reserve(queries.size());
    const auto all = static_cast<std::int64_t>(queries.size()) * (with.options.rounds + 1);
    std::int64_t done = 0;
    for (const workload::Query* query : queries) {
        on_query(query->id, done++, all);
        samplers.push_back(std::make_unique<Sampler>(with, *query));
        PLUMB_CHECK(samplers.back()->begin());
    }
    for (std::int64_t round = 0; round < with.options.rounds; ++round) {
        for (std::size_t index = 0; index < queries.size(); ++index) {
            on_query(queries[index]->id, done++, all);
            PLUMB_CHECK(samplers[index]->round());
        }
    }
    std::vector<Row> out;
    out.reserve(samplers.size());
    for (const auto& sampler : samplers) {
        out.push_back(sampler->finish());
    }
    return out;
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
    out.environment = environment_of(client, database, options.seed);
    Environment& environment = out.environment;
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
    client::Client& caller = options.caller != nullptr ? *options.caller : client;
    const Measured with{client, caller, database, drawer, options.measure, interrupt};
    PLUMB_TRY(rows, run_rounds(with, queries, on_query));
    out.rows = std::move(rows);
    // Whatever else ran during one of the two, it was not the round trip.
    PLUMB_TRY(ping_again, measure_ping(client));
    environment.ping_ns = std::min(ping, ping_again);
    PLUMB_TRY(collections, read_collections(client, database));
    out.collections = std::move(collections);
    out.resources = read_resources(client);
    read_ledger(client, database, out);
    return out;
}

}  // namespace plumb::bench
