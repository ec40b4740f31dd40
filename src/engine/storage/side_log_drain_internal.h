// SPDX-License-Identifier: GPL-3.0-or-later
// Applies to freshly loaded indexes what writers left in the side log meanwhile.
//
// A unique key may be met twice on the way, when the entry that frees it comes later: it waits in
// memory for that. Who still waits when all entries are applied is a duplicate.
//
// Threads  one thread; writers may add to the side log at the same time.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/interrupt.h"
#include "base/result.h"
#include "engine/storage/session_pool_internal.h"
#include "engine/storage/side_log_internal.h"

namespace plumb::storage {

class SideLogDrain {
  public:
    SideLogDrain(SessionPool& pool,
                 const SideLog& log,
                 const std::vector<std::shared_ptr<const IndexState>>& indexes)
        : pool_(pool), log_(log), indexes_(indexes) {}

    // One pass over what is there now; tells how many entries it applied.
    [[nodiscard]] Result<std::int64_t> pass(Interrupt& interrupt);

    // requires that no entry is left. errors: DuplicateKey if a key still waits
    [[nodiscard]] Status check_nothing_waits(std::string_view ns) const;

  private:
    struct WaitingKey {
        RecordId id;
        std::string type_bits;
    };
    using Place = std::pair<std::uint32_t, std::string>;  // index, key

    [[nodiscard]] Result<std::int64_t> apply_some(Interrupt& interrupt);
    [[nodiscard]] Status apply(SessionHandle& session, const SideEntry& entry);
    [[nodiscard]] Status insert_unique(WtCursor& cursor, const SideEntry& entry);
    [[nodiscard]] Status remove_unique(WtCursor& cursor, const SideEntry& entry);
    bool stop_waiting(const SideEntry& entry);

    SessionPool& pool_;
    const SideLog& log_;
    const std::vector<std::shared_ptr<const IndexState>>& indexes_;
    std::map<Place, std::vector<WaitingKey>> waiting_;
};

}  // namespace plumb::storage
