// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/cursor_reply.h"

#include "base/limits.h"
#include "bson/number.h"
#include "engine/commands/service_state.h"
#include "engine/commands/slow_log.h"

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

enum class Batch : std::uint8_t { Ended, Full };

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
        if (open.left && --*open.left <= 0) {
            return Batch::Ended;
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

struct FilledBatch {
    bool stays_open = false;
};

Result<FilledBatch> fill_named(CommandContext& context,
                               OpenCursor& open,
                               std::string_view batch_name,
                               const BatchLimits& limits,
                               bson::Builder& reply) {
    const std::int64_t wanted = limits.documents.value_or(std::numeric_limits<std::int64_t>::max());
    reply.begin_array(batch_name);
    PLUMB_TRY(batch, fill(open, wanted, reply));
    reply.end();
    exec::OperationStatistics& statistics = context.operation.statistics;
    if (statistics.plan_summary.empty()) {
        statistics.plan_summary = open.cursor->plan_summary();
    }
    if (batch == Batch::Ended || limits.single_batch) {
        return FilledBatch{false};
    }
    PLUMB_TRY(more, has_more(open, context.operation, wanted));
    return FilledBatch{more};
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
    const std::string ns = cursor->ns;
    reply.begin_document("cursor");
    PLUMB_TRY(filled, fill_named(context, *cursor, "firstBatch", first, reply));
    std::int64_t id = 0;
    if (filled.stays_open) {
        cursor->cursor->save();
        cursor->command = shown_command(context.command);
        id = context.service.cursors.add(std::move(cursor));
    }
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
    reply.begin_document("cursor");
    const auto filled = fill_named(context, *cursor, "nextBatch", limits, reply);
    if (!filled.ok()) {
        cursors.finish(id);
        return filled.error();
    }
    if (filled->stays_open) {
        cursor->cursor->save();
        cursors.check_in(std::move(cursor));
    } else {
        cursors.finish(id);
    }
    reply.append("id", filled->stays_open ? id : std::int64_t{0});
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
    bool stays_open = false;
    if (filled == Batch::Full) {
        PLUMB_TRY(more, has_more(*open, context.operation, wanted));
        stays_open = more;
    }
    reply.begin_document("cursor");
    reply.append("id", stays_open ? context.service.cursors.add(std::move(open)) : std::int64_t{0});
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
