// SPDX-License-Identifier: GPL-3.0-or-later
// What running stages hand to each other: a record, as a document or as the index entry that led to
// it.
//
// Threads  value types.
#pragma once

#include "bson/document.h"
#include "engine/storage/ids.h"
#include "engine/storage/index_spec.h"

#include <string>
#include <string_view>

namespace plumb::exec {

// Points into a storage page or into its stage, and is valid until that stage's next call.
struct Row {
    storage::RecordId id;
    bool has_id = false;  // false for a document that a projection made
    bool has_document = false;
    bson::View document;
    // Where the row came from an index and has no document: the entry.
    const storage::IndexState* index = nullptr;  // not owned: the plan's
    std::string_view key;
    std::string_view type_bits;
};

// A row that keeps its bytes.
class OwnedRow {
  public:
    OwnedRow() = default;
    explicit OwnedRow(const Row& row);

    // Valid while this row stays where it is.
    [[nodiscard]] Row view() const;
    [[nodiscard]] storage::RecordId id() const { return id_; }
    // For memory limits.
    [[nodiscard]] std::size_t bytes() const;

  private:
    storage::RecordId id_;
    bool has_id_ = false;
    bool has_document_ = false;
    std::string document_;
    const storage::IndexState* index_ = nullptr;
    std::string key_;
    std::string type_bits_;
};

}  // namespace plumb::exec
