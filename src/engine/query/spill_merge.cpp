// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/spill_merge.h"

#include <algorithm>

namespace plumb::query {

bool SpillMerge::comes_later(std::size_t a, std::size_t b) const {
    const int order = records_[a].key.compare(records_[b].key);
    return order != 0 ? order > 0 : a > b;
}

Status SpillMerge::advance(std::size_t file) {
    PLUMB_TRY(record, files_[file].next());
    if (record) {
        records_[file] = *record;
        heap_.push_back(file);
        std::push_heap(heap_.begin(), heap_.end(), [this](std::size_t a, std::size_t b) {
            return comes_later(a, b);
        });
    }
    return {};
}

Status SpillMerge::open(std::vector<SpillFile> files) {
    files_ = std::move(files);
    records_.resize(files_.size());
    for (std::size_t file = 0; file < files_.size(); ++file) {
        PLUMB_CHECK(files_[file].rewind());
        PLUMB_CHECK(advance(file));
    }
    return {};
}

Result<std::optional<SpillFile::Record>> SpillMerge::next() {
    if (given_) {
        PLUMB_CHECK(advance(*given_));
        given_.reset();
    }
    if (heap_.empty()) {
        return std::optional<SpillFile::Record>{};
    }
    std::pop_heap(heap_.begin(), heap_.end(), [this](std::size_t a, std::size_t b) {
        return comes_later(a, b);
    });
    given_ = heap_.back();
    heap_.pop_back();
    return std::optional{records_[*given_]};
}

}  // namespace plumb::query
