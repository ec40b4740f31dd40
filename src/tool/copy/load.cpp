// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/copy/load.h"

#include "bson/builder.h"
#include "tool/copy/id_range.h"

#include <fmt/format.h>

#include <utility>

namespace plumb::copy {
namespace {

// A batch stays far below the 48 MB of a message, whatever the last document's size.
constexpr std::size_t kBatchBytes = 8U << 20;
constexpr std::size_t kBatchDocuments = 1000;

// Collects documents, and sends them as one ordered insert: what a broken connection leaves is then
// the beginning of it.
class Batch {
  public:
    Batch(client::Client& target, std::string_view database, const Definition& definition)
        : target_(target), database_(database), definition_(definition) {}

    [[nodiscard]] Status add(bson::View document) {
        documents_.push(document);
        bytes_ += document.byte_size();
        ++count_;
        return bytes_ >= kBatchBytes || count_ >= kBatchDocuments ? send() : Status{};
    }

    [[nodiscard]] Status send() {
        if (count_ == 0) {
            return {};
        }
        bson::Builder command;
        command.append("insert", definition_.name);
        command.append("documents", documents_.finish_array());
        command.append("ordered", true);
        if (definition_.options.has("validator")) {
            // There may be documents older than the validator.
            command.append("bypassDocumentValidation", true);
        }
        command.begin_document("writeConcern").append("w", "majority").end();
        documents_ = {};
        sent_ += std::exchange(count_, 0);
        bytes_ = 0;
        const auto reply = target_.command(database_, command.finish());
        return reply.ok() ? Status{} : Status{reply.error()};
    }

    [[nodiscard]] std::int64_t sent() const { return static_cast<std::int64_t>(sent_); }

  private:
    client::Client& target_;
    std::string_view database_;
    const Definition& definition_;
    bson::Builder documents_;
    std::size_t count_ = 0;
    std::size_t bytes_ = 0;
    std::size_t sent_ = 0;
};

Status create(const Job& job, const Definition& definition) {
    const auto created = job.target.command(job.target_database, create_command(definition));
    if (!created.ok() && created.error().code() != ErrorCode::NamespaceExists) {
        return created.error();
    }
    return {};
}

Status copy_documents(const Job& job, const Definition& definition, Line& line) {
    Range range{job.source_database, definition.name, {}, definition.capped};
    if (definition.capped) {
        PLUMB_CHECK(drop_collection(job.target, job.target_database, definition.name));
    } else {
        PLUMB_TRY(last, last_id(job.target, job.target_database, definition.name));
        range.after = std::move(last);
    }
    PLUMB_CHECK(create(job, definition));
    PLUMB_TRY(there, count_documents(job.target, job.target_database, definition.name));
    PLUMB_TRY(total, count_documents(job.source, job.source_database, definition.name));
    line.continued = there;
    Batch batch(job.target, job.target_database, definition);
    Contents seen;
    const auto send_one = [&](bson::View document) -> Status {
        PLUMB_CHECK(job.interrupt.check());
        seen.add(document);
        PLUMB_CHECK(batch.add(document));
        job.progress(definition.name, there + batch.sent(), total);
        return {};
    };
    PLUMB_CHECK(read_range(job.source, range, job.interrupt, send_one));
    PLUMB_CHECK(batch.send());
    line.copied = batch.sent();
    if (there == 0) {
        line.source = seen;
    }
    return {};
}

Status build_indexes(const Job& job, const Definition& definition, Line& line) {
    PLUMB_TRY(wanted, job.source.list_indexes(job.source_database, definition.name));
    PLUMB_TRY(there, job.target.list_indexes(job.target_database, definition.name));
    line.indexes = wanted.empty() ? 0 : static_cast<int>(wanted.size()) - 1;
    const bson::Document command = indexes_command(definition.name, wanted, there);
    if (command.empty()) {
        return {};
    }
    job.progress(fmt::format("{}: indexes", definition.name), 0, 0);
    PLUMB_TRY(reply, job.target.command(job.target_database, command));
    static_cast<void>(reply);
    return {};
}

}  // namespace

Status load_collection(const Job& job, const Definition& definition, Line& line) {
    PLUMB_CHECK(copy_documents(job, definition, line));
    return build_indexes(job, definition, line);
}

Status load_view(const Job& job, const Definition& definition) {
    PLUMB_CHECK(drop_collection(job.target, job.target_database, definition.name));
    return create(job, definition);
}

}  // namespace plumb::copy
