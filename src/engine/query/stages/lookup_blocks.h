// SPDX-License-Identifier: GPL-3.0-or-later
// The other side of a $lookup that no index serves and that is too large for a table: each pass
// over it serves a block of the documents of this side, found by the hash of their keys.
//
// Blocks grow from pass to pass, so that a $limit behind the stage does not pay for documents that
// it never asks for. A block whose matches do not fit is halved and passed again.
//
// Memory   the block and its matches, about what the constructor is told
// Source   block hash join: Garcia-Molina, Ullman, Widom: Database Systems, chapter 15
// Threads  one thread.
#pragma once

#include "base/interrupt.h"
#include "bson/index_key.h"
#include "engine/query/stage.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace plumb::query {

class LookupBlocks {
  public:
    // What is asked of the other side for one document of this side.
    struct Question {
        bson::Document filter;                // the field equal to one of …
        std::vector<bson::ValueView> values;  // … these, views into the document
    };
    struct Sides {
        DocumentSource& local;
        std::function<Question(bson::View)> ask;
        std::function<Result<std::unique_ptr<DocumentSource>>()> open_foreign;
    };
    struct Answered {
        bson::Document document;
        std::vector<bson::Document> matches;  // in the order in which they were read
        bool too_many = false;  // the matches of this one alone do not fit: not collected
    };

    // Nothing if no index could have the field (such as "a.$b").
    [[nodiscard]] static std::optional<LookupBlocks> make(std::string_view field,
                                                          std::int64_t memory_bytes,
                                                          Interrupt* interrupt);

    // A document of this side that was read already and comes first.
    void put_first(bson::View document) { waiting_.emplace_back(document); }

    // The next document of this side with what belongs to it; null at the end. Valid until the next
    // call.
    [[nodiscard]] Result<Answered*> next(const Sides& sides);

    // Forgets all documents.
    void clear();

  private:
    LookupBlocks(bson::KeyMaker maker, std::int64_t memory_bytes, Interrupt* interrupt)
        : maker_(std::move(maker)), memory_bytes_(memory_bytes), interrupt_(interrupt) {}

    // Fills answered_, unless this side is at its end.
    [[nodiscard]] Status answer_block(const Sides& sides);
    [[nodiscard]] Status read_block(const Sides& sides);
    // Answers the first `count` of those that wait; false if their matches do not fit.
    [[nodiscard]] Result<bool> pass(const Sides& sides, std::size_t count);

    bson::KeyMaker maker_;
    bson::MadeKeys keys_;  // reused
    std::int64_t memory_bytes_;
    Interrupt* interrupt_;
    std::size_t block_documents_ = 256;
    bool grows_ = true;  // until a block did not fit
    std::deque<bson::Document> waiting_;
    std::deque<Answered> answered_;
    bool given_ = false;  // the front of answered_ was handed out
};

}  // namespace plumb::query
