// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/collection_state.h"

#include "bson/number.h"

namespace plumb::storage {

bool CollectionState::is_capped() const {
    return bson::truthy(options.find("capped"));
}

std::shared_ptr<const IndexState> CollectionState::find_index(std::string_view index_name) const {
    for (const auto& index : indexes) {
        if (index->spec.name == index_name) {
            return index;
        }
    }
    return nullptr;
}

}  // namespace plumb::storage
