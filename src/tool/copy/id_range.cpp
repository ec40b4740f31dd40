// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/copy/id_range.h"

#include "bson/builder.h"
#include "bson/compare.h"
#include "bson/number.h"

namespace plumb::copy {
namespace {

bson::Document one_field(std::string_view name, std::int32_t value) {
    bson::Builder out;
    out.append(name, value);
    return out.finish();
}

bson::Document find_command(const Range& range) {
    bson::Builder out;
    out.append("find", range.collection);
    if (range.natural) {
        out.append("sort", one_field("$natural", 1));
    } else {
        out.append("sort", one_field("_id", 1));
        out.append("hint", one_field("_id", 1));
        if (!range.after.view().missing()) {
            out.begin_document("min").append("_id", range.after).end();
        }
    }
    out.append("noCursorTimeout", true);
    return out.finish();
}

bson::Document get_more_command(const Range& range, std::int64_t cursor) {
    bson::Builder out;
    out.append("getMore", cursor);
    out.append("collection", range.collection);
    return out.finish();
}

void kill_cursor(client::Client& client, const Range& range, std::int64_t cursor) {
    bson::Builder out;
    out.append("killCursors", range.collection);
    out.begin_array("cursors").push(cursor).end();
    // The cursor is of no more use either way, and the first error is the one to tell.
    static_cast<void>(client.command(range.database, out.finish()));
}

Status give(const Range& range, bson::ArrayView batch, const client::Client::OnDocument& each) {
    for (const bson::Element element : batch) {
        const bson::View document = element.value.as_document();
        const bool is_the_bound =
            !range.after.view().missing() && bson::equal(document.find("_id"), range.after.view());
        if (!is_the_bound) {
            PLUMB_CHECK(each(document));
        }
    }
    return {};
}

}  // namespace

Status read_range(client::Client& client,
                  const Range& range,
                  Interrupt& interrupt,
                  const client::Client::OnDocument& each) {
    bson::Document command = find_command(range);
    std::string_view batch_name = "firstBatch";
    while (true) {
        PLUMB_TRY(reply, client.command(range.database, command));
        const bson::ValueView cursor = reply.find("cursor");
        if (cursor.type() != bson::Type::Document) {
            return fail(ErrorCode::ProtocolError, "the reply has no cursor");
        }
        const std::int64_t id = bson::to_clamped_int64(cursor.as_document().find("id"));
        const bson::ValueView batch = cursor.as_document().find(batch_name);
        Status given =
            batch.type() == bson::Type::Array ? give(range, batch.as_array(), each) : Status{};
        if (given.ok()) {
            given = interrupt.check_now();
        }
        if (id == 0 || !given.ok()) {
            if (id != 0) {
                kill_cursor(client, range, id);
            }
            return given;
        }
        command = get_more_command(range, id);
        batch_name = "nextBatch";
    }
}

Result<bson::Value> last_id(client::Client& client,
                            std::string_view database,
                            std::string_view collection) {
    client::FindOptions options;
    options.sort = one_field("_id", -1);
    options.projection = one_field("_id", 1);
    options.limit = 1;
    bson::Value out;
    PLUMB_CHECK(
        client.find(database, collection, bson::Document{}, options, [&out](bson::View document) {
            out = bson::Value{document.find("_id")};
            return Status{};
        }));
    return out;
}

Result<std::int64_t> count_documents(client::Client& client,
                                     std::string_view database,
                                     std::string_view collection) {
    bson::Builder group;
    group.begin_document("$group").append_null("_id");
    group.begin_document("n").append("$sum", 1).end().end();
    std::int64_t count = 0;
    PLUMB_CHECK(client.aggregate(database, collection, {group.finish()}, [&count](bson::View row) {
        count = bson::to_clamped_int64(row.find("n"));
        return Status{};
    }));
    return count;
}

}  // namespace plumb::copy
