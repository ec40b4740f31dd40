// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/stages/document_list.h"

namespace plumb::query {

Status DocumentList::add(bson::View document) {
    if (!file_ && static_cast<std::int64_t>(arena_.bytes_held()) > context_.memory_bytes) {
        if (context_.host == nullptr) {
            return fail(ErrorCode::ExceededMemoryLimit, "the input of $facet exceeds its memory");
        }
        PLUMB_TRY(file, SpillFile::create(context_.host->spill_folder()));
        file_.emplace(std::move(file));
    }
    if (file_) {
        return file_->append({}, document.raw());
    }
    documents_.push_back(arena_.copy(document.raw()));
    return {};
}

void DocumentList::restart() {
    documents_.clear();
    arena_.reset();
    file_.reset();
    given_ = 0;
}

Status DocumentList::rewind() {
    given_ = 0;
    return file_ ? file_->rewind() : Status{};
}

Result<std::optional<bson::View>> DocumentList::next() {
    std::optional<bson::View> out;
    if (given_ < documents_.size()) {
        out = bson::View{documents_[given_++]};
    } else if (file_) {
        PLUMB_TRY(record, file_->next());
        if (record) {
            out = bson::View{record->bytes};
        }
    }
    return out;
}

}  // namespace plumb::query
