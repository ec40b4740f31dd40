// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/stored_document.h"
#include "engine/exec/validator.h"
#include "engine/exec/write.h"
#include "engine/exec/write_target.h"

#include <algorithm>

namespace plumb::exec {
namespace {

// Errors of one document, after which the transaction is as it was before that document.
bool is_of_document(ErrorCode code) {
    return code != ErrorCode::WriteConflict && code != ErrorCode::OutOfDiskSpace &&
           code != ErrorCode::Interrupted && code != ErrorCode::InterruptedAtShutdown &&
           code != ErrorCode::MaxTimeMSExpired;
}

class Inserter {
  public:
    Inserter(Operation& operation, const InsertRequest& request)
        : operation_(operation), request_(request) {}

    Result<InsertOutcome> run() {
        while (done_ < request_.documents.size() && !outcome_.error) {
            PLUMB_CHECK(operation_.interrupt.check());
            const std::size_t end = chunk_end();
            std::size_t inserted = 0;
            std::optional<Error> error;
            storage::WriteCost cost;
            PLUMB_CHECK(run_write(operation_, [&](storage::Transaction& transaction) {
                inserted = 0;
                error.reset();
                cost = {};
                return insert_chunk(transaction, end, inserted, error, cost);
            }));
            done_ += inserted;
            outcome_.inserted += static_cast<std::int64_t>(inserted);
            outcome_.error = std::move(error);
            operation_.statistics.documents_inserted += static_cast<std::int64_t>(inserted);
            operation_.statistics.keys_inserted += cost.keys_inserted;
        }
        return std::move(outcome_);
    }

  private:
    std::size_t chunk_end() const {
        std::size_t end = done_;
        std::size_t bytes = 0;
        while (end < request_.documents.size() && end - done_ < kWriteChunkDocuments &&
               bytes < kWriteChunkBytes) {
            bytes += request_.documents[end].byte_size();
            ++end;
        }
        return end;
    }

    Status insert_chunk(storage::Transaction& transaction,
                        std::size_t end,
                        std::size_t& inserted,
                        std::optional<Error>& error,
                        storage::WriteCost& cost) {
        PLUMB_TRY(target, make_target(operation_, request_.ns));
        PLUMB_TRY(validator, Validator::of(target.state()));
        for (std::size_t at = done_; at < end; ++at) {
            Status status =
                insert_one(transaction, target, validator, request_.documents[at], cost);
            if (!status.ok()) {
                if (!is_of_document(status.error().code())) {
                    return status;
                }
                error = std::move(status).error();
                break;
            }
            ++inserted;
        }
        return {};
    }

    Status insert_one(storage::Transaction& transaction,
                      const storage::Collection& target,
                      const Validator& validator,
                      bson::View document,
                      storage::WriteCost& cost) {
        PLUMB_TRY(stored, stored_form(document, operation_.expressions.now, made_));
        if (!request_.bypass_validation) {
            PLUMB_CHECK(validator.check(stored, std::nullopt));
        }
        PLUMB_TRY(id, target.insert(transaction, stored, &cost));
        static_cast<void>(id);
        return {};
    }

    Operation& operation_;
    const InsertRequest& request_;
    std::size_t done_ = 0;
    InsertOutcome outcome_;
    std::string made_;
};

}  // namespace

Result<InsertOutcome> insert_documents(Operation& operation, const InsertRequest& request) {
    PLUMB_CHECK(ensure_target(operation, request.ns));
    return Inserter{operation, request}.run();
}

}  // namespace plumb::exec
