// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/row_sort_key.h"

namespace plumb::exec {

Status RowSortKey::make(const Row& row, std::string& out) {
    if (!pattern_) {
        PLUMB_TRY(pattern, query::SortPattern::parse(spec_));
        pattern_.emplace(std::move(pattern));
    }
    if (row.has_document) {
        return pattern_->make_key(row.document, out);
    }
    PLUMB_TRY(document, key_document_.decode(row));
    return pattern_->make_key(document, out);
}

}  // namespace plumb::exec
