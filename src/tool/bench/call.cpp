// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/call.h"

#include "bson/builder.h"
#include "bson/number.h"

#include <string>

namespace plumb::bench {
namespace {

struct Batch {
    std::int64_t cursor = 0;
    std::string collection;
    std::int64_t documents = 0;
};

Batch read_cursor(bson::View cursor, std::string_view batch_name) {
    Batch out;
    const bson::ValueView id = cursor.find("id");
    out.cursor = id.is_number() ? bson::to_clamped_int64(id) : 0;
    const bson::ValueView space = cursor.find("ns");
    if (space.type() == bson::Type::String) {
        out.collection = space.as_string().substr(space.as_string().find('.') + 1);
    }
    const bson::ValueView batch = cursor.find(batch_name);
    if (batch.type() == bson::Type::Array) {
        out.documents = static_cast<std::int64_t>(batch.as_array().count());
    }
    return out;
}

}  // namespace

Result<std::int64_t> call(client::Client& client, std::string_view database, bson::View command) {
    PLUMB_TRY(reply, client.command(database, command));
    const bson::ValueView cursor = reply.find("cursor");
    if (cursor.type() != bson::Type::Document) {
        return std::int64_t{1};
    }
    Batch batch = read_cursor(cursor.as_document(), "firstBatch");
    std::int64_t documents = batch.documents;
    while (batch.cursor != 0) {
        bson::Builder more;
        more.append("getMore", batch.cursor);
        more.append("collection", batch.collection);
        PLUMB_TRY(next, client.command(database, more.finish()));
        const bson::ValueView next_cursor = next.find("cursor");
        if (next_cursor.type() != bson::Type::Document) {
            return fail(ErrorCode::ProtocolError, "a getMore reply has no cursor");
        }
        batch = read_cursor(next_cursor.as_document(), "nextBatch");
        documents += batch.documents;
    }
    return documents;
}

}  // namespace plumb::bench
