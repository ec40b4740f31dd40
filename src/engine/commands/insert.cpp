// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/command_functions.h"
#include "engine/commands/fields.h"
#include "engine/commands/namespace_name.h"
#include "engine/commands/service_state.h"
#include "engine/commands/write_reply.h"
#include "engine/exec/write.h"

#include <algorithm>
#include <array>

namespace plumb::commands {

namespace {

constexpr auto kFields = std::to_array<FieldRule>({
    {"documents", kArray},
    {"ordered", kBool},
    {"bypassDocumentValidation", kBoolish},
});

// Documents tried together. What follows an error is handed over anew, so a batch of nothing but
// duplicates must not copy its tail each time.
constexpr std::size_t kTogetherMax = 1000;

// A collection of that name can neither be there nor be made: each document fails for it.
void refuse_all(const Error& error, std::size_t documents, bson::Builder& reply) {
    WriteErrors errors;
    for (std::size_t index = 0; index < documents; ++index) {
        errors.add(index, error);
    }
    reply.append("n", 0);
    errors.append_to(reply);
}

}  // namespace

Status run_insert(CommandContext& context, bson::Builder& reply) {
    PLUMB_TRY(ns, command_namespace(context.database(), context.command, ErrorCode::TypeMismatch));
    PLUMB_CHECK(check_fields(context.command, {.structure = "insert", .rules = kFields}));
    PLUMB_TRY(documents, write_statements(context, "documents"));
    const bool ordered = bool_or(context.command, "ordered", true);
    context.service.counters.count(OpCounter::Insert, static_cast<std::int64_t>(documents.size()));
    if (const Status creatable = check_creatable(ns); !creatable.ok()) {
        refuse_all(creatable.error(), ordered ? 1 : documents.size(), reply);
        return {};
    }

    exec::InsertRequest request;
    request.ns = std::move(ns);
    request.bypass_validation = bool_or(context.command, "bypassDocumentValidation", false);
    DeferredSync sync{context.operation};
    WriteErrors errors;
    std::int64_t inserted = 0;
    const std::size_t together = documents.size() <= kTogetherMax ? documents.size() : kTogetherMax;
    for (std::size_t at = 0; at < documents.size();) {
        const std::size_t count = std::min(together, documents.size() - at);
        const auto first = documents.begin() + static_cast<std::ptrdiff_t>(at);
        request.documents.assign(first, first + static_cast<std::ptrdiff_t>(count));
        auto outcome = exec::insert_documents(context.operation, request);
        if (!outcome.ok()) {
            outcome = exec::InsertOutcome{0, std::move(outcome).error()};
        }
        inserted += outcome->inserted;
        at += static_cast<std::size_t>(outcome->inserted);
        if (!outcome->error) {
            continue;
        }
        if (ends_command(outcome->error->code())) {
            return *outcome->error;
        }
        errors.add(at, *outcome->error);
        ++at;
        if (ordered) {
            break;
        }
    }
    PLUMB_CHECK(sync.finish());
    reply.append("n", static_cast<std::int32_t>(inserted));
    errors.append_to(reply);
    return {};
}

}  // namespace plumb::commands
