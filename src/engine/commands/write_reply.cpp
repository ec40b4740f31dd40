// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/write_reply.h"

#include "base/limits.h"
#include "engine/commands/session_scope.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::commands {

namespace {

// Past this, messages are left out so that the reply stays below 16 MB; MongoDB does the same.
constexpr std::size_t kErrorTextBytesMax = 1024 * 1024;

Result<std::vector<bson::View>> from_array(const CommandContext& context, std::string_view name) {
    const std::string_view command = context.command.front().name;
    const bson::ValueView value = context.command.find(name);
    if (value.missing()) {
        return fail(
            ErrorCode{40414},
            fmt::format("BSON field '{}.{}' is missing but a required field", command, name));
    }
    std::vector<bson::View> out;
    for (const bson::Element& element : value.as_array()) {
        if (element.value.type() != bson::Type::Document) {
            return fail(ErrorCode::TypeMismatch,
                        fmt::format("BSON field '{}.{}.{}' is the wrong type '{}', expected type "
                                    "'object'",
                                    command,
                                    name,
                                    element.name,
                                    bson::type_name(element.value.type())));
        }
        out.push_back(element.value.as_document());
    }
    return out;
}

// Only the profiler writes its entries.
Status check_writable(const CommandContext& context) {
    constexpr std::string_view kProfile = "system.profile";
    const bson::ValueView name = context.command.front().value;
    if (name.type() == bson::Type::String && name.as_string() == kProfile) {
        return fail(ErrorCode::InvalidNamespace,
                    fmt::format("cannot write to '{}.{}'", context.database(), kProfile));
    }
    return {};
}

}  // namespace

Result<std::vector<bson::View>> write_statements(const CommandContext& context,
                                                 std::string_view name) {
    PLUMB_CHECK(check_writable(context));
    std::vector<bson::View> statements;
    const auto sequence = std::ranges::find(context.sequences, name, &DocumentSequence::name);
    if (sequence != context.sequences.end()) {
        statements = sequence->documents;
    } else {
        PLUMB_TRY(listed, from_array(context, name));
        statements = std::move(listed);
    }
    if (statements.empty() || statements.size() > std::size_t{kWriteBatchMax}) {
        return fail(ErrorCode::InvalidLength,
                    fmt::format("Write batch sizes must be between 1 and {}. Got {} operations.",
                                kWriteBatchMax,
                                statements.size()));
    }
    return statements;
}

Result<bson::View> single_statement(bson::View command, std::string_view name) {
    const bson::ValueView list = command.find(name);
    if (list.type() != bson::Type::Array || list.as_array().count() != 1) {
        return fail(ErrorCode::InvalidLength, "explained write batches must be of size 1");
    }
    const bson::ValueView statement = list.as_array().at(0);
    if (statement.type() != bson::Type::Document) {
        return fail(ErrorCode::TypeMismatch, fmt::format("{} must hold an object", name));
    }
    return statement.as_document();
}

Result<std::vector<bson::Document>> parse_array_filters(bson::ValueView filters) {
    std::vector<bson::Document> out;
    if (filters.nullish()) {
        return out;
    }
    if (filters.type() != bson::Type::Array) {
        return fail(ErrorCode::TypeMismatch, "arrayFilters must be an array");
    }
    for (const bson::Element& filter : filters.as_array()) {
        if (filter.value.type() != bson::Type::Document) {
            return fail(ErrorCode::TypeMismatch, "arrayFilters must hold objects");
        }
        out.emplace_back(filter.value.as_document());
    }
    return out;
}

void WriteErrors::add(std::size_t index, const Error& error) {
    const bool room = errors_.byte_size() < kErrorTextBytesMax;
    errors_.push_document();
    errors_.append("index", static_cast<std::int32_t>(index));
    errors_.append("code", static_cast<std::int32_t>(error.code()));
    if (!error.details().empty() && room) {
        errors_.append_all(bson::View{std::string_view{error.details()}});
    }
    errors_.append("errmsg", room ? std::string_view{error.message()} : std::string_view{});
    errors_.end();
    ++count_;
}

void WriteErrors::append_to(bson::Builder& reply) {
    if (count_ > 0) {
        reply.append("writeErrors", errors_.finish_array());
    }
}

bool ends_command(const CommandContext& context, ErrorCode code) {
    if (context.operation.transaction != nullptr && is_transient_in_transaction(code)) {
        return true;
    }
    return code == ErrorCode::Interrupted || code == ErrorCode::InterruptedAtShutdown ||
           code == ErrorCode::MaxTimeMSExpired;
}

bool stops_at_error(const CommandContext& context, bool ordered) {
    return ordered || context.operation.transaction != nullptr;
}

DeferredSync::DeferredSync(exec::Operation& operation)
    : operation_(operation), wanted_(operation.durability) {
    operation.durability = storage::Durability::Lazy;
}

Status DeferredSync::finish() {
    if (wanted_ == storage::Durability::Lazy) {
        return {};
    }
    return operation_.engine.sync_journal();
}

}  // namespace plumb::commands
