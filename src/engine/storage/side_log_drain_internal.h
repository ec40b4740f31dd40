// SPDX-License-Identifier: GPL-3.0-or-later
// Applies to freshly loaded indexes what writers left in the side log meanwhile.
//
// Numbers that are not there when their neighbours are belong to writers that have not committed
// yet, or never will; each pass looks for them again.
//
// Writers that are faster than the drain are held back at the collection's gate, so that what is
// left when they are kept out altogether is little.
//
// A unique key may be met twice on the way, when the entry that frees it comes later: it waits in
// memory for that. Who still waits when all entries are applied is a duplicate.
//
// Threads  one thread; writers may add to the side log at the same time.
#pragma once

#include "base/interrupt.h"
#include "base/result.h"
#include "engine/storage/session_pool_internal.h"
#include "engine/storage/side_log_internal.h"

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace plumb::storage {

class SideLogDrain {
  public:
    SideLogDrain(SessionPool& pool,
                 CollectionGate& gate,
                 const SideLog& log,
                 const std::vector<std::shared_ptr<const IndexState>>& indexes)
        : pool_(pool), gate_(gate), log_(log), indexes_(indexes) {}
    SideLogDrain(const SideLogDrain&) = delete;
    SideLogDrain& operator=(const SideLogDrain&) = delete;
    ~SideLogDrain() { gate_.hold_writers_back(false); }

    // One pass over what is there when it begins; tells how many entries it applied.
    [[nodiscard]] Result<std::int64_t> pass(Interrupt& interrupt);

    // requires that no writer is left and pass() has been called since. errors: DuplicateKey if a
    // key still waits
    [[nodiscard]] Status check_nothing_waits(std::string_view ns) const;

  private:
    struct WaitingKey {
        RecordId id;
        std::string type_bits;
    };
    using Place = std::pair<std::uint32_t, std::string>;  // index, key

    // One transaction: how many entries it applied, and whether there were more.
    struct Step {
        std::int64_t applied = 0;
        bool is_last = false;
    };
    [[nodiscard]] Result<std::int64_t> apply_late_ones(Interrupt& interrupt);
    [[nodiscard]] Result<Step> apply_next(Interrupt& interrupt);
    [[nodiscard]] Status apply_at(SessionHandle& session, WtCursor& log);
    [[nodiscard]] Status apply(SessionHandle& session, const SideEntry& entry);
    [[nodiscard]] Status insert_unique(WtCursor& cursor, const SideEntry& entry);
    [[nodiscard]] Status remove_unique(WtCursor& cursor, const SideEntry& entry);
    bool stop_waiting(const SideEntry& entry);
    void pace_writers();

    SessionPool& pool_;
    CollectionGate& gate_;
    const SideLog& log_;
    const std::vector<std::shared_ptr<const IndexState>>& indexes_;
    std::int64_t last_number_ = 0;    // the highest one applied
    std::set<std::int64_t> missing_;  // lower ones that were not there
    bool writers_held_back_ = false;
    std::map<Place, std::vector<WaitingKey>> waiting_;
};

}  // namespace plumb::storage
