// SPDX-License-Identifier: GPL-3.0-or-later
// What a run did, counted while it works.
//
// Threads  a value type.
#pragma once

#include "tool/migrate/ledger/ledger_record.h"

#include <cstdint>
#include <string>

namespace plumb::migrate {

struct Outcome {
    int version = 0;
    std::string name;
    State state = State::Applied;
    int created = 0;  // indexes
    int existed = 0;
    int dropped = 0;
    int steps = 0;               // other things done: collections, options, data operations
    std::int64_t documents = 0;  // changed by data operations
    std::int64_t left = 0;       // that could not be decided and were left
    std::int64_t ms = 0;
    bool resumed = false;  // an earlier run had not ended
    bool nothing_to_do = false;

    [[nodiscard]] bool changes_nothing() const {
        return created == 0 && dropped == 0 && steps == 0;
    }
};

}  // namespace plumb::migrate
