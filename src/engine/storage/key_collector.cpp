// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/key_collector_internal.h"
#include "engine/storage/multikey_internal.h"

#include <algorithm>
#include <chrono>
#include <new>
#include <utility>

namespace plumb::storage {

namespace {

constexpr std::chrono::milliseconds kInterruptPoll{10};
constexpr std::size_t kBatchBytes = 512 * 1024;
constexpr std::size_t kWaitingBatchesMax = 4;
constexpr unsigned kWorkersMax = 4;
constexpr std::size_t kWorkerBytesMin = 256 * 1024;
constexpr std::size_t kReadBufferBytesMin = 4 * 1024;
constexpr std::size_t kReadBufferBytesMax = 256 * 1024;

}  // namespace

KeyCollector::KeyCollector(const std::vector<IndexMaker>& indexes,
                           std::int64_t memory_bytes,
                           std::filesystem::path temporary_directory,
                           Interrupt& interrupt)
    : indexes_(indexes),
      temporary_directory_(std::move(temporary_directory)),
      interrupt_(interrupt) {
    const unsigned count = std::clamp(std::thread::hardware_concurrency(), 1U, kWorkersMax);
    // An eighth is for batches under way, for buffers of the disk, and for arrays that grow.
    const auto bytes = static_cast<std::size_t>(std::max<std::int64_t>(memory_bytes, 0)) / 8 * 7;
    worker_bytes_max_ = std::max(bytes / count, kWorkerBytesMin);
    for (unsigned number = 0; number < count; ++number) {
        auto worker = std::make_unique<Worker>();
        worker->buffers.resize(indexes.size());
        worker->runs.resize(indexes.size());
        worker->key_counts.resize(indexes.size());
        worker->multikey.resize(indexes.size());
        workers_.push_back(std::move(worker));
    }
    working_ = count;
    for (const auto& worker : workers_) {
        worker->thread = std::thread{[this, &worker = *worker] { work(worker); }};
    }
}

KeyCollector::~KeyCollector() {
    abandoned_ = true;
    {
        const std::lock_guard lock{mutex_};
        waiting_.clear();
    }
    stop_workers();
}

void KeyCollector::stop_workers() {
    {
        const std::lock_guard lock{mutex_};
        no_more_ = true;
    }
    changed_.notify_all();
    for (const auto& worker : workers_) {
        if (worker->thread.joinable()) {
            worker->thread.join();
        }
    }
}

void KeyCollector::note_failure(Error error) {
    const std::lock_guard lock{mutex_};
    if (!failure_.has_value()) {
        failure_ = std::move(error);
    }
    waiting_.clear();
    changed_.notify_all();
}

Status KeyCollector::add(RecordId id, bson::View document) {
    filling_.bytes.append(document.raw());
    filling_.ids.push_back(id);
    return filling_.bytes.size() < kBatchBytes ? Status{} : hand_over();
}

Status KeyCollector::hand_over() {
    std::unique_lock lock{mutex_};
    while (!changed_.wait_for(lock, kInterruptPoll, [this] {
        return waiting_.size() < kWaitingBatchesMax || failure_.has_value();
    })) {
        PLUMB_CHECK(interrupt_.check_now());
    }
    if (failure_.has_value()) {
        return *failure_;
    }
    waiting_.push_back(std::exchange(filling_, {}));
    changed_.notify_all();
    return {};
}

std::optional<KeyCollector::Batch> KeyCollector::take_batch() {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this] { return !waiting_.empty() || no_more_ || failure_.has_value(); });
    if (waiting_.empty()) {
        return std::nullopt;
    }
    Batch batch = std::move(waiting_.front());
    waiting_.pop_front();
    changed_.notify_all();
    return batch;
}

void KeyCollector::work(Worker& worker) {
    make_sorted(worker);
    const std::lock_guard lock{mutex_};
    --working_;
    changed_.notify_all();
}

void KeyCollector::make_sorted(Worker& worker) {
    try {
        while (std::optional<Batch> batch = take_batch()) {
            if (Status made = make_keys(worker, *batch); !made.ok()) {
                note_failure(std::move(made).error());
                return;
            }
        }
        for (KeyBuffer& buffer : worker.buffers) {
            buffer.sort(&abandoned_);
        }
    } catch (const std::bad_alloc&) {
        note_failure(fail(ErrorCode::ExceededMemoryLimit, "no memory left for sorting index keys"));
    }
}

Status KeyCollector::make_keys(Worker& worker, const Batch& batch) {
    const char* at = batch.bytes.data();
    for (const RecordId id : batch.ids) {
        const bson::View document{at};
        at += document.byte_size();
        for (std::size_t index = 0; index < indexes_.size(); ++index) {
            PLUMB_CHECK(indexes_[index].make(document, worker.keys));
            for (const bson::MadeKey& key : worker.keys.keys) {
                worker.buffers[index].add(key.bytes, id, key.type_bits);
            }
            worker.key_counts[index] += static_cast<std::int64_t>(worker.keys.keys.size());
            if (!covers_multikey(worker.multikey[index], worker.keys)) {
                add_multikey(worker.multikey[index], worker.keys);
            }
        }
    }
    std::size_t held = 0;
    for (const KeyBuffer& buffer : worker.buffers) {
        held += buffer.bytes_held();
    }
    return held > worker_bytes_max_ ? spill(worker) : Status{};
}

Status KeyCollector::spill(Worker& worker) {
    if (worker.file == nullptr) {
        PLUMB_TRY(file, RunFile::create(temporary_directory_));
        worker.file = std::move(file);
    }
    for (std::size_t index = 0; index < worker.buffers.size(); ++index) {
        KeyBuffer& buffer = worker.buffers[index];
        if (buffer.size() == 0) {
            continue;
        }
        buffer.sort(&abandoned_);
        if (abandoned_) {
            return {};
        }
        PLUMB_TRY(run, worker.file->write(buffer));
        worker.runs[index].push_back(run);
        buffer.clear();
    }
    return {};
}

Status KeyCollector::finish() {
    if (!filling_.ids.empty()) {
        PLUMB_CHECK(hand_over());
    }
    PLUMB_CHECK(wait_for_workers());
    stop_workers();
    if (failure_.has_value()) {
        return *failure_;
    }
    return {};
}

// Until they have sorted what they have, or the interrupt says stop.
Status KeyCollector::wait_for_workers() {
    std::unique_lock lock{mutex_};
    no_more_ = true;
    changed_.notify_all();
    while (!changed_.wait_for(lock, kInterruptPoll, [this] { return working_ == 0; })) {
        PLUMB_CHECK(interrupt_.check_now());
    }
    return {};
}

// All readers of all indexes together stay within the memory of the build.
std::size_t KeyCollector::read_buffer_bytes() const {
    std::size_t runs = 1;
    for (const auto& worker : workers_) {
        for (const auto& index_runs : worker->runs) {
            runs += index_runs.size();
        }
    }
    const std::size_t share = worker_bytes_max_ * workers_.size() / runs;
    return std::clamp(share, kReadBufferBytesMin, kReadBufferBytesMax);
}

Result<KeyMerge> KeyCollector::merge(std::size_t index) const {
    std::vector<KeySource> sources;
    const std::size_t buffer_bytes = read_buffer_bytes();
    for (const auto& worker : workers_) {
        for (const Run& run : worker->runs[index]) {
            sources.emplace_back(RunReader{worker->file->descriptor(), run, buffer_bytes});
        }
        if (worker->buffers[index].size() > 0) {
            sources.emplace_back(worker->buffers[index]);
        }
    }
    return KeyMerge::open(std::move(sources));
}

std::int64_t KeyCollector::key_count(std::size_t index) const {
    std::int64_t count = 0;
    for (const auto& worker : workers_) {
        count += worker->key_counts[index];
    }
    return count;
}

void KeyCollector::add_multikey_to(std::size_t index, IndexState& state) const {
    for (const auto& worker : workers_) {
        bson::MadeKeys met;
        met.multikey = worker->multikey[index].multikey;
        met.multikey_paths = worker->multikey[index].multikey_paths;
        add_multikey(state, met);
    }
}

}  // namespace plumb::storage
