// SPDX-License-Identifier: GPL-3.0-or-later
// Sorts documents by keys that compare as bytes: in memory, or over files when that is not enough.
// Stable: documents of equal keys keep their order.
//
//   PLUMB_CHECK(sorter.add(key, document.raw()));   // for each
//   PLUMB_CHECK(sorter.finish());
//   PLUMB_TRY(document, sorter.next());
//
// Memory   at most `memory_bytes`, counted with the bookkeeping; a limit keeps only what it needs
// Threads  one thread.
#pragma once

#include "base/arena.h"
#include "base/interrupt.h"
#include "base/result.h"
#include "engine/query/spill.h"
#include "engine/query/spill_merge.h"
#include "engine/query/stage.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace plumb::query {

class Sorter {
  public:
    // `context` outlives the sorter and says how much memory there is and where files go.
    explicit Sorter(const PipelineContext& context) : context_(context) {}

    // Only the first `limit` documents are wanted.
    void set_limit(std::int64_t limit) { limit_ = limit; }
    // Forgets everything but the limit.
    void restart();

    // errors  16819 (16820 with a limit) if the memory is exceeded and files are not allowed; the
    //         interrupt's
    [[nodiscard]] Status add(std::string_view key, std::string_view bytes);
    [[nodiscard]] Status finish();
    // The next bytes in order, valid until the next call; nothing at the end.
    [[nodiscard]] Result<std::optional<std::string_view>> next();

  private:
    struct Entry {
        std::string_view key;
        std::string_view bytes;
    };
    [[nodiscard]] std::int64_t bytes_used() const;
    // Each asks the interrupt between pieces of some milliseconds.
    [[nodiscard]] Status sort();
    // Forgets what lies behind the limit.
    [[nodiscard]] Status cut();
    [[nodiscard]] Status spill();
    [[nodiscard]] Status check_interrupt() const;

    const PipelineContext& context_;
    std::optional<std::int64_t> limit_;
    std::vector<Entry> entries_;
    Arena arena_;
    std::optional<std::string_view> worst_;  // a key that is in nobody's interest any more
    std::vector<SpillFile> files_;
    SpillMerge merge_;
    bool merging_ = false;
    std::size_t given_ = 0;
    std::int64_t left_ = 0;
};

}  // namespace plumb::query
