// SPDX-License-Identifier: GPL-3.0-or-later
// How a command builds indexes: the memory that the setting maxIndexBuildMemoryUsageMegabytes
// allows, and its progress where currentOp looks for it.
//
// Threads  pure; the options report from the build's threads.
#pragma once

#include "engine/commands/operation_registry.h"
#include "engine/commands/service_state.h"
#include "engine/storage/engine.h"

namespace plumb::commands {

// `running` must outlive the build.
[[nodiscard]] storage::BuildOptions build_options(const ServiceState& service,
                                                  RunningOperation& running);

}  // namespace plumb::commands
