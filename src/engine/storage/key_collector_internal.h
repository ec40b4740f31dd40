// SPDX-License-Identifier: GPL-3.0-or-later
// The scanning half of an index build: documents go in, sorted runs of keys for each index come
// out. One thread reads records and hands them over in batches; workers make the keys and sort
// them.
//
//   KeyCollector collector{indexes, memory_bytes, temporary_directory, interrupt};
//   PLUMB_CHECK(collector.add(id, document));         // for each record
//   PLUMB_CHECK(collector.finish());
//   PLUMB_TRY(merge, collector.merge(0));             // the keys of the first index
//
// Memory   at most about memory_bytes for all; what does not fit goes to files.
// Threads  add() and finish() on one thread; after finish(), merge() from any, once for each index.
#pragma once

#include "base/interrupt.h"
#include "base/result.h"
#include "bson/document.h"
#include "engine/storage/ids.h"
#include "engine/storage/key_buffer_internal.h"
#include "engine/storage/key_merge_internal.h"
#include "engine/storage/live_collection_internal.h"
#include "engine/storage/run_file_internal.h"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace plumb::storage {

class KeyCollector {
  public:
    KeyCollector(const std::vector<IndexMaker>& indexes,
                 std::int64_t memory_bytes,
                 std::filesystem::path temporary_directory,
                 Interrupt& interrupt);
    KeyCollector(const KeyCollector&) = delete;
    KeyCollector& operator=(const KeyCollector&) = delete;
    ~KeyCollector();

    // errors  those of making keys or of the disk, of this document or of an earlier one; the
    //         interrupt's
    [[nodiscard]] Status add(RecordId id, bson::View document);
    // Waits until everything is sorted. errors: as add()
    [[nodiscard]] Status finish();

    [[nodiscard]] Result<KeyMerge> merge(std::size_t index) const;
    // Keys of this index over all documents.
    [[nodiscard]] std::int64_t key_count(std::size_t index) const;
    void add_multikey_to(std::size_t index, IndexState& state) const;

  private:
    struct Batch {
        std::string bytes;  // documents, one after the other
        std::vector<RecordId> ids;
    };
    // What one worker has: a buffer and spilled runs for each index.
    struct Worker {
        std::vector<KeyBuffer> buffers;
        std::vector<std::vector<Run>> runs;
        std::vector<std::int64_t> key_counts;
        std::vector<IndexState> multikey;  // only the paths are used
        std::unique_ptr<RunFile> file;
        bson::MadeKeys keys;
        std::thread thread;
    };

    [[nodiscard]] Status hand_over();
    void work(Worker& worker);
    void make_sorted(Worker& worker);
    [[nodiscard]] std::optional<Batch> take_batch();
    [[nodiscard]] Status make_keys(Worker& worker, const Batch& batch);
    [[nodiscard]] Status spill(Worker& worker);
    void stop_workers();
    [[nodiscard]] Status wait_for_workers();
    void note_failure(Error error);
    [[nodiscard]] std::size_t read_buffer_bytes() const;

    const std::vector<IndexMaker>& indexes_;
    std::size_t worker_bytes_max_;
    std::filesystem::path temporary_directory_;
    Interrupt& interrupt_;
    Batch filling_;
    std::vector<std::unique_ptr<Worker>> workers_;

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Batch> waiting_;
    bool no_more_ = false;
    std::size_t working_ = 0;
    std::atomic<bool> abandoned_{false};  // nobody wants the keys any more
    std::optional<Error> failure_;
};

}  // namespace plumb::storage
