// SPDX-License-Identifier: GPL-3.0-or-later
// The storage engine: collections and indexes on WiredTiger, one data directory.
//
//   PLUMB_TRY(engine, Engine::open(options, make_predicate));
//   PLUMB_TRY(orders, engine->collection("shop.orders"));   // an optional: it may not exist
//
// Format   docs/formats/data_directory.md; a directory of another version is refused, unchanged.
// Threads  from any thread. Lock order: a collection's gate, then the catalog; no lock that a read
//          or a write of documents takes is held over a call into WiredTiger that waits for the
//          disk, but the exclusive ones of drop and index commit.
#pragma once

#include "base/clock.h"
#include "base/fault_points.h"
#include "base/interrupt.h"
#include "base/limits.h"
#include "base/result.h"
#include "engine/storage/collection.h"
#include "engine/storage/collection_state.h"
#include "engine/storage/predicate.h"
#include "engine/storage/transaction.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace plumb::storage {

struct EngineOptions {
    std::filesystem::path directory;                 // made if it is not there, with mode 0700
    std::int64_t cache_bytes = 256LL * 1024 * 1024;  // WiredTiger's cache
    std::chrono::seconds checkpoint_every{60};
};

// Where a build stands; `done` of `total` documents or keys of the phase.
struct BuildProgress {
    enum class Phase : std::uint8_t { Scanning, Sorting, Loading, Committing };
    Phase phase = Phase::Scanning;
    std::int64_t done = 0;
    std::int64_t total = 0;
};

struct BuildOptions {
    std::int64_t memory_bytes = kIndexBuildMemoryBytes;     // for all indexes of the build together
    std::function<void(const BuildProgress&)> on_progress;  // called often; must be quick
};

// Bytes of one table: on disk, and of that free for reuse.
struct TableSizes {
    std::int64_t file_bytes = 0;
    std::int64_t reusable_bytes = 0;
    std::int64_t cached_bytes = 0;  // what WiredTiger's cache holds of it now
};

class Engine {
  public:
    // errors  DataDirectoryInUse, DataVersionMismatch, IoError: each names the directory
    [[nodiscard]] static Result<std::unique_ptr<Engine>> open(EngineOptions options,
                                                              PredicateFactory predicates,
                                                              const Clock& clock,
                                                              FaultPoints& faults);
    virtual ~Engine() = default;

    // A transaction on a pooled session.
    [[nodiscard]] virtual Result<std::unique_ptr<Transaction>> begin(Access access) = 0;

    // Runs `body` in a write transaction and commits; on WriteConflict again from the start, with
    // growing pauses, until it works or the interrupt says stop.
    [[nodiscard]] virtual Status run_write(Durability durability,
                                           Interrupt& interrupt,
                                           const std::function<Status(Transaction&)>& body) = 0;

    // All namespaces, sorted; views included.
    [[nodiscard]] virtual std::vector<CollectionStatePtr> collections() const = 0;
    // The collection, held open against drop; nothing if there is none.
    [[nodiscard]] virtual std::optional<Collection> collection(std::string_view ns) const = 0;

    // Makes a collection with its _id index (a view: neither). NamespaceExists (48).
    [[nodiscard]] virtual Result<CollectionStatePtr> create_collection(std::string_view ns,
                                                                       bson::View options) = 0;
    // Each of these waits until no operation uses the collection; `interrupt` ends the wait, null
    // does not.
    //   errors  NamespaceNotFound (26); the interrupt's
    [[nodiscard]] virtual Status drop_collection(std::string_view ns,
                                                 Interrupt* interrupt = nullptr) = 0;
    [[nodiscard]] virtual Status rename_collection(std::string_view from,
                                                   std::string_view to,
                                                   bool drop_target,
                                                   Interrupt* interrupt = nullptr) = 0;
    // Copies what fits of a collection, newest documents first to stay, into a new capped one with
    // `options` and no index but _id_. To the same name: puts it in the collection's place, and
    // writers wait meanwhile.
    //   errors  NamespaceNotFound (26); NamespaceExists (48); the interrupt's: nothing is changed
    [[nodiscard]] virtual Status copy_to_capped(std::string_view from,
                                                std::string_view to,
                                                bson::View options,
                                                Interrupt& interrupt) = 0;
    // Replaces the options document (validator and its level and action; a view's pipeline).
    [[nodiscard]] virtual Status set_options(std::string_view ns, bson::View options) = 0;

    // Builds all of `specs` by one scan; every one appears, or none. The specs are complete, named
    // and known not to exist. Reads and writes go on while it runs.
    //   errors  DuplicateKey {keyPattern, keyValue}, CannotIndexParallelArrays, Interrupted,
    //           OutOfDiskSpace: nothing is left behind
    [[nodiscard]] virtual Status build_indexes(std::string_view ns,
                                               std::vector<IndexSpec> specs,
                                               const BuildOptions& options,
                                               Interrupt& interrupt) = 0;
    // Builds all indexes but _id_ anew, from the documents, and puts them in the place of the old
    // ones in one step; until then reads and writes use the old ones.
    //   errors  as build_indexes(); the old indexes stay
    [[nodiscard]] virtual Status rebuild_indexes(std::string_view ns,
                                                 const BuildOptions& options,
                                                 Interrupt& interrupt) = 0;
    // Waits and is interrupted as drop_collection().
    [[nodiscard]] virtual Status drop_indexes(std::string_view ns,
                                              const std::vector<std::string>& names,
                                              Interrupt* interrupt = nullptr) = 0;
    // Changes hidden or expireAfterSeconds of an index; its key and kind stay.
    [[nodiscard]] virtual Status alter_index(std::string_view ns, const IndexSpec& changed) = 0;

    [[nodiscard]] virtual Result<TableSizes> record_table_sizes(const CollectionState& state) = 0;
    [[nodiscard]] virtual Result<TableSizes> index_table_sizes(const IndexState& state) = 0;
    // WiredTiger's own statistics by description ("cache: bytes currently in the cache").
    [[nodiscard]] virtual Result<std::vector<std::pair<std::string, std::int64_t>>>
    statistics() = 0;

    // Compares every record with every index entry; a line for each disagreement, at most 1000.
    [[nodiscard]] virtual Result<std::vector<std::string>> validate(std::string_view ns,
                                                                    Interrupt& interrupt) = 0;

    // The folder for files that nobody needs after a restart: it is emptied at start.
    [[nodiscard]] virtual std::filesystem::path temporary_folder() const = 0;

    [[nodiscard]] virtual Status checkpoint() = 0;
    // Waits until every commit so far is on disk (j:true after the fact). Group-committed.
    [[nodiscard]] virtual Status sync_journal() = 0;
};

}  // namespace plumb::storage
