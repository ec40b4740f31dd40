// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/command_functions.h"
#include "engine/commands/explain_reply.h"
#include "engine/commands/fields.h"
#include "engine/commands/service_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace plumb::commands {

namespace {

struct VerbosityRow {
    std::string_view name;
    exec::Verbosity verbosity;
};
constexpr auto kVerbosities = std::to_array<VerbosityRow>({
    {"allPlansExecution", exec::Verbosity::AllPlansExecution},
    {"executionStats", exec::Verbosity::ExecutionStats},
    {"queryPlanner", exec::Verbosity::QueryPlanner},
});

Result<exec::Verbosity> parse_verbosity(bson::ValueView value) {
    if (value.missing()) {
        return exec::Verbosity::AllPlansExecution;
    }
    if (value.type() != bson::Type::String) {
        return fail(ErrorCode::FailedToParse, "explain verbosity must be a string");
    }
    const auto row = std::ranges::find(kVerbosities, value.as_string(), &VerbosityRow::name);
    if (row == kVerbosities.end()) {
        return fail(ErrorCode::FailedToParse,
                    "verbosity string must be one of {'queryPlanner', 'executionStats', "
                    "'allPlansExecution'}");
    }
    return row->verbosity;
}

}  // namespace

void append_explained(const ServiceState& service, bson::View explained, bson::Builder& reply) {
    reply.append_all(explained);
    if (explained.has("stages")) {
        return;
    }
    reply.begin_document("serverInfo");
    reply.append("host", service.host);
    reply.append("port", static_cast<std::int32_t>(service.options.port));
    reply.append("version", kMongoVersion);
    reply.append("gitVersion", kGitVersion);
    reply.end();
}

Status run_explain(CommandContext& context, bson::Builder& reply) {
    PLUMB_TRY(verbosity, parse_verbosity(context.command.find("verbosity")));
    const bson::ValueView explained = context.command.front().value;
    if (explained.type() != bson::Type::Document) {
        return fail(ErrorCode::FailedToParse, "explain command requires a nested object");
    }
    const bson::View inner = explained.as_document();
    const std::string_view name = inner.empty() ? std::string_view{} : inner.front().name;
    const CommandRow* row = find_command(name);
    if (row == nullptr) {
        return fail(ErrorCode::CommandNotFound,
                    fmt::format("Explain failed due to unknown command: {}", name));
    }
    if (row->explain == nullptr) {
        return fail(ErrorCode::IllegalOperation, fmt::format("Cannot explain cmd: {}", row->name));
    }
    PLUMB_TRY(document, row->explain(context, inner, verbosity));
    append_explained(context.service, document, reply);
    return {};
}

}  // namespace plumb::commands
