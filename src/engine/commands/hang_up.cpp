// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/hang_up.h"

#include "engine/commands/command.h"
#include "engine/commands/service_state.h"

namespace plumb::commands {

namespace {

bool stops_with_its_client(const RunningOperation& operation) {
    const CommandRow* row =
        operation.command.empty() ? nullptr : find_command(operation.command.front().name);
    return row != nullptr &&
           (row->latency == Latency::Reads || row->action == Action::Explain ||
            row->action == Action::CreateIndex || row->action == Action::Validate);
}

}  // namespace

void interrupt_for_hang_up(ServiceState& state, std::int64_t connection_id) {
    state.operations.for_each([&](const RunningOperation& operation) {
        if (operation.client->connection_id == connection_id && stops_with_its_client(operation)) {
            operation.interrupt->kill(ErrorCode::Interrupted);
        }
    });
}

}  // namespace plumb::commands
