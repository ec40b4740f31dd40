// SPDX-License-Identifier: GPL-3.0-or-later
// Tables that nobody needs any more. WiredTiger refuses to drop a table while any session has a
// cursor on it, even an idle one; such a table waits and is tried again. What is left at the end of
// the process is dropped at the next start, for no catalog record names it.
//
// Threads  from any thread.
#pragma once

#include "base/result.h"
#include "engine/storage/session_pool_internal.h"

#include <mutex>
#include <string>
#include <vector>

namespace plumb::storage {

class TableDrops {
  public:
    explicit TableDrops(SessionPool& pool) : pool_(pool) {}

    // requires that no operation can find the tables any more
    void add(std::vector<std::string> uris);
    // Tries all that wait; those still in use go on waiting.
    void sweep();
    [[nodiscard]] std::size_t waiting() const;

    // Drops all numbered tables in the directory but those named. At open only.
    [[nodiscard]] Status drop_orphans(const std::vector<std::string>& in_use);

  private:
    SessionPool& pool_;
    std::mutex sweep_mutex_;
    mutable std::mutex mutex_;
    std::vector<std::string> waiting_;
};

}  // namespace plumb::storage
