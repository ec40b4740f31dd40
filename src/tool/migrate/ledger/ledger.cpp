// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/ledger/ledger.h"

#include "bson/builder.h"
#include "bson/number.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::migrate {
namespace {

bson::Document by_version(int version) {
    bson::Builder out;
    out.append("_id", version);
    return out.finish();
}

bson::Document write_command(const Record& record, bson::View event) {
    bson::Builder out;
    out.append("update", kLedgerCollection);
    out.begin_array("updates");
    out.push_document();
    out.begin_document("q");
    out.append("_id", record.version);
    // A runner with a newer fence has been here: then this matches nothing, and the upsert meets
    // the document that is there and fails.
    out.begin_document("fence");
    out.append("$lte", record.fence);
    out.end();
    out.end();
    out.begin_document("u");
    out.append("$set", record_fields(record));
    out.begin_document("$push");
    out.append("events", event);
    out.end();
    out.end();
    out.append("upsert", true);
    out.end();
    out.end();
    out.begin_document("writeConcern");
    out.append("w", "majority");
    out.end();
    return out.finish();
}

bson::Document progress_command(const Record& record, std::size_t operation, std::int64_t fence) {
    const OperationRecord& entry = record.operations.at(operation);
    const auto field = [operation](std::string_view name) {
        return fmt::format("operations.{}.{}", operation, name);
    };
    bson::Builder out;
    out.append("update", kLedgerCollection);
    out.begin_array("updates");
    out.push_document();
    out.begin_document("q");
    out.append("_id", record.version);
    out.append("fence", fence);
    out.end();
    out.begin_document("u");
    out.begin_document("$set");
    out.append(field("pass"), entry.pass);
    out.append(field("documents"), entry.documents);
    out.append(field("batches"), entry.batches);
    out.append(field("position"), entry.position);
    if (entry.left > 0) {
        out.append(field("left"), entry.left);
        append_left_ids(out, field("left_ids"), entry);
    }
    out.end();
    if (entry.position.missing()) {
        out.begin_document("$unset");
        out.append(field("position"), "");
        out.end();
    }
    out.end();
    out.end();
    out.end();
    out.begin_document("writeConcern");
    out.append("w", "majority");
    out.end();
    return out.finish();
}

Error overtaken(int version) {
    return fail(ErrorCode::LockHeld,
                fmt::format("a newer runner wrote migration {} in the ledger; this one stops and "
                            "has written nothing more",
                            project::version_text(version)));
}

}  // namespace

Result<std::optional<Record>> read_ledger(const Deployment& deployment, int version) {
    PLUMB_TRY(
        document,
        deployment.client.find_one(deployment.database, kLedgerCollection, by_version(version)));
    if (!document.has_value()) {
        return std::optional<Record>{};
    }
    PLUMB_TRY(record, read_record(document->view()));
    return std::optional<Record>{std::move(record)};
}

Result<std::vector<Record>> read_ledger(const Deployment& deployment) {
    std::vector<Record> out;
    PLUMB_CHECK(deployment.client.find(deployment.database,
                                       kLedgerCollection,
                                       bson::View{},
                                       {},
                                       [&out](bson::View document) -> Status {
                                           PLUMB_TRY(record, read_record(document));
                                           out.push_back(std::move(record));
                                           return {};
                                       }));
    std::sort(out.begin(), out.end(), [](const Record& a, const Record& b) {
        return a.version < b.version;
    });
    return out;
}

Status Ledger::write(Record& record, std::string_view event, std::string_view detail) {
    PLUMB_CHECK(lock_.check());
    record.fence = lock_.fence();
    record.host = runner_.host;
    record.tool = deployment_.tool;
    bson::Builder entry;
    entry.append("at", bson::Date{deployment_.clock.now().count()});
    entry.append("event", event);
    entry.append("run", runner_.run);
    entry.append("host", runner_.host);
    entry.append("tool", deployment_.tool);
    if (!detail.empty()) {
        entry.append("detail", detail);
    }
    PLUMB_CHECK(deployment_.faults.hit(FaultPoint::LedgerBeforeWrite));
    const auto written =
        deployment_.client.command(deployment_.database, write_command(record, entry.finish()));
    if (!written.ok() && written.error().code() == ErrorCode::DuplicateKey) {
        return overtaken(record.version);
    }
    PLUMB_CHECK(Result<bson::Document>{written});
    return deployment_.faults.hit(FaultPoint::LedgerAfterWrite);
}

Status Ledger::save_progress(const Record& record, std::size_t operation) {
    PLUMB_CHECK(lock_.check());
    PLUMB_CHECK(deployment_.faults.hit(FaultPoint::LedgerBeforeWrite));
    PLUMB_TRY(reply,
              deployment_.client.command(deployment_.database,
                                         progress_command(record, operation, lock_.fence())));
    if (const bson::ValueView matched = reply.find("n");
        !matched.is_number() || bson::to_clamped_int64(matched) == 0) {
        return overtaken(record.version);
    }
    return deployment_.faults.hit(FaultPoint::LedgerAfterWrite);
}

}  // namespace plumb::migrate
