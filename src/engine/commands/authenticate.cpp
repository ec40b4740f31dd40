// SPDX-License-Identifier: GPL-3.0-or-later
// authenticate: MONGODB-X509 and the old MONGODB-CR, which there is neither of.
#include "engine/commands/command_functions.h"
#include "engine/commands/fields.h"

#include <fmt/format.h>

namespace plumb::commands {

Status run_authenticate(CommandContext& context, bson::Builder&) {
    return fail(ErrorCode::BadValue,
                fmt::format("plumbd does not know the mechanism {}; log in with SCRAM-SHA-256 or "
                            "SCRAM-SHA-1",
                            string_or(context.command, "mechanism", "MONGODB-CR")));
}

}  // namespace plumb::commands
