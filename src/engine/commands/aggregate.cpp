// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/aggregate.h"

#include "engine/commands/command_functions.h"
#include "engine/commands/cursor_reply.h"
#include "engine/commands/explain_reply.h"
#include "engine/commands/fields.h"
#include "engine/commands/namespace_name.h"
#include "engine/commands/replica_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace plumb::commands {

namespace {

constexpr auto kFields = std::to_array<FieldRule>({
    {"pipeline", kAnyType},
    {"cursor", kAnyType},
    {"explain", kBool},
    {"allowDiskUse", kBool},
    {"bypassDocumentValidation", kBoolish},
    {"hint", kString | kDocument},
    {"collation", kDocument},
    {"comment", kAnyType},
    {"fromMongos", kBool},
    {"needsMerge", kBool},
    {"exchange", kDocument},
    {"runtimeConstants", kDocument},
});

// Stages that make documents without a collection, and so stand in {aggregate: 1}.
constexpr auto kWithoutCollection =
    std::to_array<std::string_view>({"$changeStream", "$currentOp", "$listLocalSessions"});

struct Aggregate {
    exec::AggregateRequest request;
    std::string reply_ns;
    std::optional<std::int64_t> batch_size;
    bool has_cursor = false;
    bool explain = false;
};

Result<std::vector<bson::Document>> parse_pipeline_field(bson::ValueView pipeline) {
    if (pipeline.type() != bson::Type::Array) {
        return fail(ErrorCode::TypeMismatch, "'pipeline' option must be specified as an array");
    }
    std::vector<bson::Document> stages;
    for (const bson::Element& stage : pipeline.as_array()) {
        if (stage.value.type() != bson::Type::Document) {
            return fail(ErrorCode::TypeMismatch,
                        "Each element of the 'pipeline' array must be an object");
        }
        stages.emplace_back(stage.value.as_document());
    }
    return stages;
}

// {aggregate: 1} wants a first stage that needs no collection, {aggregate: "c"} one that does.
Status check_first_stage(const Aggregate& aggregate, bool has_collection) {
    const std::vector<bson::Document>& stages = aggregate.request.pipeline;
    const std::string_view first =
        stages.empty() || stages[0].empty() ? std::string_view{} : stages[0].view().front().name;
    const bool needs_none =
        std::ranges::find(kWithoutCollection, first) != kWithoutCollection.end();
    if (has_collection && needs_none && first != "$changeStream") {
        return fail(ErrorCode::InvalidNamespace,
                    fmt::format("{} must be run against the 'admin' database with {{aggregate: 1}}",
                                first));
    }
    if (!has_collection && !needs_none) {
        return fail(ErrorCode::InvalidNamespace,
                    fmt::format("{{aggregate: 1}} is not valid for '{}'; a collection is required.",
                                first));
    }
    return {};
}

Result<std::string> parse_namespace(std::string_view database, bson::View command) {
    const bson::ValueView named = command.front().value;
    if (!named.is_number()) {
        return command_namespace(database, command, ErrorCode::TypeMismatch);
    }
    if (integer(command, command.front().name) != 1) {
        return fail(ErrorCode::FailedToParse,
                    "Invalid command format: the 'aggregate' field must specify a collection name "
                    "or 1");
    }
    return fmt::format("{}.$cmd.aggregate", database);
}

Result<Aggregate> parse(std::string_view database, bson::View command) {
    Aggregate out;
    PLUMB_TRY(ns, parse_namespace(database, command));
    PLUMB_TRY(stages, parse_pipeline_field(command.find("pipeline")));
    PLUMB_CHECK(check_fields(command,
                             {.structure = "aggregate",
                              .rules = kFields,
                              .unknown = ErrorCode::FailedToParse,
                              .missing = ErrorCode::FailedToParse,
                              .wrong_type = ErrorCode::FailedToParse}));
    PLUMB_CHECK(check_collation(command.find("collation")));
    out.request.ns = std::move(ns);
    out.reply_ns = out.request.ns;
    out.request.pipeline = std::move(stages);
    if (const bson::ValueView hint = command.find("hint"); !hint.nullish()) {
        out.request.hint = bson::Value{hint};
    }
    out.request.allow_disk_use = bool_or(command, "allowDiskUse", false);
    out.explain = bool_or(command, "explain", false);
    out.has_cursor = command.has("cursor");
    PLUMB_TRY(batch_size, parse_cursor_option(command.find("cursor")));
    out.batch_size = batch_size;
    PLUMB_CHECK(check_first_stage(out, !command.front().value.is_number()));
    return out;
}

// A standalone server answers as MongoDB's does; the replica set of --replSet has no log to follow.
Status check_change_stream(const ServiceState& service, const Aggregate& aggregate) {
    const std::vector<bson::Document>& stages = aggregate.request.pipeline;
    if (is_replica_set(service) && !stages.empty() && stages[0].has("$changeStream")) {
        return fail(ErrorCode::CommandNotSupported,
                    "plumbd has no change streams: $changeStream is not supported");
    }
    return {};
}

}  // namespace

Status run_aggregate(CommandContext& context, bson::Builder& reply) {
    PLUMB_TRY(aggregate, parse(context.database(), context.command));
    PLUMB_CHECK(check_change_stream(context.service, aggregate));
    if (aggregate.explain) {
        PLUMB_TRY(explained,
                  exec::explain_aggregate(
                      context.operation, aggregate.request, exec::Verbosity::QueryPlanner));
        append_explained(context.service, explained, reply);
        return {};
    }
    if (!aggregate.has_cursor) {
        return fail(ErrorCode::FailedToParse,
                    "The 'cursor' option is required, except for aggregate with the explain "
                    "argument");
    }
    auto open = std::make_unique<OpenCursor>();
    open->ns = aggregate.reply_ns;
    open->looks_ahead = true;
    open->time_left = context.generic.max_time;
    PLUMB_TRY(cursor, exec::open_aggregate(context.operation, std::move(aggregate.request)));
    open->cursor = std::move(cursor);
    return reply_first_batch(context, std::move(open), {aggregate.batch_size, false}, reply);
}

Result<bson::Document> explain_aggregate_command(CommandContext& context,
                                                 bson::View inner,
                                                 exec::Verbosity verbosity) {
    PLUMB_TRY(aggregate, parse(context.database(), inner));
    return exec::explain_aggregate(context.operation, aggregate.request, verbosity);
}

}  // namespace plumb::commands
