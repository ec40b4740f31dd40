// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/key_merge_internal.h"

#include <utility>

namespace plumb::storage {

Result<bool> KeySource::next() {
    if (buffer_ != nullptr) {
        if (index_ == buffer_->size()) {
            return false;
        }
        key_ = buffer_->at(index_++);
        return true;
    }
    PLUMB_TRY(found, reader_->next());
    key_ = reader_->key();
    return found;
}

Result<KeyMerge> KeyMerge::open(std::vector<KeySource> sources) {
    KeyMerge merge;
    merge.sources_ = std::move(sources);
    for (std::size_t source = 0; source < merge.sources_.size(); ++source) {
        PLUMB_TRY(found, merge.sources_[source].next());
        if (found) {
            merge.heap_.push_back(source);
        }
    }
    for (std::size_t at = merge.heap_.size(); at > 0; --at) {
        merge.sift_down(at - 1);
    }
    return merge;
}

void KeyMerge::sift_down(std::size_t at) {
    for (;;) {
        std::size_t smallest = at;
        for (const std::size_t child : {2 * at + 1, 2 * at + 2}) {
            if (child < heap_.size() && is_less(heap_[child], heap_[smallest])) {
                smallest = child;
            }
        }
        if (smallest == at) {
            return;
        }
        std::swap(heap_[at], heap_[smallest]);
        at = smallest;
    }
}

Result<bool> KeyMerge::next() {
    if (!is_started_) {
        is_started_ = true;
        return !heap_.empty();
    }
    if (heap_.empty()) {
        return false;
    }
    PLUMB_TRY(found, sources_[heap_.front()].next());
    if (!found) {
        heap_.front() = heap_.back();
        heap_.pop_back();
    }
    sift_down(0);
    return !heap_.empty();
}

}  // namespace plumb::storage
