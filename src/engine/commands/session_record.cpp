// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/session_record.h"

#include "engine/commands/session_id.h"

#include <utility>

namespace plumb::commands {

namespace {

// The head is written anew with each statement, so it stays short.
constexpr std::size_t kRowsOnHeadMax = 64;
constexpr std::size_t kBytesOnHeadMax = 256 * 1024;
constexpr std::uint8_t kUuidSubtype = 4;

void append_row(bson::Builder& out, const DoneStatements& row) {
    out.push_document();
    out.append("s", row.first);
    if (row.count != 1) {
        out.append("c", row.count);
    }
    if (!row.outcome.empty()) {
        out.append("o", row.outcome);
    }
    out.end();
}

bool continues(const DoneStatements& before, const DoneStatements& after) {
    return before.outcome.empty() && after.outcome.empty() &&
           before.first + before.count == after.first;
}

void append_rows(bson::Builder& out, const SessionRecord& record, const DoneStatements* more) {
    out.begin_array("statements");
    for (std::size_t at = 0; at < record.on_head.size(); ++at) {
        const DoneStatements& row = record.done.at(record.on_head[at]);
        const bool is_last = at + 1 == record.on_head.size();
        if (is_last && more != nullptr && continues(row, *more)) {
            append_row(out, {row.first, row.count + more->count, {}});
            more = nullptr;
        } else {
            append_row(out, row);
        }
    }
    if (more != nullptr) {
        append_row(out, *more);
    }
    out.end();
}

std::optional<DoneStatements> read_row(bson::ValueView value) {
    if (value.type() != bson::Type::Document) {
        return std::nullopt;
    }
    const bson::View row = value.as_document();
    const bson::ValueView first = row.find("s");
    const bson::ValueView count = row.find("c");
    const bson::ValueView outcome = row.find("o");
    if (first.type() != bson::Type::Int32 ||
        (!count.missing() && count.type() != bson::Type::Int32) ||
        (!outcome.missing() && outcome.type() != bson::Type::Document)) {
        return std::nullopt;
    }
    DoneStatements out;
    out.first = first.as_int32();
    out.count = count.missing() ? 1 : count.as_int32();
    if (!outcome.missing()) {
        out.outcome = bson::Document{outcome.as_document()};
    }
    return out;
}

}  // namespace

void SessionRecord::start(std::int64_t number) {
    txn_number = number;
    committed = false;
    done.clear();
    on_head.clear();
    stale_pages.insert(stale_pages.end(), pages.begin(), pages.end());
    pages.clear();
}

const DoneStatements* SessionRecord::find(std::int32_t statement) const {
    auto after = done.upper_bound(statement);
    if (after == done.begin()) {
        return nullptr;
    }
    const DoneStatements& row = (--after)->second;
    return statement - row.first < row.count ? &row : nullptr;
}

void SessionRecord::add(DoneStatements statements) {
    if (!on_head.empty()) {
        DoneStatements& last = done.at(on_head.back());
        if (continues(last, statements)) {
            last.count += statements.count;
            return;
        }
    }
    on_head.push_back(statements.first);
    const std::int32_t first = statements.first;
    done.insert_or_assign(first, std::move(statements));
}

bool is_head_full(const SessionRecord& record) {
    if (record.on_head.size() >= kRowsOnHeadMax) {
        return true;
    }
    std::size_t bytes = 0;
    for (const std::int32_t first : record.on_head) {
        bytes += record.done.at(first).outcome.bytes().size();
    }
    return bytes >= kBytesOnHeadMax;
}

bson::Document head_document(std::string_view session,
                             const SessionRecord& record,
                             const DoneStatements* more,
                             std::chrono::milliseconds now) {
    bson::Builder out;
    append_session_id(out, "_id", session);
    out.append("txnNum", record.txn_number);
    out.append("lastWriteDate", bson::Date{now.count()});
    if (record.committed) {
        out.append("state", "committed");
    }
    append_rows(out, record, more);
    return out.finish();
}

bson::Document page_document(std::string_view session, const SessionRecord& record) {
    bson::Builder out;
    out.begin_document("_id");
    out.append_binary("id", {kUuidSubtype, session});
    out.append("txnNum", record.txn_number);
    out.append("page", static_cast<std::int32_t>(record.pages.size()));
    out.end();
    append_rows(out, record, nullptr);
    return out.finish();
}

std::optional<StoredDocument> read_stored(bson::View document) {
    const bson::ValueView key = document.find("_id");
    if (key.type() != bson::Type::Document) {
        return std::nullopt;
    }
    auto id = session_id(key.as_document());
    if (!id.ok()) {
        return std::nullopt;
    }
    StoredDocument out;
    out.session = std::move(id).value();
    out.is_page = key.as_document().has("page");
    const bson::ValueView number =
        out.is_page ? key.as_document().find("txnNum") : document.find("txnNum");
    const bson::ValueView rows = document.find("statements");
    if (number.type() != bson::Type::Int64 || rows.type() != bson::Type::Array) {
        return std::nullopt;
    }
    out.txn_number = number.as_int64();
    out.committed = document.has("state");
    if (const bson::ValueView date = document.find("lastWriteDate");
        date.type() == bson::Type::Date) {
        out.last_write = std::chrono::milliseconds{date.as_date().ms};
    }
    for (const bson::Element& element : rows.as_array()) {
        auto row = read_row(element.value);
        if (!row) {
            return std::nullopt;
        }
        out.statements.push_back(std::move(*row));
    }
    return out;
}

}  // namespace plumb::commands
