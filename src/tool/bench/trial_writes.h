// SPDX-License-Identifier: GPL-3.0-or-later
// The writes of a trial: which fields are updated, with which values, and what is inserted and
// deleted. Made from documents of the collection itself.
//
// Threads  one thread.
#pragma once

#include "bson/document.h"
#include "project/index_definition.h"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::bench {

// Sets one field of some documents to another of the values that the collection has for it.
class FieldUpdates {
  public:
    FieldUpdates() = default;
    // `field` empty, or with fewer than two values in `documents`: none.
    FieldUpdates(std::string field, const std::vector<bson::Document>& documents);

    [[nodiscard]] bool empty() const { return values_.size() < 2; }
    [[nodiscard]] const std::string& field() const { return field_; }

    // The next update command; each changes the value. requires !empty()
    [[nodiscard]] bson::Document next(std::string_view collection);

  private:
    struct Target {
        bson::Value id;
        std::size_t value = 0;  // that it has now
    };
    std::string field_;
    std::vector<bson::Value> values_;
    std::vector<Target> targets_;
    std::size_t turn_ = 0;
};

// Inserts copies of documents under new `_id`s and deletes them a while later.
class InsertsAndDeletes {
  public:
    InsertsAndDeletes() = default;
    // Texts in `unique_fields` get an ending of their own.
    InsertsAndDeletes(std::vector<bson::Document> documents, std::vector<std::string> unique_fields)
        : documents_(std::move(documents)), unique_fields_(std::move(unique_fields)) {}

    [[nodiscard]] bson::Document insert(std::string_view collection);
    // Deletes what was inserted first and is still there. requires inserted() > 0
    [[nodiscard]] bson::Document remove(std::string_view collection);
    [[nodiscard]] std::size_t inserted() const { return ids_.size(); }

  private:
    std::vector<bson::Document> documents_;
    std::vector<std::string> unique_fields_;
    std::deque<bson::Value> ids_;
    std::uint64_t turn_ = 0;
};

// The field that most of these indexes hold and that can be updated: not `_id`, no path, in no
// unique index, with two values or more in `documents`. Empty if there is none.
[[nodiscard]] std::string most_indexed_field(const std::vector<project::IndexDefinition>& indexes,
                                             const std::vector<bson::Document>& documents);
// A field of the documents that none of these indexes holds; empty if there is none.
[[nodiscard]] std::string unindexed_field(const std::vector<project::IndexDefinition>& indexes,
                                          const std::vector<bson::Document>& documents);

}  // namespace plumb::bench
