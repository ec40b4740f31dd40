// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/json.h"
#include "tool/bench/histogram.h"
#include "tool/bench/scratch_collection.h"
#include "tool/bench/server_state.h"
#include "tool/bench/trial_writes.h"
#include "tool/bench/write_trial.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>

namespace plumb::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::int64_t kSampleDocuments = 512;
// What is inserted is deleted this many writes later, not while it is the last thing written.
constexpr std::size_t kDeleteLag = 16;
// A round of slow writes ends after this long, with at least so many turns, and enough of them that
// some deletes are among them.
constexpr std::chrono::milliseconds kRoundLimit{1500};
constexpr std::int64_t kTurnsLeast = kDeleteLag + 4;

enum Kind : std::uint8_t { Insert, Indexed, Other, Delete, kKinds };
constexpr std::array<std::string_view, kKinds> kNames{
    kInsert, kUpdateIndexed, kUpdateOther, kDelete};

// A scratch copy with some of the indexes, the writes that go to it, and how long they took: by
// kind, then round by round.
struct Level {
    std::unique_ptr<ScratchCollection> scratch;
    FieldUpdates updates_indexed;
    FieldUpdates updates_other;
    InsertsAndDeletes inserts;
    std::array<Rounds, kKinds> durations;
};

std::vector<project::IndexDefinition> indexes_of(const project::Strategy& strategy,
                                                 std::string_view collection) {
    std::vector<project::IndexDefinition> out;
    for (const project::StrategyIndex& one : strategy.indexes) {
        if (one.collection == collection) {
            out.push_back(one.index);
            // A scratch copy must not lose documents while it is measured.
            out.back().expire_after.reset();
        }
    }
    return out;
}

std::vector<std::string> unique_fields(const std::vector<project::IndexDefinition>& indexes) {
    std::vector<std::string> out;
    for (const project::IndexDefinition& index : indexes) {
        for (const bson::Element& part : index.key.view()) {
            if (index.unique) {
                out.emplace_back(part.name);
            }
        }
    }
    return out;
}

// Measures one collection on scratch copies of it.
class CollectionTrial {
  public:
    CollectionTrial(client::Client& client,
                    const std::string& database,
                    const TrialOptions& options,
                    Interrupt& interrupt)
        : client_(client), database_(database), options_(options), interrupt_(interrupt) {}

    Result<TrialCollection> run(const std::string& collection,
                                std::vector<project::IndexDefinition> indexes,
                                const std::function<void()>& on_step) {
        out_.name = collection;
        indexes_ = std::move(indexes);
        build_ms_.resize(indexes_.size());
        for (const project::IndexDefinition& index : indexes_) {
            out_.indexes.push_back({index.name, bson::to_json(index.key), 0, 0, ""});
        }
        for (std::size_t level = 0; level <= indexes_.size(); ++level) {
            on_step();
            PLUMB_CHECK(check_interrupt());
            PLUMB_CHECK(make_level(collection, level));
        }
        if (out_.documents > 0) {
            PLUMB_CHECK(round().context("warming up"));
            for (Level& level : levels_) {
                level.durations = {};
            }
            for (std::int64_t pass = 0; pass < options_.rounds; ++pass) {
                on_step();
                PLUMB_CHECK(round());
            }
        }
        write_rows();
        for (Level& level : levels_) {
            PLUMB_CHECK(level.scratch->drop());
        }
        return std::move(out_);
    }

  private:
    Status check_interrupt() const {
        if (interrupt_.killed()) {
            return fail(ErrorCode::Interrupted,
                        "stopped while measuring writes; the scratch copies are dropped");
        }
        return {};
    }

    // A copy with the first `count` indexes.
    Status make_level(const std::string& collection, std::size_t count) {
        Level level;
        level.scratch = std::make_unique<ScratchCollection>(
            client_, database_, collection, scratch_name(collection, count));
        PLUMB_CHECK(level.scratch->fill(options_.documents_max));
        if (count == 0) {
            PLUMB_TRY(documents, level.scratch->documents(kSampleDocuments));
            PLUMB_TRY(copied, level.scratch->count());
            documents_ = std::move(documents);
            out_.documents = copied;
        }
        for (std::size_t position = 0; position < count; ++position) {
            PLUMB_CHECK(build(*level.scratch, position));
        }
        level.updates_indexed = FieldUpdates{most_indexed_field(indexes_, documents_), documents_};
        level.updates_other = FieldUpdates{unindexed_field(indexes_, documents_), documents_};
        level.inserts = InsertsAndDeletes{documents_, unique_fields(indexes_)};
        levels_.push_back(std::move(level));
        return {};
    }

    Status build(ScratchCollection& scratch, std::size_t position) {
        project::IndexDefinition& index = indexes_[position];
        auto took = scratch.build(index);
        if (!took.ok() && index.unique) {
            out_.indexes[position].note =
                fmt::format("measured without unique: {}", took.error().message());
            index.unique = false;
            took = scratch.build(index);
        }
        if (!took.ok()) {
            return std::move(took).error();
        }
        build_ms_[position].push_back(static_cast<double>(*took));
        PLUMB_TRY(bytes, scratch.index_bytes(index.name));
        out_.indexes[position].bytes = bytes;
        return {};
    }

    // One write of each kind to each copy after the other, again and again: where the scheduler
    // puts client and server changes a round trip by more than an index costs, and so it meets all
    // numbers of indexes alike.
    Status round() {
        for (Level& level : levels_) {
            for (Rounds& kind : level.durations) {
                kind.emplace_back();
            }
        }
        const auto start = SteadyClock::now();
        for (std::int64_t turn = 0; turn < options_.samples; ++turn) {
            PLUMB_CHECK(check_interrupt());
            if (turn >= kTurnsLeast && SteadyClock::now() - start > kRoundLimit) {
                break;
            }
            for (const Kind kind : {Insert, Indexed, Other, Delete}) {
                PLUMB_CHECK(to_all(kind, static_cast<std::size_t>(turn)));
            }
        }
        for (Level& level : levels_) {
            while (level.inserts.inserted() > 0) {
                PLUMB_CHECK(
                    client_.command(database_, level.inserts.remove(level.scratch->name())));
            }
        }
        return {};
    }

    // One write of this kind to each copy, beginning with another one each time.
    Status to_all(Kind kind, std::size_t turn) {
        for (std::size_t step = 0; step < levels_.size(); ++step) {
            Level& level = levels_[(turn + step) % levels_.size()];
            const std::string& name = level.scratch->name();
            bson::Document command;
            if (kind == Insert) {
                command = level.inserts.insert(name);
            } else if (kind == Indexed && !level.updates_indexed.empty()) {
                command = level.updates_indexed.next(name);
            } else if (kind == Other && !level.updates_other.empty()) {
                command = level.updates_other.next(name);
            } else if (kind == Delete && level.inserts.inserted() > kDeleteLag) {
                command = level.inserts.remove(name);
            } else {
                continue;
            }
            const auto start = SteadyClock::now();
            PLUMB_CHECK(client_.command(database_, command).context(kNames[kind]));
            const auto taken =
                std::chrono::duration_cast<std::chrono::nanoseconds>(SteadyClock::now() - start);
            level.durations[kind].back().push_back(
                std::max(1.0, static_cast<double>(taken.count())));
        }
        return {};
    }

    void write_rows() {
        for (std::size_t position = 0; position < indexes_.size(); ++position) {
            out_.indexes[position].build_ms =
                static_cast<std::int64_t>(median(build_ms_[position]));
        }
        for (std::size_t kind = 0; kind < kKinds; ++kind) {
            out_.rows.push_back(row_of(kind));
        }
    }

    WriteRow row_of(std::size_t kind) const {
        const Level& none = levels_.front();
        WriteRow row;
        row.kind = kNames[kind];
        row.field = kind == Indexed ? none.updates_indexed.field()
                    : kind == Other ? none.updates_other.field()
                                    : "";
        if (none.durations[kind].empty() || none.durations[kind].front().empty()) {
            row.error =
                out_.documents == 0 ? "the collection is empty" : "no field of its documents fits";
            return row;
        }
        for (std::size_t count = 0; count < levels_.size(); ++count) {
            row.levels.push_back(
                level_of(levels_[count].durations[kind], none.durations[kind], count));
        }
        return row;
    }

    WriteLevel level_of(const Rounds& rounds, const Rounds& none, std::size_t count) const {
        WriteLevel out;
        Histogram all;
        for (const std::vector<double>& round : rounds) {
            for (const double duration : round) {
                all.record(static_cast<std::int64_t>(duration));
            }
        }
        out.indexes = static_cast<std::int64_t>(count);
        out.samples = all.count();
        out.p50_ns = static_cast<double>(all.quantile(0.5));
        out.p95_ns = static_cast<double>(all.quantile(0.95));
        out.max_ns = static_cast<double>(all.max());
        if (count > 0) {
            out.ratio = ratio_of_paired_rounds(rounds, none, options_.seed + count);
        }
        return out;
    }

    client::Client& client_;
    const std::string& database_;
    const TrialOptions& options_;
    Interrupt& interrupt_;
    TrialCollection out_;
    std::vector<project::IndexDefinition> indexes_;
    std::vector<bson::Document> documents_;
    std::vector<Level> levels_;
    std::vector<std::vector<double>> build_ms_;  // by index, then by copy
};

// The collections of the strategy in its order, those of `only` if it names any.
Result<std::vector<std::string>> collections_of(const project::Strategy& strategy,
                                                const std::vector<std::string>& only) {
    std::vector<std::string> out;
    for (const project::StrategyIndex& one : strategy.indexes) {
        if (std::find(out.begin(), out.end(), one.collection) == out.end()) {
            out.push_back(one.collection);
        }
    }
    for (const std::string& name : only) {
        if (std::find(out.begin(), out.end(), name) == out.end()) {
            return fail(ErrorCode::UsageError,
                        fmt::format("--only {}: {} has no index on a collection of this name",
                                    name,
                                    strategy.file));
        }
    }
    if (!only.empty()) {
        std::erase_if(out, [&only](const std::string& name) {
            return std::find(only.begin(), only.end(), name) == only.end();
        });
    }
    return out;
}

}  // namespace

Result<WriteTrial> run_write_trial(client::Client& client,
                                   const std::string& database,
                                   const project::Strategy& strategy,
                                   const TrialOptions& options,
                                   Interrupt& interrupt,
                                   const OnTrialStep& on_step) {
    PLUMB_TRY(names, collections_of(strategy, options.only));
    WriteTrial out;
    out.environment = environment_of(client, database, options.seed);
    out.environment.samples_wanted = options.samples * options.rounds;
    std::int64_t all = 0;
    for (const std::string& name : names) {
        all += options.rounds + static_cast<std::int64_t>(indexes_of(strategy, name).size() + 1);
    }
    std::int64_t done = 0;
    for (const std::string& name : names) {
        auto indexes = indexes_of(strategy, name);
        CollectionTrial trial{client, database, options, interrupt};
        PLUMB_TRY(measured,
                  trial.run(name, std::move(indexes), [&] { on_step(name, done++, all); }));
        out.collections.push_back(std::move(measured));
    }
    return out;
}

}  // namespace plumb::bench
