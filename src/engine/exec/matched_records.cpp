// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/matched_records.h"

#include "engine/exec/query_run.h"
#include "engine/exec/read_attempts.h"
#include "engine/exec/read_snapshot.h"
#include "engine/exec/run_report.h"

#include <algorithm>
#include <span>

namespace plumb::exec {
namespace {

Result<std::vector<storage::RecordId>> collect_ids(Operation& operation, const MatchedWork& work) {
    return retry_read(operation, [&]() -> Result<std::vector<storage::RecordId>> {
        std::vector<storage::RecordId> out;
        PLUMB_TRY(collection, find_target(operation, work.query.request.ns));
        if (!collection) {
            return out;
        }
        PLUMB_TRY(snapshot, ReadSnapshot::take(operation, collection->state()));
        PLUMB_TRY(run,
                  QueryRun::start(
                      operation, *collection, *snapshot, work.request, work.query.filter, {}));
        Row row;
        while (true) {
            PLUMB_TRY(more, run->next(row));
            if (!more) {
                report_run(operation, *run);
                return out;
            }
            out.push_back(row.id);
        }
    });
}

class ChunkWriter {
  public:
    ChunkWriter(Operation& operation, const MatchedWork& work, const ManyWrites& writes)
        : operation_(operation), work_(work), writes_(writes) {}

    Status write(std::span<const storage::RecordId> ids) {
        std::optional<Error> stopped;
        PLUMB_CHECK(run_write(operation_, [&](storage::Transaction& transaction) -> Status {
            stopped.reset();
            writes_.restarted();
            return write_ids(transaction, ids, stopped);
        }));
        writes_.committed();
        return stopped ? Status{std::move(*stopped)} : Status{};
    }

  private:
    Status write_ids(storage::Transaction& transaction,
                     std::span<const storage::RecordId> ids,
                     std::optional<Error>& stopped) {
        PLUMB_TRY(collection, find_target(operation_, work_.query.request.ns));
        if (!collection) {
            return {};
        }
        for (const storage::RecordId id : ids) {
            PLUMB_CHECK(operation_.interrupt.check());
            Status status = write_id(transaction, *collection, id);
            if (status.ok()) {
                continue;
            }
            if (status.error().code() == ErrorCode::WriteConflict) {
                return status;
            }
            stopped = std::move(status).error();
            break;
        }
        return {};
    }

    // The record may have changed since it was found, and match no more.
    Status write_id(storage::Transaction& transaction,
                    const storage::Collection& collection,
                    storage::RecordId id) {
        PLUMB_TRY(found, collection.read(transaction, id, document_));
        if (!found) {
            return {};
        }
        Matched matched{
            .id = id, .document = bson::View{std::string_view{document_}}, .position = {}};
        PLUMB_TRY(still, work_.query.filter.check(matched.document, &matched.position));
        return still ? writes_.write(transaction, collection, matched) : Status{};
    }

    Operation& operation_;
    const MatchedWork& work_;
    const ManyWrites& writes_;
    std::string document_;
};

}  // namespace

Result<bool> write_first(Operation& operation,
                         storage::Transaction& transaction,
                         const storage::Collection& collection,
                         const MatchedWork& work,
                         const WriteRecord& write) {
    OwnedRow kept;
    {
        PLUMB_TRY(run,
                  QueryRun::start(
                      operation, collection, transaction, work.request, work.query.filter, {}));
        Row row;
        PLUMB_TRY(found, run->next(row));
        report_run(operation, *run);
        if (!found) {
            return false;
        }
        kept = OwnedRow{row};
    }
    const Row row = kept.view();
    Matched matched{.id = row.id, .document = row.document, .position = {}};
    if (work.wants_position) {
        PLUMB_TRY(still, work.query.filter.check(row.document, &matched.position));
        static_cast<void>(still);
    }
    PLUMB_CHECK(write(transaction, collection, matched));
    return true;
}

Status write_all(Operation& operation, const MatchedWork& work, const ManyWrites& writes) {
    PLUMB_TRY(ids, collect_ids(operation, work));
    ChunkWriter writer{operation, work, writes};
    for (std::size_t at = 0; at < ids.size(); at += kWriteChunkDocuments) {
        const std::size_t count = std::min(kWriteChunkDocuments, ids.size() - at);
        PLUMB_CHECK(writer.write(std::span{ids}.subspan(at, count)));
    }
    return {};
}

}  // namespace plumb::exec
