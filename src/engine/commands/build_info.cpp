// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/limits.h"
#include "engine/commands/command_functions.h"
#include "engine/commands/service_state.h"

namespace plumb::commands {

// `version` is that of the MongoDB whose behaviour plumbd has: drivers and tools choose by it.
Status run_build_info(CommandContext& context, bson::Builder& reply) {
    reply.append("version", kMongoVersion);
    reply.append("gitVersion", kGitVersion);
    reply.begin_array("modules").end();
    reply.append("allocator", "system");
    reply.append("javascriptEngine", "none");
    reply.append("sysInfo", "deprecated");
    reply.begin_array("versionArray").push(4).push(2).push(0).push(0).end();
    reply.begin_document("openssl");
    reply.append("running", "disabled");
    reply.append("compiled", "disabled");
    reply.end();
    reply.begin_document("buildEnvironment");
    reply.append("cc", __VERSION__);
    reply.append("target_arch", "x86_64");
    reply.append("target_os", "linux");
    reply.end();
    reply.append("bits", static_cast<std::int32_t>(8 * sizeof(void*)));
    reply.append("debug", false);
    reply.append("maxBsonObjectSize", kDocumentBytesMax);
    reply.begin_array("storageEngines").push("wiredTiger").end();
    reply.begin_document("plumbd");
    reply.append("version", context.service.options.version_text);
    reply.end();
    return {};
}

}  // namespace plumb::commands
