// SPDX-License-Identifier: GPL-3.0-or-later
// Several files of records, each sorted by its keys, read as one.
//
// Order    by key (memcmp); of equal keys, the record of the earlier file first
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "engine/query/spill.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace plumb::query {

class SpillMerge {
  public:
    // Takes the files over; rewinds them all.
    [[nodiscard]] Status open(std::vector<SpillFile> files);
    // The next record of all, valid until the next call; nothing at the end.
    [[nodiscard]] Result<std::optional<SpillFile::Record>> next();

  private:
    [[nodiscard]] Status advance(std::size_t file);
    [[nodiscard]] bool comes_later(std::size_t a, std::size_t b) const;

    std::vector<SpillFile> files_;
    std::vector<SpillFile::Record> records_;  // the next one of each file
    std::vector<std::size_t> heap_;           // files that have one, the least on top
    std::optional<std::size_t> given_;        // whose record the caller has
};

}  // namespace plumb::query
