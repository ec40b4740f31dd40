// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/replan/plan_book.h"

#include "bson/builder.h"
#include "bson/number.h"
#include "tool/bench/call.h"
#include "tool/bench/plan_summary.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <set>

namespace plumb::replan {
namespace {

using SteadyClock = std::chrono::steady_clock;

// Fewer calls, or fewer of them, may be chance.
constexpr std::size_t kCallsToFlip = 4;
constexpr double kFlipShare = 0.25;

bson::Document explain_of(bson::View command) {
    bson::Builder out;
    out.append("explain", command);
    out.append("verbosity", "allPlansExecution");
    return out.finish();
}

// "a_1 + b_1"; "scan" for a plan without an index. A look-up by _id names no index in its plan.
std::string index_text(const bench::PlanSummary& plan) {
    std::string out;
    for (const std::string& index : plan.indexes) {
        out += (out.empty() ? "" : " + ") + index;
    }
    if (out.empty() && plan.text.starts_with("IDHACK")) {
        return "_id_";
    }
    if (out.empty()) {
        return plan.collection_scan ? "scan" : plan.text;
    }
    return out;
}

double returned_of(bson::View reply) {
    bson::ValueView stats = reply.find("executionStats");
    const bson::ValueView stages = reply.find("stages");
    if (stages.type() == bson::Type::Array && !stages.as_array().empty() &&
        stages.as_array().front().value.type() == bson::Type::Document) {
        const bson::ValueView cursor =
            stages.as_array().front().value.as_document().find("$cursor");
        if (cursor.type() == bson::Type::Document) {
            stats = cursor.as_document().find("executionStats");
        }
    }
    if (stats.type() != bson::Type::Document) {
        return 0;
    }
    const bson::ValueView count = stats.as_document().find("nReturned");
    return count.is_number() ? bson::to_double(count) : 0;
}

class QueryLook {
  public:
    QueryLook(client::Client& client,
              const std::string& database,
              const PlanQuery& query,
              const SnapshotOptions& options,
              Interrupt& interrupt)
        : client_(client),
          database_(database),
          query_(query),
          options_(options),
          interrupt_(interrupt) {
        out_.label = query.label;
        out_.collection = query.collection;
        out_.calls_a_minute = query.calls_a_minute;
    }

    Result<QueryPlan> look() {
        for (const bson::Document& command : query_.commands) {
            if (out_.calls == options_.calls_max) {
                break;
            }
            PLUMB_CHECK(interrupt_.check_now());
            plan(command);
            time(command);
        }
        finish();
        return std::move(out_);
    }

  private:
    void plan(bson::View command) {
        const auto reply = client_.command(database_, explain_of(command));
        if (!reply.ok()) {
            out_.error = reply.error().message();
            return;
        }
        const bench::PlanSummary summary = bench::summarise_plan(*reply);
        const std::string indexes = index_text(summary);
        ++out_.calls;
        ++out_.winners[indexes];
        stages_[indexes] = summary.text;
        out_.keys += summary.keys_examined;
        out_.docs += summary.docs_examined;
        out_.returned += returned_of(*reply);
        out_.scans = out_.scans || summary.collection_scan;
        out_.sorts = out_.sorts || summary.sorts_in_memory;
        out_.looks_up = out_.looks_up || summary.looks_up;
        Contest contest = read_contest(*reply);
        if (contest.trials.size() < 2) {
            return;
        }
        keep_rivals(contest);
        ++out_.contests;
        if (contest.near_equal(options_.tolerance)) {
            if (out_.close++ == 0 || contest.tied()) {
                out_.closest = std::move(contest);
            }
        }
    }

    void keep_rivals(const Contest& contest) {
        std::set<std::string> now;
        for (const Trial& trial : contest.trials) {
            if (out_.contests == 0 || out_.rivals.contains(trial.plan)) {
                now.insert(trial.plan);
            }
        }
        out_.rivals = std::move(now);
    }

    void time(bson::View command) {
        if (!only_reads(command) || options_.runs <= 0 || !out_.error.empty()) {
            return;
        }
        double best = std::numeric_limits<double>::infinity();
        for (int run = 0; run < options_.runs; ++run) {
            const auto start = SteadyClock::now();
            if (!bench::call(client_, database_, command).ok()) {
                return;
            }
            const std::chrono::duration<double, std::milli> taken = SteadyClock::now() - start;
            best = std::min(best, taken.count());
        }
        timed_ms_ += best;
        ++timed_;
    }

    void finish() {
        const auto calls = static_cast<double>(std::max<std::size_t>(out_.calls, 1));
        out_.keys /= calls;
        out_.docs /= calls;
        out_.returned /= calls;
        if (timed_ > 0) {
            out_.ms = timed_ms_ / static_cast<double>(timed_);
        }
        std::size_t most = 0;
        for (const auto& [indexes, count] : out_.winners) {
            if (count > most) {
                most = count;
                out_.winner = indexes;
            }
        }
        out_.stages = stages_[out_.winner];
    }

    client::Client& client_;
    const std::string& database_;
    const PlanQuery& query_;
    const SnapshotOptions& options_;
    Interrupt& interrupt_;
    QueryPlan out_;
    std::map<std::string, std::string> stages_;  // by the indexes
    double timed_ms_ = 0;
    std::size_t timed_ = 0;
};

Result<std::vector<std::string>> index_names(client::Client& client,
                                             const std::string& database,
                                             const std::string& collection) {
    PLUMB_TRY(indexes, client.list_indexes(database, collection));
    std::vector<std::string> out;
    for (const bson::Document& index : indexes) {
        const bson::ValueView name = index.find("name");
        if (name.type() == bson::Type::String) {
            out.emplace_back(name.as_string());
        }
    }
    return out;
}

}  // namespace

std::string QueryPlan::second() const {
    std::string out;
    std::size_t most = 0;
    for (const auto& [indexes, count] : winners) {
        if (indexes != winner && count > most) {
            most = count;
            out = indexes;
        }
    }
    return out;
}

bool QueryPlan::flips() const {
    const std::string other = second();
    return calls >= kCallsToFlip && contests == calls && examined() >= kWorksMin &&
           rivals.contains(winner) && rivals.contains(other) &&
           static_cast<double>(winners.at(other)) >= kFlipShare * static_cast<double>(calls);
}

const QueryPlan* PlanBook::find(std::string_view label) const {
    const auto at = std::ranges::find(queries, label, &QueryPlan::label);
    return at == queries.end() ? nullptr : &*at;
}

Result<PlanBook> snapshot(client::Client& client,
                          const std::string& database,
                          const std::vector<PlanQuery>& queries,
                          const SnapshotOptions& options,
                          Interrupt& interrupt) {
    PlanBook out;
    for (const PlanQuery& query : queries) {
        if (options.on_query) {
            options.on_query(query.label);
        }
        if (!out.indexes.contains(query.collection)) {
            PLUMB_TRY(names, index_names(client, database, query.collection));
            out.indexes[query.collection] = std::move(names);
        }
        PLUMB_TRY(plan, QueryLook(client, database, query, options, interrupt).look());
        out.queries.push_back(std::move(plan));
    }
    return out;
}

}  // namespace plumb::replan
