// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of a sort that do not fit its memory: written to files in order, and merged.
//
//   PLUMB_CHECK(spill.begin_file(folder));      // for each time the memory is full
//   PLUMB_CHECK(spill.append(key, row));        // rows in order of their keys, then of their ids
//   PLUMB_CHECK(spill.start_reading());
//   PLUMB_TRY(more, spill.next(row));
//
// Threads  one thread.
#pragma once

#include "engine/exec/row.h"
#include "engine/query/spill.h"
#include "engine/query/spill_merge.h"

#include <string>
#include <string_view>
#include <vector>

namespace plumb::exec {

class RowSpill {
  public:
    // errors (all)  OutOfDiskSpace, IoError
    [[nodiscard]] Status begin_file(const std::string& folder);
    [[nodiscard]] Status append(std::string_view key, const Row& row);
    [[nodiscard]] Status start_reading();
    // True and the next row of all files, valid until the next call; false at the end. Of equal
    // keys the lesser record id comes first.
    [[nodiscard]] Result<bool> next(Row& row);

  private:
    std::vector<query::SpillFile> files_;
    query::SpillMerge merge_;
    std::string bytes_;  // of the record being written
};

}  // namespace plumb::exec
