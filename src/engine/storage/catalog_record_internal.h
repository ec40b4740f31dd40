// SPDX-License-Identifier: GPL-3.0-or-later
// A collection's record in the catalog table, as BSON.
//
// Format   docs/formats/data_directory.md "Catalog"
// Threads  pure functions.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "engine/storage/collection_state.h"

namespace plumb::storage {

[[nodiscard]] bson::Document encode_catalog_record(const CollectionState& state);

// errors  DataVersionMismatch if a field is missing or of another type
[[nodiscard]] Result<CollectionState> decode_catalog_record(bson::View record);

}  // namespace plumb::storage
