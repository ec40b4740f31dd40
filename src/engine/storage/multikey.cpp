// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/multikey_internal.h"

#include <algorithm>

namespace plumb::storage {

bool covers_multikey(const IndexState& index, const bson::MadeKeys& keys) {
    if (!keys.multikey) {
        return true;
    }
    if (!index.multikey || index.multikey_paths.size() < keys.multikey_paths.size()) {
        return false;
    }
    for (std::size_t field = 0; field < keys.multikey_paths.size(); ++field) {
        const auto& known = index.multikey_paths[field];
        for (const std::uint32_t component : keys.multikey_paths[field]) {
            if (std::find(known.begin(), known.end(), component) == known.end()) {
                return false;
            }
        }
    }
    return true;
}

void add_multikey(IndexState& index, const bson::MadeKeys& keys) {
    if (!keys.multikey) {
        return;
    }
    index.multikey = true;
    index.multikey_paths.resize(std::max(index.multikey_paths.size(), keys.multikey_paths.size()));
    for (std::size_t field = 0; field < keys.multikey_paths.size(); ++field) {
        auto& known = index.multikey_paths[field];
        known.insert(
            known.end(), keys.multikey_paths[field].begin(), keys.multikey_paths[field].end());
        std::sort(known.begin(), known.end());
        known.erase(std::unique(known.begin(), known.end()), known.end());
    }
}

}  // namespace plumb::storage
