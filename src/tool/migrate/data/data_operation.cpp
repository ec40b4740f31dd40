// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/data/data_operation.h"

#include "bson/builder.h"
#include "bson/json.h"
#include "bson/number.h"
#include "tool/migrate/data/batch_reader.h"
#include "tool/migrate/data/pace.h"
#include "tool/migrate/data/step.h"
#include "tool/migrate/index/helper_index.h"

#include <fmt/format.h>

namespace plumb::migrate {
namespace {

std::int64_t changed_in(bson::View reply) {
    const bson::ValueView modified = reply.find("nModified");
    const bson::ValueView matched = reply.find("n");
    const bson::ValueView count = modified.missing() ? matched : modified;
    return count.is_number() ? bson::to_clamped_int64(count) : 0;
}

// The batches of one operation.
class BatchRun {
  public:
    BatchRun(OperationRun& run, const DataOperation& operation)
        : run_(run),
          operation_(operation),
          journal_(run.deployment, run.entry.backup, run.ledger.fence()),
          pace_(run.deployment, true) {}

    Status all_passes() {
        OperationRecord& entry = run_.entry;
        for (auto at = static_cast<std::size_t>(entry.pass); at < operation_.passes.size(); ++at) {
            PLUMB_CHECK(one_pass(operation_.passes[at]));
            if (at + 1 < operation_.passes.size()) {
                entry.pass = static_cast<std::int32_t>(at) + 1;
                entry.position = bson::Value{};
                PLUMB_CHECK(run_.ledger.save_progress(run_.record, run_.place));
            }
        }
        run_.deployment.tell(Progress{"", -1, 0});
        return {};
    }

  private:
    Status one_pass(const Pass& pass) {
        const Deployment& deployment = run_.deployment;
        PLUMB_TRY(total, count_documents(deployment, pass.collection, pass.filter));
        BatchReader reader{
            deployment, pass.collection, pass.filter, pass.projection, run_.entry.position};
        std::int64_t seen = 0;
        for (;;) {
            PLUMB_CHECK(deployment.interrupt.check());
            PLUMB_CHECK(deployment.faults.hit(FaultPoint::MigrateBeforeBatch));
            PLUMB_TRY(documents, reader.next(kBatchDocuments));
            if (documents.empty()) {
                return {};
            }
            PLUMB_CHECK(run_.ledger.check_lock());
            PLUMB_CHECK(one_batch(pass, documents, reader.position()));
            seen += static_cast<std::int64_t>(documents.size());
            deployment.tell(Progress{pass.collection, seen, total});
            PLUMB_CHECK(deployment.faults.hit(FaultPoint::MigrateAfterBatch));
            PLUMB_CHECK(pace_.after(static_cast<std::int64_t>(documents.size())));
        }
    }

    Status one_batch(const Pass& pass,
                     const std::vector<bson::Document>& documents,
                     const bson::Value& last) {
        const Deployment& deployment = run_.deployment;
        PLUMB_TRY(change, pass.plan(documents));
        PLUMB_CHECK(journal_.add(pass.collection, change.journal));
        if (!change.copies.empty()) {
            PLUMB_CHECK(copy_documents(deployment,
                                       pass.collection,
                                       run_.entry.backup,
                                       change.copies,
                                       CopyMode::Overwrite));
        }
        PLUMB_CHECK(deployment.faults.hit(FaultPoint::MigrateInsideBatch));
        if (!change.command.empty()) {
            PLUMB_TRY(reply,
                      deployment.client.command(deployment.database, change.command)
                          .context(fmt::format("a batch of {}", pass.collection)));
            run_.entry.documents += changed_in(reply);
            run_.outcome.documents += changed_in(reply);
        }
        note_left(change.left);
        PLUMB_CHECK(deployment.faults.hit(FaultPoint::MigrateInsideBatch));
        run_.entry.position = last;
        ++run_.entry.batches;
        PLUMB_CHECK(run_.ledger.save_progress(run_.record, run_.place));
        if (!change.afterwards.empty()) {
            PLUMB_CHECK(deployment.client.command(deployment.database, change.afterwards));
        }
        return {};
    }

    void note_left(const std::vector<bson::Value>& ids) {
        run_.entry.left += static_cast<std::int64_t>(ids.size());
        for (const bson::Value& id : ids) {
            if (run_.entry.left_ids.size() < kLeftKept) {
                run_.entry.left_ids.push_back(id);
            }
        }
    }

    OperationRun& run_;
    const DataOperation& operation_;
    Journal journal_;
    Pace pace_;
};

void tell_left(OperationRun& run) {
    const OperationRecord& entry = run.entry;
    if (entry.left == 0) {
        return;
    }
    run.outcome.left += entry.left;
    std::string text = fmt::format("{} of {} could not be decided and {} left as {}: _id ",
                                   documents_text(entry.left),
                                   entry.collection,
                                   entry.left == 1 ? "is" : "are",
                                   entry.left == 1 ? "it was" : "they were");
    const std::size_t listed = std::min(entry.left_ids.size(), kLeftListed);
    for (std::size_t at = 0; at < listed; ++at) {
        text += (at == 0 ? "" : ", ") + bson::to_json(entry.left_ids[at].view());
    }
    if (entry.left > static_cast<std::int64_t>(listed)) {
        text += fmt::format(
            " …; {} of them are in the ledger: _plumb_migrations, _id {}, operations.{}.left_ids",
            entry.left_ids.size(),
            run.record.version,
            run.place);
    }
    run.deployment.tell(Note{text});
}

void tell_done(OperationRun& run, const DataOperation& operation) {
    StepEvent event;
    event.what = StepEvent::What::Done;
    event.collection = run.entry.collection;
    event.text = operation.done + " " + documents_text(run.entry.documents);
    event.documents = run.entry.documents;
    event.batches = run.entry.batches;
    event.left = run.entry.left;
    event.ms = run.entry.ms;
    run.deployment.tell(event);
    ++run.outcome.steps;
}

Status finish_undo(OperationRun& run, std::int64_t documents, std::int64_t ms) {
    if (!run.entry.backup.empty()) {
        PLUMB_CHECK(drop_collection(run.deployment, run.entry.backup));
    }
    StepEvent event;
    event.what = StepEvent::What::Undone;
    event.collection = run.entry.collection;
    event.text = fmt::format("put {} back", documents_text(documents));
    event.documents = documents;
    event.ms = ms;
    run.deployment.tell(Progress{"", -1, 0});
    run.deployment.tell(event);
    ++run.outcome.steps;
    run.outcome.documents += documents;
    return operation_undone(run);
}

Status send_updates(const Deployment& deployment,
                    const std::string& collection,
                    const std::vector<bson::Document>& statements) {
    if (statements.empty()) {
        return {};
    }
    PLUMB_CHECK(
        deployment.client.command(deployment.database, update_command(collection, statements, true))
            .context("putting documents of " + collection + " back"));
    return {};
}

}  // namespace

Status run_data(OperationRun& run, const DataOperation& operation) {
    const Stopwatch watch{run.deployment.clock};
    OperationRecord& entry = run.entry;
    if (entry.backup.empty()) {
        entry.backup = backup_name(run);
    }
    if (entry.before.empty()) {
        entry.before = operation.before;
    }
    PLUMB_TRY(helpers, missing_helpers(run.deployment, operation.helpers));
    entry.helpers.insert(entry.helpers.end(), helpers.begin(), helpers.end());
    PLUMB_CHECK(begin_operation(run));
    PLUMB_CHECK(build_helpers(run.deployment, entry.helpers, OnInterrupt::KillBuild));
    BatchRun batches{run, operation};
    PLUMB_CHECK(batches.all_passes());
    if (operation.at_the_end) {
        PLUMB_CHECK(operation.at_the_end());
    }
    PLUMB_CHECK(drop_helpers(run.deployment, entry.helpers));
    entry.helpers.clear();
    entry.ms += watch.ms();
    tell_left(run);
    tell_done(run, operation);
    return finish_operation(
        run,
        entry.left == 0 ? documents_text(entry.documents)
                        : fmt::format("{}, {} left", documents_text(entry.documents), entry.left));
}

Status revert_data(OperationRun& run, BackStatements back) {
    PLUMB_CHECK(refuse_pruned(run.entry));
    const Deployment& deployment = run.deployment;
    const Stopwatch watch{deployment.clock};
    PLUMB_CHECK(drop_helpers(deployment, run.entry.helpers));
    const Journal journal{deployment, run.entry.backup, 0};
    Pace pace{deployment, false};
    for (;;) {
        PLUMB_CHECK(deployment.faults.hit(FaultPoint::MigrateBeforeBatch));
        PLUMB_TRY(stored, journal.newest());
        if (stored.number.missing()) {
            break;
        }
        PLUMB_CHECK(run.ledger.check_lock());
        PLUMB_CHECK(send_updates(deployment, stored.collection, back(run.entry, stored.entries)));
        PLUMB_CHECK(send_updates(deployment, stored.collection, order_statements(stored.entries)));
        PLUMB_CHECK(deployment.faults.hit(FaultPoint::MigrateInsideBatch));
        PLUMB_CHECK(journal.forget(stored.number));
        PLUMB_CHECK(deployment.faults.hit(FaultPoint::MigrateAfterBatch));
        PLUMB_CHECK(pace.after(static_cast<std::int64_t>(stored.entries.size())));
        deployment.tell(
            Progress{stored.collection + " back", pace.documents(), run.entry.documents});
    }
    return finish_undo(run, pace.documents(), watch.ms());
}

Status revert_copies(OperationRun& run, CopyMode mode) {
    PLUMB_CHECK(refuse_pruned(run.entry));
    const Deployment& deployment = run.deployment;
    const Stopwatch watch{deployment.clock};
    BatchReader reader{
        deployment, run.entry.backup, bson::Document{}, document_of("_id", 1), bson::Value{}};
    Pace pace{deployment, false};
    for (;;) {
        PLUMB_CHECK(deployment.faults.hit(FaultPoint::MigrateBeforeBatch));
        PLUMB_TRY(documents, reader.next(kBatchDocuments));
        if (documents.empty()) {
            break;
        }
        PLUMB_CHECK(run.ledger.check_lock());
        PLUMB_CHECK(copy_documents(
            deployment, run.entry.backup, run.entry.collection, ids_of(documents), mode));
        PLUMB_CHECK(deployment.faults.hit(FaultPoint::MigrateAfterBatch));
        PLUMB_CHECK(pace.after(static_cast<std::int64_t>(documents.size())));
        deployment.tell(
            Progress{run.entry.collection + " back", pace.documents(), run.entry.documents});
    }
    return finish_undo(run, pace.documents(), watch.ms());
}

std::vector<bson::Document> back_as_it_was(const OperationRecord& /*entry*/,
                                           const std::vector<JournalEntry>& entries) {
    return restore_statements(entries);
}

Status claim_data(const Deployment& /*deployment*/, OperationRecord& /*entry*/) {
    return {};
}

Status preview_data(const Deployment& deployment,
                    const std::string& collection,
                    bson::View filter,
                    const bson::Document& command,
                    Outcome& outcome) {
    PLUMB_TRY(count, count_documents(deployment, collection, filter));
    deployment.tell(Note{fmt::format("{} of {} would be changed, in batches of {}",
                                     documents_text(count),
                                     collection,
                                     kBatchDocuments)});
    deployment.tell(WouldSend{deployment.database, command});
    outcome.documents += count;
    ++outcome.steps;
    return {};
}

Status preview_update(const Deployment& deployment,
                      const std::string& collection,
                      bson::View filter,
                      bson::ValueView update,
                      Outcome& outcome) {
    return preview_data(deployment,
                        collection,
                        filter,
                        update_command(collection, {update_statement(filter, update, true)}, false),
                        outcome);
}

Status preview_revert_data(const Deployment& deployment,
                           const OperationRecord& entry,
                           Outcome& outcome) {
    PLUMB_CHECK(refuse_pruned(entry));
    if (entry.backup.empty()) {
        return {};
    }
    deployment.tell(Note{fmt::format("{} of {} would be put back from {}",
                                     documents_text(entry.documents),
                                     entry.collection,
                                     entry.backup)});
    outcome.documents += entry.documents;
    ++outcome.steps;
    return {};
}

Status refuse_pruned(const OperationRecord& entry) {
    if (!entry.pruned) {
        return {};
    }
    return fail(ErrorCode::RefusedForSafety,
                fmt::format("{} on {}: its old values were given up by `plumb migrate prune`; it "
                            "cannot be taken back",
                            entry.kind,
                            entry.collection));
}

bson::Document both(bson::View a, bson::View b) {
    if (a.empty() || b.empty()) {
        return bson::Document{a.empty() ? b : a};
    }
    bson::Builder out;
    out.begin_array("$and");
    out.push(a);
    out.push(b);
    out.end();
    return out.finish();
}

bson::Document update_batch(const std::string& collection,
                            const std::vector<bson::Document>& documents,
                            bson::View filter,
                            bson::ValueView u) {
    return update_command(
        collection, {update_statement(among_ids(ids_of(documents), filter), u, true)}, false);
}

std::vector<bson::Value> ids_of(const std::vector<bson::Document>& documents) {
    std::vector<bson::Value> out;
    out.reserve(documents.size());
    for (const bson::Document& document : documents) {
        out.emplace_back(document.find("_id"));
    }
    return out;
}

}  // namespace plumb::migrate
