// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a validator that a server accepted is also enforced: a document that it forbids is
// inserted and must be refused. There are engines that take a validator and look at nothing.
//
//   PLUMB_TRY(probe, probe_validator(client, "shop", "orders", validator));
//   probe.outcome == ProbeOutcome::NotEnforced
//
// What the validator forbids is asked from the server itself: documents that may be wrong in many
// ways are put into a collection of their own and searched for by {$nor: [validator]}. Writes to
// the database, so it is for copies. Nothing stays.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "client/client.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace plumb::rehearse {

enum class ProbeOutcome : std::uint8_t {
    Enforced,
    NotEnforced,
    NothingForbidden,  // no document was found that it forbids
};

struct Probe {
    ProbeOutcome outcome = ProbeOutcome::NothingForbidden;
    std::string document;  // the one that was inserted, as text
};

// errors  what the server says, but for the refusal
[[nodiscard]] Result<Probe> probe_validator(client::Client& client,
                                            std::string_view database,
                                            std::string_view collection,
                                            bson::View validator);

}  // namespace plumb::rehearse
