// SPDX-License-Identifier: GPL-3.0-or-later
// How fast data operations go: a rate limit, and pauses while the members of a replica set lag.
//
//   Pace pace{deployment, OnInterrupt::Stop};
//   PLUMB_CHECK(pace.after(1000));     // sleeps as long as the rate and the lag ask for
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "tool/migrate/deployment/deployment.h"

#include <chrono>
#include <cstdint>
#include <optional>

namespace plumb::migrate {

// With a member further behind than this, a data operation waits.
inline constexpr std::chrono::seconds kLagAllowed{10};

class Pace {
  public:
    // `interruptible`: Ctrl-C ends a pause with Interrupted; false on the way back.
    Pace(const Deployment& deployment, bool interruptible)
        : deployment_(deployment),
          interruptible_(interruptible),
          started_(deployment.clock.monotonic()) {}

    // Called after so many documents more were changed.
    //   errors  Interrupted
    [[nodiscard]] Status after(std::int64_t documents);

    // Documents so far and how many a second that is.
    [[nodiscard]] std::int64_t documents() const { return documents_; }
    [[nodiscard]] double per_second() const;

  private:
    [[nodiscard]] Status sleep(std::chrono::nanoseconds span);
    [[nodiscard]] Status wait_for_members();

    const Deployment& deployment_;
    bool interruptible_;
    std::chrono::nanoseconds started_;
    std::chrono::nanoseconds lag_seen_{0};
    bool has_members_ = true;  // until the server says otherwise
    std::int64_t documents_ = 0;
};

// How far the slowest member that holds data is behind the primary, from a reply of
// replSetGetStatus; nothing if that does not say.
[[nodiscard]] std::optional<std::chrono::seconds> replication_lag(bson::View status);

}  // namespace plumb::migrate
