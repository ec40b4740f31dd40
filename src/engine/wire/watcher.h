// SPDX-License-Identifier: GPL-3.0-or-later
// Looks after connections while their own threads are busy or blocked: tells when a client has hung
// up although its operation still runs, and cuts those who do not say anything in time.
//
//   watcher.add(id, socket, kGreetingTime);   // a first message must come by then
//   watcher.greeted(id);                      // it came
//   const bool late = watcher.remove(id);     // before the socket goes
//
// Threads  from any thread; `on_hang_up` is called from the watcher's own.
#pragma once

#include "base/result.h"
#include "engine/wire/socket.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

namespace plumb::wire {

class Watcher {
  public:
    // Called within a few milliseconds after the client's end of a connection is closed, and again
    // every kAgain until the connection is removed: an operation may begin after the first call.
    using OnHangUp = std::function<void(std::int64_t id)>;
    static constexpr std::chrono::milliseconds kAgain{20};

    // errors  IoError if the system has no descriptor for it
    [[nodiscard]] static Result<std::unique_ptr<Watcher>> start(OnHangUp on_hang_up);
    virtual ~Watcher() = default;

    // `socket` stays until remove(); it is shut down if greeted() is not called in time.
    virtual void add(std::int64_t id, const Socket& socket, std::chrono::milliseconds limit) = 0;
    virtual void greeted(std::int64_t id) = 0;
    // True if the connection was cut because its time was up.
    virtual bool remove(std::int64_t id) = 0;
};

}  // namespace plumb::wire
