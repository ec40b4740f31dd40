// SPDX-License-Identifier: GPL-3.0-or-later
// Reads that begin again when an index changed between planning and opening.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "engine/exec/operation.h"

#include <utility>

namespace plumb::exec {

// How often a read begins again before its conflict is given to the caller.
inline constexpr int kReadAttemptsMax = 100;

// Runs `body`, a function that gives a Result, until it gives something else than WriteConflict;
// once inside of a transaction, whose snapshot would show the same again.
template <class Body>
[[nodiscard]] auto retry_read(Operation& operation, Body body) -> decltype(body()) {
    for (int attempt = 1;; ++attempt) {
        auto done = body();
        if (done.ok() || done.error().code() != ErrorCode::WriteConflict ||
            attempt == kReadAttemptsMax || operation.transaction != nullptr) {
            return done;
        }
        if (Status stopped = operation.interrupt.check(); !stopped.ok()) {
            return std::move(stopped).error();
        }
    }
}

}  // namespace plumb::exec
