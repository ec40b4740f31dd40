// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/command_functions.h"
#include "engine/commands/fields.h"
#include "engine/commands/namespace_name.h"
#include "engine/commands/retryable_write.h"
#include "engine/commands/service_state.h"
#include "engine/commands/write_reply.h"
#include "engine/exec/write.h"
#include "engine/exec/write_target.h"

#include <algorithm>
#include <array>

namespace plumb::commands {

namespace {

constexpr auto kFields = std::to_array<FieldRule>({
    {"documents", kArray},
    {"ordered", kBool},
    {"bypassDocumentValidation", kBoolish},
    {"stmtIds", kArray},
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

class InsertBatch {
  public:
    InsertBatch(CommandContext& context, std::string ns, const std::vector<bson::View>& documents)
        : context_(context), retryable_(context), documents_(documents) {
        request_.ns = std::move(ns);
        request_.bypass_validation = bool_or(context.command, "bypassDocumentValidation", false);
    }

    Status run(bool ordered) {
        if (retryable_.is_active()) {
            // Made by itself: what a write makes in a transaction is the transaction's.
            PLUMB_CHECK(exec::ensure_target(context_.operation, request_.ns));
        }
        std::size_t at = 0;
        while (at < documents_.size()) {
            if (retryable_.find_done(at) != nullptr) {
                ++inserted_;
                ++at;
                continue;
            }
            exec::InsertOutcome outcome = insert_from(at);
            inserted_ += outcome.inserted;
            at += static_cast<std::size_t>(outcome.inserted);
            if (!outcome.error) {
                continue;
            }
            if (ends_command(context_, outcome.error->code())) {
                return std::move(*outcome.error);
            }
            errors_.add(at, *outcome.error);
            ++at;
            if (stops_at_error(context_, ordered)) {
                break;
            }
        }
        return {};
    }

    void append_to(bson::Builder& reply) {
        reply.append("n", static_cast<std::int32_t>(inserted_));
        errors_.append_to(reply);
    }

  private:
    void take(std::size_t at, std::size_t count) {
        const auto first = documents_.begin() + static_cast<std::ptrdiff_t>(at);
        request_.documents.assign(first, first + static_cast<std::ptrdiff_t>(count));
    }

    exec::InsertOutcome insert_from(std::size_t at) {
        const std::size_t left = documents_.size() - at;
        Result<exec::InsertOutcome> outcome = exec::InsertOutcome{};
        if (retryable_.is_active()) {
            outcome = insert_noted(at, left);
        } else {
            take(at, documents_.size() <= kTogetherMax ? left : std::min(left, kTogetherMax));
            outcome = exec::insert_documents(context_.operation, request_);
        }
        if (!outcome.ok()) {
            return {0, std::move(outcome).error()};
        }
        return std::move(outcome).value();
    }

    // Documents and the note that they are in go in together.
    Result<exec::InsertOutcome> insert_noted(std::size_t at, std::size_t left) {
        std::size_t count = std::min(left, exec::kWriteChunkDocuments);
        std::size_t bytes = 0;
        for (std::size_t taken = 0; taken < count; ++taken) {
            bytes += documents_[at + taken].byte_size();
            if (bytes >= exec::kWriteChunkBytes) {
                count = taken + 1;
            }
        }
        take(at, retryable_.new_ones(at, count));
        exec::InsertOutcome outcome;
        PLUMB_CHECK(retryable_.run([&]() -> Result<std::optional<DoneStatements>> {
            PLUMB_TRY(got, exec::insert_documents(context_.operation, request_));
            outcome = std::move(got);
            if (outcome.inserted == 0) {
                return std::optional<DoneStatements>{};
            }
            return std::optional{DoneStatements{
                retryable_.statement(at), static_cast<std::int32_t>(outcome.inserted), {}}};
        }));
        return outcome;
    }

    CommandContext& context_;
    RetryableWrite retryable_;
    const std::vector<bson::View>& documents_;
    exec::InsertRequest request_;
    WriteErrors errors_;
    std::int64_t inserted_ = 0;
};

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

    InsertBatch batch{context, std::move(ns), documents};
    DeferredSync sync{context.operation};
    PLUMB_CHECK(batch.run(ordered));
    PLUMB_CHECK(sync.finish());
    batch.append_to(reply);
    return {};
}

}  // namespace plumb::commands
