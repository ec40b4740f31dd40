// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/command_functions.h"
#include "engine/commands/service_state.h"
#include "engine/commands/system_info.h"

namespace plumb::commands {

Status run_host_info(CommandContext& context, bson::Builder& reply) {
    const Machine here = machine();
    constexpr std::int64_t kMegabyte = 1024 * 1024;
    reply.begin_document("system");
    reply.append("currentTime", bson::Date{context.service.clock.now().count()});
    reply.append("hostname", context.service.host);
    reply.append("cpuAddrSize", static_cast<std::int32_t>(8 * sizeof(void*)));
    reply.append("memSizeMB", here.memory_bytes / kMegabyte);
    reply.append("numCores", here.cores);
    reply.append("cpuArch", here.architecture);
    reply.append("numaEnabled", false);
    reply.end();
    reply.begin_document("os");
    reply.append("type", "Linux");
    reply.append("name", here.system);
    reply.append("version", here.kernel);
    reply.end();
    reply.begin_document("extra");
    reply.append("kernelVersion", here.kernel);
    reply.append("pageSize", here.page_bytes);
    reply.end();
    return {};
}

}  // namespace plumb::commands
