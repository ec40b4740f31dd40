// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/rehearse/rehearse.h"

#include "bson/builder.h"
#include "tool/bench/run.h"
#include "tool/calibrate/probe.h"
#include "tool/copy/copy.h"
#include "tool/migrate/ledger/lock.h"
#include "tool/rehearse/after_up.h"
#include "tool/rehearse/before_run.h"
#include "tool/rehearse/examined.h"
#include "tool/rehearse/forecast.h"
#include "tool/rehearse/queries.h"
#include "tool/rehearse/rounds.h"
#include "tool/rehearse/sample_copy.h"
#include "tool/rehearse/snapshot.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <optional>

namespace plumb::rehearse {
namespace {

// For each query: a sample has to tell how its calls are spread, a whole copy only what they see.
constexpr std::chrono::milliseconds kCountSample{500};
constexpr std::chrono::milliseconds kCountAll{150};

// What a whole copy reported, as lines of a rehearsal.
std::vector<CollectionLine> lines_of(const copy::Report& report) {
    std::vector<CollectionLine> out;
    for (const copy::Line& each : report.lines) {
        CollectionLine line;
        line.name = each.name;
        line.documents = each.target.documents;
        line.bytes = each.target.bytes;
        line.copied = each.target.documents;
        line.how = each.kind == copy::Kind::View ? "view" : "whole";
        line.hash = each.kind == copy::Kind::View ? "" : each.target.hash_text();
        out.push_back(std::move(line));
    }
    return out;
}

// The steps of one rehearsal, in the order in which they are called.
class Course {
  public:
    Course(const Inputs& inputs, const Options& options) : inputs_(inputs), options_(options) {}

    Result<Rehearsal> run() {
        const auto started = inputs_.clock.monotonic();
        begin();
        PLUMB_CHECK(look_that_there_is_something());
        const migrate::Deployment source = looking_at_source(inputs_);
        PLUMB_TRY(files, choose_migrations(source, inputs_, options_));
        files_ = files;
        inputs_.step("lint, and a look for duplicates in the source");
        PLUMB_CHECK(lint_migrations(source, inputs_, files_, out_));
        PLUMB_CHECK(look_for_duplicates(source, files_, out_));
        PLUMB_TRY(scratch, Scratch::start(options_.folder, options_.keep));
        scratch_ = std::move(scratch);
        PLUMB_CHECK(copy_source());
        PLUMB_CHECK(probe());
        PLUMB_CHECK(go());
        if (out_.sampled() && !out_.builds.empty()) {
            inputs_.step("forecast sizes and times for all documents");
            PLUMB_CHECK(forecast_builds(*scratch_, inputs_, out_));
        }
        const std::chrono::duration<double> took = inputs_.clock.monotonic() - started;
        out_.seconds = took.count();
        if (options_.keep == Keep::Yes) {
            out_.notes.push_back(fmt::format("the copy is kept: plumb shell --data {}",
                                             (scratch_->folder() / "data").string()));
        }
        return std::move(out_);
    }

  private:
    void begin() {
        const auto seconds = static_cast<std::time_t>(inputs_.clock.now().count() / 1000);
        out_.at = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(seconds));
        out_.source = inputs_.source.redacted_url();
        out_.database = inputs_.database;
        out_.share = std::min(options_.share, 1.0);
    }

    Status look_that_there_is_something() {
        PLUMB_TRY(listed, inputs_.source.list_collections(inputs_.database));
        if (!listed.empty()) {
            return {};
        }
        return fail(ErrorCode::UsageError,
                    fmt::format("{} has no collection in {}; there is nothing to rehearse on: name "
                                "the deployment with --from and the database with --db",
                                inputs_.source.redacted_url(),
                                inputs_.database));
    }

    Status copy_source() {
        inputs_.step(out_.sampled()
                         ? fmt::format("copy {:g} % of {}", 100 * out_.share, inputs_.database)
                         : fmt::format("copy {}", inputs_.database));
        if (out_.sampled()) {
            PLUMB_TRY(lines,
                      copy_sample(inputs_.source,
                                  scratch_->client(),
                                  {inputs_.database, out_.share},
                                  inputs_.interrupt,
                                  inputs_.progress));
            out_.collections = std::move(lines);
        } else {
            copy::Options options;
            options.database = inputs_.database;
            PLUMB_TRY(report,
                      copy::run(inputs_.source,
                                scratch_->client(),
                                options,
                                inputs_.interrupt,
                                inputs_.progress));
            if (!report.equal()) {
                out_.notes.emplace_back(
                    "the source changed while it was copied: the copy is not exactly one state of "
                    "it");
            }
            out_.collections = lines_of(report);
        }
        // Whoever holds the lock of the source does not hold that of the copy.
        bson::Builder drop;
        drop.append("drop", migrate::kLockCollection);
        const auto dropped = scratch_->client().command(inputs_.database, drop.finish());
        if (!dropped.ok() && dropped.error().code() != ErrorCode::NamespaceNotFound) {
            return dropped.error();
        }
        return {};
    }

    // Asks the source what its operations cost, and the copy, by the same collection.
    Status probe() {
        if (inputs_.workload == nullptr) {
            return {};
        }
        calibrate::ProbeOptions ask;
        if (options_.probe) {
            inputs_.step("ask the source what its operations cost");
            PLUMB_TRY(costs,
                      calibrate::probe(
                          inputs_.source, inputs_.database, ask, inputs_.clock, inputs_.interrupt));
            out_.target = calibrate::to_document(costs);
            ask.collection = costs.collection;
            if (costs.complete()) {
                known_.target = costs;
                out_.times = Times::Target;
            }
        }
        PLUMB_TRY(engine,
                  calibrate::probe(
                      scratch_->client(), inputs_.database, ask, inputs_.clock, inputs_.interrupt));
        known_.engine = engine;
        known_.seed = inputs_.workload->seed;
        return {};
    }

    // Measures the workload on the copy; nothing without one.
    Result<std::optional<Measured>> measure(std::string_view when) {
        if (inputs_.workload == nullptr) {
            return std::optional<Measured>{};
        }
        inputs_.step(fmt::format("measure the workload {}", when));
        const workload::Workload& workload = *inputs_.workload;
        client::Client& client = scratch_->client();
        bench::RunOptions run;
        run.measure = options_.measure;
        run.seed = workload.seed;
        Measured out;
        PLUMB_TRY(recording,
                  bench::run_workload(client,
                                      inputs_.database,
                                      workload,
                                      run,
                                      inputs_.interrupt,
                                      [this](std::string_view id, std::int64_t done, auto all) {
                                          inputs_.progress(
                                              fmt::format("measuring {}", id), done, all);
                                      }));
        out.recording = std::move(recording);
        out_.engine = out.recording.environment.server;
        PLUMB_TRY(drawer,
                  workload::prepare_drawer(client, inputs_.database, workload, workload.seed));
        const Counting counting{
            client,
            inputs_.database,
            workload,
            drawer,
            inputs_.clock,
            inputs_.interrupt,
            options_.count_limit.value_or(out_.sampled() ? kCountSample : kCountAll)};
        for (const workload::Query& query : workload.queries) {
            const bench::Row* const row = out.recording.row(query.id);
            if (row == nullptr || !row->error.empty()) {
                continue;
            }
            inputs_.progress(fmt::format("counting {}", query.id),
                             static_cast<std::int64_t>(out.examined.size()),
                             static_cast<std::int64_t>(workload.queries.size()));
            PLUMB_TRY(examined, count_examined(counting, query));
            out.examined.push_back(std::move(examined));
        }
        return std::optional<Measured>{std::move(out)};
    }

    Result<Snapshot> snapshot() {
        return take_snapshot(
            scratch_->client(), inputs_.database, inputs_.interrupt, inputs_.progress);
    }

    // After the copy: forwards, back, forwards.
    Status go() {
        PLUMB_TRY(before, measure("before"));
        inputs_.step("hash the copy");
        PLUMB_TRY(at_first, snapshot());
        Rounds rounds{inputs_, *scratch_, files_, out_};
        scratch_->reset_peak();
        PLUMB_TRY(went_up, rounds.up());
        out_.peak_memory_bytes = scratch_->peak_memory_bytes();
        if (!went_up) {
            return compare_after_failure(at_first);
        }
        PLUMB_CHECK(verify_indexes(scratch_->client(), inputs_, files_, out_));
        PLUMB_CHECK(probe_validators(scratch_->client(), inputs_, out_));
        PLUMB_CHECK(measure_indexes(scratch_->client(), inputs_, files_, out_));
        PLUMB_TRY(after, measure("after"));
        if (before.has_value() && after.has_value()) {
            add_queries(*before, *after, known_, out_);
            add_write_costs(*before, *after, out_);
        }
        inputs_.step("hash what up made");
        PLUMB_TRY(at_top, snapshot());
        PLUMB_TRY(went_down, rounds.down());
        if (!went_down) {
            return {};
        }
        PLUMB_CHECK(compare_after_down(at_first));
        PLUMB_TRY(went_again, rounds.again());
        return went_again ? compare_after_again(at_top) : Status{};
    }

    // A migration that failed undoes itself: that has to be true as well.
    Status compare_after_failure(const Snapshot& wanted) {
        // Those before it were applied, and stay.
        if (out_.migrations.front().state == "applied") {
            return {};
        }
        PLUMB_TRY(found, snapshot());
        add_differences("up", "the failed run left a trace: ", compare(wanted, found));
        return {};
    }

    Status compare_after_down(const Snapshot& wanted) {
        inputs_.step("compare with what was there before");
        PLUMB_TRY(found, snapshot());
        const std::vector<Changed> changed = compare(wanted, found);
        add_differences("down", "down does not lead back: ", changed);
        Rollback& rollback = out_.rollback;
        rollback.done = true;
        for (const MigrationLine& line : out_.migrations) {
            rollback.ms += line.down_ms;
        }
        rollback.same_content = std::none_of(changed.begin(), changed.end(), [](const auto& each) {
            return each.what == Changed::What::Contents || each.what == Changed::What::Collection;
        });
        rollback.same_indexes = std::none_of(changed.begin(), changed.end(), [](const auto& each) {
            return each.what != Changed::What::Contents;
        });
        return {};
    }

    // Contents may differ rightly, where a migration writes the time: that is told, and no failure.
    Status compare_after_again(const Snapshot& wanted) {
        inputs_.step("compare the second up with the first");
        PLUMB_TRY(found, snapshot());
        std::vector<Changed> changed = compare(wanted, found);
        const auto contents =
            std::stable_partition(changed.begin(), changed.end(), [](const Changed& each) {
                return each.what != Changed::What::Contents;
            });
        for (auto each = contents; each != changed.end(); ++each) {
            out_.differences.push_back({"again", each->collection, each->text});
            out_.notes.push_back(fmt::format(
                "{}: the second up did not write the same as the first; a time, or a random value?",
                each->collection));
        }
        changed.erase(contents, changed.end());
        add_differences("again", "the second up differs from the first: ", changed);
        return {};
    }

    void add_differences(const std::string& after,
                         std::string_view what,
                         const std::vector<Changed>& changed) {
        for (const Changed& each : changed) {
            out_.differences.push_back({after, each.collection, each.text});
            out_.failures.push_back(
                {after, 0, each.collection, "", std::string{what} + each.text, {}});
        }
    }

    const Inputs& inputs_;
    const Options& options_;
    Rehearsal out_;
    std::vector<const project::MigrationFile*> files_;
    std::unique_ptr<Scratch> scratch_;
    Known known_;
};

}  // namespace

Result<Rehearsal> rehearse(const Inputs& inputs, const Options& options) {
    return Course{inputs, options}.run();
}

}  // namespace plumb::rehearse
