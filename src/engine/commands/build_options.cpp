// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/build_options.h"

namespace plumb::commands {

storage::BuildOptions build_options(const ServiceState& service, RunningOperation& running) {
    constexpr std::int64_t kMegabyte = 1024 * 1024;
    storage::BuildOptions options;
    options.memory_bytes = service.settings.index_build_megabytes.load() * kMegabyte;
    BuildWatch& watch = running.build;
    options.on_progress = [&watch](const storage::BuildProgress& progress) { watch.set(progress); };
    return options;
}

}  // namespace plumb::commands
