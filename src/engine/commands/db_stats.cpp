// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/command_functions.h"
#include "engine/commands/service_state.h"
#include "engine/commands/table_sizes.h"

#include <filesystem>
#include <limits>
#include <system_error>

namespace plumb::commands {

Status run_db_stats(CommandContext& context, bson::Builder& reply) {
    PLUMB_TRY(scale, parse_scale(context.command.find("scale")));
    PLUMB_TRY(sizes, database_sizes_of(context.service.engine, context.database()));
    const auto by = static_cast<double>(scale);
    reply.append("db", context.database());
    reply.append("collections", sizes.collections);
    reply.append("views", sizes.views);
    if (sizes.documents > std::numeric_limits<std::int32_t>::max()) {
        reply.append("objects", sizes.documents);
    } else {
        reply.append("objects", static_cast<std::int32_t>(sizes.documents));
    }
    reply.append("avgObjSize",
                 sizes.documents == 0 ? 0.0
                                      : static_cast<double>(sizes.data_bytes) /
                                            static_cast<double>(sizes.documents));
    reply.append("dataSize", static_cast<double>(sizes.data_bytes) / by);
    reply.append("storageSize", static_cast<double>(sizes.storage_bytes) / by);
    reply.append("numExtents", 0);
    reply.append("indexes", sizes.indexes);
    reply.append("indexSize", static_cast<double>(sizes.index_bytes) / by);
    reply.append("scaleFactor", by);
    std::error_code failed;
    const auto space = std::filesystem::space(context.service.options.data_directory, failed);
    if (!failed) {
        reply.append("fsUsedSize", static_cast<double>(space.capacity - space.free) / by);
        reply.append("fsTotalSize", static_cast<double>(space.capacity) / by);
    }
    return {};
}

}  // namespace plumb::commands
