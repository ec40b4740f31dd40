// SPDX-License-Identifier: GPL-3.0-or-later
// The logical clock of a replica set: it rises with each write and never goes back, and drivers
// carry it from reply to request, so that a causally consistent session reads what it wrote.
//
//   clock.tick();                                  // a write was done
//   PLUMB_CHECK(clock.receive(command));           // the request's $clusterTime
//   clock.append_to(reply);                        // $clusterTime and operationTime
//
// Source   MongoDB driver specification "Causal Consistency"
// Threads  from any thread.
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "bson/builder.h"
#include "bson/value.h"

#include <atomic>
#include <cstdint>

namespace plumb::commands {

class ClusterTime {
  public:
    explicit ClusterTime(const Clock& clock);

    // Moves on, at least to the present second.
    void tick();
    // Takes over the time that a client has seen elsewhere, from its $clusterTime.
    //   errors  212 for one more than a year ahead; TypeMismatch
    [[nodiscard]] Status receive(bson::View command);

    [[nodiscard]] bson::Timestamp now() const;
    // The time of the last write.
    [[nodiscard]] bson::Timestamp last_write() const;
    void append_to(bson::Builder& reply) const;

  private:
    void advance_to(std::uint64_t time);
    // Seconds in the upper half, a counter in the lower.
    const Clock& clock_;
    std::atomic<std::uint64_t> now_;
    std::atomic<std::uint64_t> last_write_;
};

}  // namespace plumb::commands
