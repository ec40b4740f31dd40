// SPDX-License-Identifier: GPL-3.0-or-later
// One createIndexes at work.
//
// 1  The gate is closed to writers for a moment: a snapshot is taken, and from then on writers
// leave
//    their keys in the side log.
// 2  The snapshot is scanned, keys are made and sorted, tables are loaded.
// 3  The side log is drained, while writers go on; then, the gate closed again, its last entries.
// 4  A checkpoint has made the loaded tables durable before the catalog names them, all at once.
//
// A rebuild does the same for all indexes but _id_, which are in use meanwhile; 4 then puts the new
// ones in their place.
//
// Before 4 a crash leaves tables that no catalog record names; the next start drops them.
//
// Threads  one thread; writers of the collection meet it in the side log.
#pragma once

#include "base/fault_points.h"
#include "base/interrupt.h"
#include "base/result.h"
#include "engine/storage/catalog_internal.h"
#include "engine/storage/engine.h"
#include "engine/storage/index_loader_internal.h"
#include "engine/storage/key_collector_internal.h"
#include "engine/storage/side_log_drain_internal.h"
#include "engine/storage/side_log_internal.h"

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace plumb::storage {

class IndexBuild {
  public:
    struct Parts {
        SessionPool& pool;
        Catalog& catalog;
        FaultPoints& faults;
        const PredicateFactory& predicates;
        std::filesystem::path temporary_directory;
    };
    IndexBuild(Parts parts,
               std::shared_ptr<LiveCollection> live,
               const BuildOptions& options,
               Interrupt& interrupt);

    // requires (of both) the collection held open, and its build_mutex
    [[nodiscard]] Status run(std::vector<IndexSpec> specs);
    [[nodiscard]] Status run_rebuild();

    // The tables to drop afterwards: the side log, and after a failure the indexes, after a
    // rebuild the old ones.
    [[nodiscard]] std::vector<std::string> tables_left_over() const;

  private:
    [[nodiscard]] Status prepare(std::vector<IndexSpec> specs);
    [[nodiscard]] Status prepare_rebuild();
    [[nodiscard]] Status add_index(IndexSpec spec);
    [[nodiscard]] Status prepare_side_log();
    [[nodiscard]] Status build();
    [[nodiscard]] Status create_tables();
    [[nodiscard]] Result<std::unique_ptr<Transaction>> take_snapshot();
    [[nodiscard]] Status scan(std::unique_ptr<Transaction> snapshot, KeyCollector& collector);
    [[nodiscard]] Status load(const KeyCollector& collector);
    [[nodiscard]] Status wait_for_loaders(std::atomic<std::size_t>& running,
                                          std::int64_t total,
                                          LoadProgress& progress);
    [[nodiscard]] Status make_durable();
    [[nodiscard]] Status catch_up(SideLogDrain& drain);
    [[nodiscard]] Status drain_and_commit(const KeyCollector& collector);
    [[nodiscard]] Status commit(const KeyCollector& collector);
    [[nodiscard]] Status put_into(CollectionState& state, std::shared_ptr<IndexState> index);
    void give_up();
    void report(BuildProgress::Phase phase, std::int64_t done, std::int64_t total) const;

    Parts parts_;
    std::shared_ptr<LiveCollection> live_;  // second owner: the catalog
    const BuildOptions& options_;
    Interrupt& interrupt_;
    std::string ns_;
    std::vector<std::shared_ptr<const IndexState>> indexes_;
    std::vector<IndexMaker> makers_;
    std::shared_ptr<SideLog> side_log_;  // second owner: the writers' view
    std::string side_log_uri_;
    std::uint32_t side_log_number_ = 0;
    std::int64_t documents_total_ = 0;  // in the snapshot
    std::int64_t documents_scanned_ = 0;
    bool is_rebuild_ = false;
    bool is_committed_ = false;
    std::vector<std::shared_ptr<const IndexState>> replaced_;
};

}  // namespace plumb::storage
