// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/retryable_write.h"

#include "engine/commands/fields.h"
#include "engine/commands/service_state.h"
#include "engine/commands/session_registry.h"
#include "engine/exec/write_target.h"

#include <utility>

namespace plumb::commands {

RetryableWrite::RetryableWrite(CommandContext& context)
    : context_(context),
      is_active_(context.session != nullptr && !context.session->is_transaction()) {
    const bson::ValueView numbers = context.command.find("stmtIds");
    if (is_active_ && numbers.type() == bson::Type::Array) {
        for (const bson::Element& element : numbers.as_array()) {
            if (element.value.type() == bson::Type::Int32) {
                numbers_.push_back(element.value.as_int32());
            }
        }
    }
}

RetryableWrite::~RetryableWrite() {
    if (retried_ > 0) {
        context_.service.sessions->note_retried(retried_);
    }
}

std::int32_t RetryableWrite::statement(std::size_t index) const {
    if (index < numbers_.size()) {
        return numbers_[index];
    }
    return context_.generic.statement.value_or(0) + static_cast<std::int32_t>(index);
}

std::size_t RetryableWrite::new_ones(std::size_t first, std::size_t count) const {
    std::size_t out = 0;
    while (out < count &&
           statement(first + out) == statement(first) + static_cast<std::int32_t>(out) &&
           context_.session->find_done(statement(first + out)) == nullptr) {
        ++out;
    }
    return out;
}

const DoneStatements* RetryableWrite::find_done(std::size_t index) {
    if (!is_active_) {
        return nullptr;
    }
    const DoneStatements* done = context_.session->find_done(statement(index));
    retried_ += done != nullptr ? 1 : 0;
    return done;
}

Status RetryableWrite::run(const Body& body) {
    exec::Operation& operation = context_.operation;
    const exec::OperationStatistics before = operation.statistics;
    std::int64_t runs = 0;
    Status status = context_.session->run_noted(
        operation.durability,
        operation.interrupt,
        [&](storage::Transaction& transaction) -> Result<std::optional<DoneStatements>> {
            operation.statistics = before;
            operation.statistics.write_conflicts += runs++;
            operation.transaction = &transaction;
            auto done = body();
            operation.transaction = nullptr;
            if (!done.ok() && done.error().code() == ErrorCode::SnapshotUnavailable) {
                // The collection was made anew since: with a new snapshot it works.
                return fail(ErrorCode::WriteConflict, done.error().message());
            }
            return done;
        });
    return status;
}

Result<bson::Document> run_single_statement(RetryableWrite& retryable,
                                            exec::Operation& operation,
                                            const SingleStatement& statement,
                                            const std::function<Result<bson::Document>()>& body) {
    if (!retryable.is_active()) {
        return body();
    }
    if (const DoneStatements* done = retryable.find_done(statement.index)) {
        return done->outcome;
    }
    if (statement.makes_collection) {
        PLUMB_CHECK(exec::ensure_target(operation, statement.ns));
    }
    bson::Document outcome;
    PLUMB_CHECK(retryable.run([&]() -> Result<std::optional<DoneStatements>> {
        PLUMB_TRY(got, body());
        outcome = std::move(got);
        return std::optional{DoneStatements{retryable.statement(statement.index), 1, outcome}};
    }));
    return outcome;
}

}  // namespace plumb::commands
