// SPDX-License-Identifier: GPL-3.0-or-later
// Who may be in a collection: users (any operation that holds it open), writers (transactions that
// have written to it), and one who wants it alone (drop, rename, index changes).
//
// A user may come twice in one thread (a self-join), so somebody who waits to be alone may hold new
// users off for moments only: else the second visit would wait for the first to end.
//
// Threads  from any thread; enter and leave may be on different threads.
#pragma once

#include "base/interrupt.h"
#include "base/result.h"

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace plumb::storage {

class CollectionGate {
  public:
    void enter();
    void leave();

    // Waits until no user and no writer is inside, and keeps them out.
    //   errors  what `interrupt` says, if it is not null: the gate is as it was then
    [[nodiscard]] Status enter_alone(Interrupt* interrupt);
    // The same, giving up after a moment; false if it did.
    [[nodiscard]] bool try_enter_alone();
    void leave_alone();

    // Does not wait: a transaction that waited here would keep its snapshot, and WiredTiger all the
    // versions that it could still ask for.
    //   errors  WriteConflict while writers are kept out or held back: roll back and try again
    [[nodiscard]] Status enter_writer();
    void leave_writer();

    // Keeps new writers out and waits until those inside are gone; users come and go. Who comes
    // while another keeps them out waits for that one first.
    //   errors  what `interrupt` says: the gate is open again then
    [[nodiscard]] Status close_to_writers(Interrupt& interrupt);
    void open_to_writers();

    // New writers are refused while this is on; those inside go on.
    void hold_writers_back(bool on);

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int users_ = 0;
    int writers_ = 0;
    bool alone_ = false;
    bool users_held_off_ = false;
    bool writers_shut_out_ = false;
    bool writers_held_back_ = false;
};

// Leaves at the end of a scope a gate that was entered alone.
class AloneGuard {
  public:
    explicit AloneGuard(CollectionGate& gate) : gate_(gate) {}
    AloneGuard(const AloneGuard&) = delete;
    AloneGuard& operator=(const AloneGuard&) = delete;
    ~AloneGuard() { gate_.leave_alone(); }

  private:
    CollectionGate& gate_;
};

}  // namespace plumb::storage
