// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/cursor_reply.h"

#include "base/limits.h"
#include "bson/number.h"
#include "engine/commands/client_login.h"
#include "engine/commands/service_state.h"
#include "engine/commands/session_id.h"
#include "engine/commands/slow_log.h"
#include "engine/storage/capped.h"

#include <limits>

namespace plumb::commands {

namespace {

// What an array element takes beside its document: type, position as text, terminator.
constexpr std::size_t kElementOverhead = 12;

// A cursor over a list in memory.
class ListCursor final : public exec::QueryCursor {
  public:
    explicit ListCursor(std::vector<bson::Document> documents) : documents_(std::move(documents)) {}

    Result<std::optional<bson::View>> next() override {
        if (at_ == documents_.size()) {
            return std::optional<bson::View>{};
        }
        return std::optional{documents_[at_++].view()};
    }
    void attach(exec::Operation&) override {}
    std::string plan_summary() const override { return {}; }

  private:
    std::vector<bson::Document> documents_;
    std::size_t at_ = 0;
};

// Ended: the cursor gave its last document. Limited: the query's limit is reached.
enum class Batch : std::uint8_t { Ended, Limited, Full };

// The next document: the one left over from the batch before, or the cursor's.
Result<std::optional<bson::View>> next_document(OpenCursor& open,
                                                std::optional<bson::Document>& left_over) {
    if (left_over) {
        return std::optional{left_over->view()};
    }
    return open.cursor->next();
}

Result<Batch> fill(OpenCursor& open, std::int64_t documents_max, bson::Builder& reply) {
    std::int64_t given = 0;
    std::size_t batch_bytes = 0;
    std::optional<bson::Document> left_over = std::move(open.pending);
    open.pending.reset();
    while (given < documents_max) {
        PLUMB_TRY(document, next_document(open, left_over));
        if (!document) {
            return Batch::Ended;
        }
        const std::size_t bytes = document->byte_size();
        if (given > 0 && batch_bytes + bytes > std::size_t{kBatchBytesMax}) {
            open.pending = bson::Document{*document};
            return Batch::Full;
        }
        reply.push(*document);
        batch_bytes += bytes + kElementOverhead;
        ++given;
        left_over.reset();
        ++open.documents_given;
        if (open.left && --*open.left <= 0) {
            return Batch::Limited;
        }
    }
    if (left_over) {
        open.pending = std::move(left_over);
    }
    return Batch::Full;
}

// MongoDB closes some cursors together with their last document and leaves others open until the
// client asks again and gets nothing; what can tell the end without another step closes.
Result<bool> has_more(OpenCursor& open, const exec::Operation& operation, std::int64_t wanted) {
    if (open.pending) {
        return true;
    }
    const bool can_tell = open.looks_ahead || operation.statistics.has_sort_stage ||
                          open.cursor->plan_summary() == "IDHACK";
    if (wanted == 0 || !can_tell) {
        return true;
    }
    PLUMB_TRY(document, open.cursor->next());
    if (!document) {
        return false;
    }
    open.pending = bson::Document{*document};
    return true;
}

// Its session and transaction may go on with a cursor, and it ends with them; so may the log-in.
void set_owner(const CommandContext& context, OpenCursor& open) {
    open.opened_by = owner_of(context.client);
    if (context.generic.session.empty()) {
        return;
    }
    if (auto id = session_id(context.generic.session); id.ok()) {
        open.session = std::move(id).value();
    }
    if (context.generic.in_transaction) {
        open.txn_number = context.generic.txn_number;
    }
}

// A tailable cursor that found nothing on an empty collection is not kept: MongoDB's rule.
bool has_documents(const CommandContext& context, std::string_view ns) {
    const auto collection = context.service.engine.collection(ns);
    return collection && collection->document_count() > 0;
}

// What a cursor has done, for currentOp.
bson::Document describe_cursor(const CommandContext& context, const OpenCursor& open) {
    bson::Builder out;
    out.append("cursorId", open.id);
    out.append("createdDate", bson::Date{open.created.count()});
    out.append("lastAccessDate", bson::Date{context.service.clock.now().count()});
    out.append("nDocsReturned", open.documents_given);
    out.append("nBatchesReturned", open.batches_given);
    out.append("noCursorTimeout", open.no_timeout);
    out.append("tailable", open.tailable);
    out.append("awaitData", open.await_data);
    out.append("originatingCommand", open.command);
    out.append("planSummary", open.plan_summary);
    out.append("operationUsingCursorId", std::int64_t{context.running.opid});
    return out.finish();
}

// Whether the cursor is kept for another batch.
Result<bool> stays_open(CommandContext& context,
                        OpenCursor& open,
                        Batch batch,
                        const BatchLimits& limits) {
    if (limits.single_batch || batch == Batch::Limited) {
        return false;
    }
    if (open.tailable) {
        return open.id != 0 || has_documents(context, open.ns);
    }
    if (batch == Batch::Ended) {
        return false;
    }
    const std::int64_t wanted = limits.documents.value_or(std::numeric_limits<std::int64_t>::max());
    return has_more(open, context.operation, wanted);
}

// Fills a batch that is begun already; tells whether the cursor is kept.
Result<bool> fill_batch(CommandContext& context,
                        OpenCursor& open,
                        const BatchLimits& limits,
                        bson::Builder& reply) {
    const std::int64_t wanted = limits.documents.value_or(std::numeric_limits<std::int64_t>::max());
    const std::int64_t before = open.documents_given;
    const auto news = open.await_data && open.id != 0 ? open.cursor->news() : nullptr;
    const std::uint64_t seen = limits.news_seen;
    PLUMB_TRY(batch, fill(open, wanted, reply));
    if (news != nullptr && batch == Batch::Ended && open.documents_given == before) {
        open.cursor->save();
        PLUMB_TRY(more, news->wait(seen, limits.wait, context.operation.interrupt));
        static_cast<void>(more);
        open.cursor->attach(context.operation);
        PLUMB_CHECK(open.cursor->restore());
        PLUMB_TRY(again, fill(open, wanted, reply));
        batch = again;
    }
    ++open.batches_given;
    exec::OperationStatistics& statistics = context.operation.statistics;
    if (statistics.plan_summary.empty()) {
        statistics.plan_summary = open.cursor->plan_summary();
    }
    PLUMB_TRY(stays, stays_open(context, open, batch, limits));
    statistics.cursor_exhausted = !stays;
    return stays;
}

}  // namespace

Status reply_first_batch(CommandContext& context,
                         std::unique_ptr<OpenCursor> cursor,
                         const BatchLimits& limits,
                         bson::Builder& reply) {
    BatchLimits first = limits;
    if (!first.documents) {
        first.documents = kFirstBatchDocuments;
    }
    cursor->plan_summary = cursor->cursor->plan_summary();
    context.running.notes.set_plan_summary(cursor->plan_summary);
    const std::string ns = cursor->ns;
    reply.begin_document("cursor");
    reply.begin_array("firstBatch");
    PLUMB_TRY(stays, fill_batch(context, *cursor, first, reply));
    reply.end();
    std::int64_t id = 0;
    if (stays) {
        cursor->cursor->save();
        cursor->command = shown_command(context.command);
        set_owner(context, *cursor);
        id = context.service.cursors.add(std::move(cursor));
    } else {
        // Before the operation's end, which is told what the plan did.
        cursor.reset();
    }
    context.operation.statistics.cursor_id = id;
    reply.append("id", id);
    reply.append("ns", ns);
    reply.end();
    return {};
}

Status reply_next_batch(CommandContext& context,
                        std::unique_ptr<OpenCursor> cursor,
                        const BatchLimits& limits,
                        bson::Builder& reply) {
    CursorRegistry& cursors = context.service.cursors;
    const std::string ns = cursor->ns;
    const std::int64_t id = cursor->id;
    context.operation.statistics.cursor_id = id;
    context.running.notes.set_plan_summary(cursor->plan_summary);
    context.running.notes.set_cursor(describe_cursor(context, *cursor));
    reply.begin_document("cursor");
    reply.begin_array("nextBatch");
    const auto stays = fill_batch(context, *cursor, limits, reply);
    if (!stays.ok()) {
        cursors.finish(id);
        return stays.error();
    }
    reply.end();
    if (*stays) {
        cursor->cursor->save();
        cursors.check_in(std::move(cursor));
    } else {
        cursor.reset();
        cursors.finish(id);
    }
    reply.append("id", *stays ? id : std::int64_t{0});
    reply.append("ns", ns);
    reply.end();
    return {};
}

Status reply_with_list(CommandContext& context,
                       std::string_view ns,
                       std::vector<bson::Document> documents,
                       std::optional<std::int64_t> batch_size,
                       bson::Builder& reply) {
    auto open = std::make_unique<OpenCursor>();
    open->ns = ns;
    open->cursor = std::make_unique<ListCursor>(std::move(documents));
    open->looks_ahead = true;
    bson::Builder batch;
    const std::int64_t wanted = batch_size.value_or(std::numeric_limits<std::int64_t>::max());
    PLUMB_TRY(filled, fill(*open, wanted, batch));
    bool is_kept = false;
    if (filled == Batch::Full) {
        PLUMB_TRY(more, has_more(*open, context.operation, wanted));
        is_kept = more;
    }
    if (is_kept) {
        open->command = shown_command(context.command);
        set_owner(context, *open);
    }
    reply.begin_document("cursor");
    reply.append("id", is_kept ? context.service.cursors.add(std::move(open)) : std::int64_t{0});
    reply.append("ns", ns);
    reply.append("firstBatch", batch.finish_array());
    reply.end();
    return {};
}

Result<std::optional<std::int64_t>> parse_cursor_option(bson::ValueView cursor) {
    if (cursor.missing()) {
        return std::optional<std::int64_t>{};
    }
    if (cursor.type() != bson::Type::Document) {
        return fail(ErrorCode::TypeMismatch, "cursor field must be missing or an object");
    }
    for (const bson::Element& field : cursor.as_document()) {
        if (field.name != "batchSize") {
            return fail(ErrorCode::BadValue,
                        "cursor object can't contain fields other than batchSize");
        }
        if (!field.value.is_number()) {
            return fail(ErrorCode::TypeMismatch, "cursor.batchSize must be a number");
        }
        const std::int64_t size = bson::to_clamped_int64(field.value);
        if (size < 0) {
            return fail(ErrorCode::BadValue, "cursor.batchSize must not be negative");
        }
        return std::optional{size};
    }
    return std::optional<std::int64_t>{};
}

}  // namespace plumb::commands
