// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/cursors.h"
#include "engine/storage/index_build_internal.h"
#include "engine/storage/index_loader_internal.h"
#include "engine/storage/tables_internal.h"
#include "engine/storage/wiredtiger_error_internal.h"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <thread>
#include <utility>

namespace plumb::storage {

namespace {

using Phase = BuildProgress::Phase;

constexpr std::int64_t kReportEvery = 1024;
constexpr std::chrono::milliseconds kLoaderPoll{5};
constexpr std::size_t kLoadersMax = 2;
// A pass that applied fewer than this leaves so little that writers can wait for the rest.
constexpr std::int64_t kFewEntries = 500;

}  // namespace

IndexBuild::IndexBuild(Parts parts,
                       std::shared_ptr<LiveCollection> live,
                       const BuildOptions& options,
                       Interrupt& interrupt)
    : parts_(std::move(parts)),
      live_(std::move(live)),
      options_(options),
      interrupt_(interrupt),
      ns_(live_->state()->ns) {}

void IndexBuild::report(Phase phase, std::int64_t done, std::int64_t total) const {
    if (options_.on_progress) {
        options_.on_progress({phase, done, std::max(done, total)});
    }
}

std::vector<std::string> IndexBuild::tables_left_over() const {
    std::vector<std::string> out;
    if (side_log_number_ != 0) {
        out.push_back(side_log_uri_);
    }
    for (const auto& index : is_committed_ ? replaced_ : indexes_) {
        out.push_back(index->table);
    }
    return out;
}

Status IndexBuild::run(std::vector<IndexSpec> specs) {
    PLUMB_CHECK(prepare(std::move(specs)));
    return build();
}

Status IndexBuild::run_rebuild() {
    is_rebuild_ = true;
    PLUMB_CHECK(prepare_rebuild());
    return build();
}

Status IndexBuild::build() {
    if (indexes_.empty()) {
        return {};
    }
    const auto steps = [&]() -> Status {
        PLUMB_CHECK(create_tables());
        KeyCollector collector{
            makers_, options_.memory_bytes, parts_.temporary_directory, interrupt_};
        PLUMB_TRY(snapshot, take_snapshot());
        PLUMB_CHECK(scan(std::move(snapshot), collector));
        PLUMB_CHECK(parts_.faults.hit(FaultPoint::IndexBuildAfterScan));
        if (documents_scanned_ > 0) {
            PLUMB_CHECK(load(collector));
            PLUMB_CHECK(make_durable());
        }
        PLUMB_CHECK(parts_.faults.hit(FaultPoint::IndexBuildAfterLoad));
        return drain_and_commit(collector);
    };
    Status built = steps();
    if (!is_committed_) {
        give_up();
    }
    return built;
}

Status IndexBuild::prepare(std::vector<IndexSpec> specs) {
    const std::lock_guard lock{parts_.catalog.changes};
    const CollectionStatePtr current = live_->state();
    for (IndexSpec& spec : specs) {
        if (const auto existing = current->find_index(spec.name); existing != nullptr) {
            // Somebody else's build of the same index was faster.
            if (existing->spec.listed.bytes() == spec.listed.bytes()) {
                continue;
            }
            return fail(ErrorCode::IndexKeySpecsConflict,
                        "an index named " + spec.name + " was made meanwhile with other options");
        }
        PLUMB_CHECK(add_index(std::move(spec)));
    }
    return prepare_side_log();
}

Status IndexBuild::prepare_rebuild() {
    const std::lock_guard lock{parts_.catalog.changes};
    for (const auto& existing : live_->state()->indexes) {
        if (!existing->is_id()) {
            PLUMB_CHECK(add_index(existing->spec));
        }
    }
    return prepare_side_log();
}

Status IndexBuild::add_index(IndexSpec spec) {
    auto index = std::make_shared<IndexState>();
    PLUMB_TRY(pattern, bson::KeyPattern::parse(spec.key.view()));
    index->spec = std::move(spec);
    index->pattern = std::move(pattern);
    index->multikey_paths.resize(index->pattern.fields().size());
    index->life = std::make_shared<IndexLife>();
    index->number = parts_.catalog.take_number();
    index->table = table_uri(TableKind::Index, index->number);
    indexes_.push_back(std::move(index));
    return {};
}

Status IndexBuild::prepare_side_log() {
    auto state = std::make_shared<CollectionState>();
    state->indexes = indexes_;
    PLUMB_TRY(view, make_write_view(std::move(state), parts_.predicates));
    makers_ = view->indexes;
    side_log_number_ = parts_.catalog.take_number();
    side_log_uri_ = table_uri(TableKind::SideLog, side_log_number_);
    return {};
}

Status IndexBuild::create_tables() {
    PLUMB_TRY(session, parts_.pool.take());
    Status created = create_table(session->wt(), TableKind::SideLog, side_log_uri_);
    for (const auto& index : indexes_) {
        if (created.ok()) {
            created = create_table(session->wt(), TableKind::Index, index->table);
        }
    }
    parts_.pool.give_back(std::move(session));
    return created;
}

Result<std::unique_ptr<Transaction>> IndexBuild::take_snapshot() {
    side_log_ = std::make_shared<SideLog>(side_log_number_, side_log_uri_, makers_);
    PLUMB_CHECK(live_->gate.close_to_writers(interrupt_));
    {
        const std::lock_guard lock{parts_.catalog.changes};
        Catalog::set_side_log(*live_, side_log_);
    }
    documents_total_ = live_->document_count();
    Result<std::unique_ptr<Transaction>> snapshot = parts_.pool.begin(Access::Read);
    live_->gate.open_to_writers();
    return snapshot;
}

Status IndexBuild::scan(std::unique_ptr<Transaction> snapshot, KeyCollector& collector) {
    PLUMB_TRY(records, RecordCursor::open(*snapshot, *live_->state(), Direction::Forward));
    for (;; ++documents_scanned_) {
        PLUMB_CHECK(interrupt_.check());
        PLUMB_TRY(record, records->next());
        if (!record.has_value()) {
            break;
        }
        PLUMB_CHECK(collector.add(record->id, record->document));
        if (documents_scanned_ % kReportEvery == 0) {
            report(Phase::Scanning, documents_scanned_, documents_total_);
        }
    }
    records.reset();
    snapshot.reset();
    report(Phase::Sorting, 0, documents_scanned_);
    PLUMB_CHECK(collector.finish());
    report(Phase::Sorting, documents_scanned_, documents_scanned_);
    return {};
}

Status IndexBuild::load(const KeyCollector& collector) {
    std::int64_t total = 0;
    for (std::size_t index = 0; index < indexes_.size(); ++index) {
        total += collector.key_count(index);
    }
    LoadProgress progress;
    std::atomic<std::size_t> next_index{0};
    std::atomic<std::size_t> running{std::min(kLoadersMax, indexes_.size())};
    std::mutex mutex;
    std::optional<Error> failure;
    const auto load_some = [&]() -> Status {
        for (std::size_t at = next_index++; at < indexes_.size(); at = next_index++) {
            PLUMB_TRY(merge, collector.merge(at));
            PLUMB_TRY(session, parts_.pool.take());
            Status loaded = load_index(session->wt(), ns_, *indexes_[at], merge, progress);
            parts_.pool.give_back(std::move(session));
            PLUMB_CHECK(std::move(loaded));
        }
        return {};
    };
    std::vector<std::thread> loaders;
    for (std::size_t loader = running; loader > 0; --loader) {
        loaders.emplace_back([&] {
            if (Status loaded = load_some(); !loaded.ok()) {
                const std::lock_guard lock{mutex};
                progress.must_stop = true;
                if (!failure.has_value()) {
                    failure = std::move(loaded).error();
                }
            }
            --running;
        });
    }
    Status waited = wait_for_loaders(running, total, progress);
    for (std::thread& loader : loaders) {
        loader.join();
    }
    PLUMB_CHECK(std::move(waited));
    return failure.has_value() ? Status{*failure} : Status{};
}

Status IndexBuild::wait_for_loaders(std::atomic<std::size_t>& running,
                                    std::int64_t total,
                                    LoadProgress& progress) {
    while (running.load() > 0) {
        report(Phase::Loading, progress.keys_loaded, total);
        if (Status stop = interrupt_.check_now(); !stop.ok()) {
            progress.must_stop = true;
            return stop;
        }
        std::this_thread::sleep_for(kLoaderPoll);
    }
    report(Phase::Loading, progress.keys_loaded, total);
    return {};
}

// Bulk loads do not go through the journal, so the catalog must not name these tables before a
// checkpoint has them. Only these: what else is dirty in the cache has its journal.
Status IndexBuild::make_durable() {
    std::string targets;
    for (const auto& index : indexes_) {
        targets += (targets.empty() ? "\"" : ",\"") + index->table + '"';
    }
    PLUMB_TRY(session, parts_.pool.take());
    WT_SESSION* wt = session->wt();
    Status written = wiredtiger_status(wt->checkpoint(wt, ("target=(" + targets + ")").c_str()),
                                       "writing the new indexes");
    parts_.pool.give_back(std::move(session));
    return written;
}

// Drains while writers go on. Each pass has what came in during the one before; when that does not
// fall to half, writers are faster than we are and have to wait for the rest.
Status IndexBuild::catch_up(SideLogDrain& drain) {
    PLUMB_TRY(last, drain.pass(interrupt_));
    while (last >= kFewEntries) {
        PLUMB_TRY(applied, drain.pass(interrupt_));
        if (applied > last / 2) {
            break;
        }
        last = applied;
    }
    return {};
}

Status IndexBuild::drain_and_commit(const KeyCollector& collector) {
    report(Phase::Committing, 0, 1);
    SideLogDrain drain{parts_.pool, live_->gate, *side_log_, indexes_};
    PLUMB_CHECK(catch_up(drain));
    PLUMB_CHECK(live_->gate.close_to_writers(interrupt_));
    const auto finish = [&]() -> Status {
        PLUMB_CHECK(interrupt_.check());
        PLUMB_TRY(applied, drain.pass(interrupt_));
        static_cast<void>(applied);
        PLUMB_CHECK(drain.check_nothing_waits(ns_));
        PLUMB_CHECK(parts_.faults.hit(FaultPoint::IndexBuildBeforeCommit));
        return commit(collector);
    };
    Status finished = finish();
    live_->gate.open_to_writers();
    PLUMB_CHECK(std::move(finished));
    report(Phase::Committing, 1, 1);
    return {};
}

Status IndexBuild::commit(const KeyCollector& collector) {
    const std::lock_guard lock{parts_.catalog.changes};
    CollectionState state = *live_->state();
    for (std::size_t at = 0; at < indexes_.size(); ++at) {
        auto index = std::make_shared<IndexState>(*indexes_[at]);
        collector.add_multikey_to(at, *index);
        side_log_->add_multikey_to(at, *index);
        index->life->born = parts_.pool.next_moment();
        PLUMB_CHECK(put_into(state, std::move(index)));
    }
    PLUMB_CHECK(parts_.catalog.replace(*live_, std::move(state)));
    Catalog::set_side_log(*live_, nullptr);
    is_committed_ = true;
    // Writers no longer keep the old tables up to date: no cursor may go on there.
    for (const auto& old : replaced_) {
        old->life->multikey_changes.fetch_add(1, std::memory_order_release);
    }
    return {};
}

Status IndexBuild::put_into(CollectionState& state, std::shared_ptr<IndexState> index) {
    if (!is_rebuild_) {
        state.indexes.push_back(std::move(index));
        return {};
    }
    const auto old = std::find_if(state.indexes.begin(), state.indexes.end(), [&](const auto& at) {
        return at->spec.name == index->spec.name;
    });
    if (old == state.indexes.end()) {
        return fail(ErrorCode::IndexNotFound,
                    "index " + index->spec.name + " was dropped while it was built anew");
    }
    // What may change of an index (hidden, expireAfterSeconds) may have changed meanwhile.
    index->spec = (*old)->spec;
    replaced_.push_back(*old);
    *old = std::move(index);
    return {};
}

void IndexBuild::give_up() {
    if (side_log_ != nullptr) {
        side_log_->abandon();
    }
    const std::lock_guard lock{parts_.catalog.changes};
    Catalog::set_side_log(*live_, nullptr);
}

}  // namespace plumb::storage
