// SPDX-License-Identifier: GPL-3.0-or-later
// $indexStats of every member.
#include "bson/builder.h"
#include "bson/number.h"
#include "tool/index_facts/usage.h"

namespace plumb::index_facts {
namespace {

std::string_view text_at(bson::View document, std::string_view field) {
    const bson::ValueView value = document.find(field);
    return value.type() == bson::Type::String ? value.as_string() : std::string_view{};
}

// A mongos hands on one row for each shard, which names the shard.
void add_row(bson::View row, const Member& member, CollectionUses& out) {
    const std::string_view name = text_at(row, "name");
    const bson::ValueView accesses = row.find("accesses");
    if (name.empty() || accesses.type() != bson::Type::Document) {
        return;
    }
    const bson::View counts = accesses.as_document();
    const bson::ValueView uses = counts.find("ops");
    const bson::ValueView since = counts.find("since");
    MemberUse use;
    const std::string_view shard = text_at(row, "shard");
    use.member = shard.empty() ? member.name : std::string{shard};
    use.uses = uses.is_number() ? bson::to_clamped_int64(uses) : 0;
    use.since_ms = since.type() == bson::Type::Date ? since.as_date().ms : 0;
    use.started_ms = shard.empty() ? member.started_ms : 0;
    out.by_index[std::string{name}].push_back(std::move(use));
}

}  // namespace

CollectionUses read_uses(Members& members, std::string_view database, std::string_view collection) {
    CollectionUses out;
    out.not_asked = members.not_asked;
    bson::Builder stage;
    stage.begin_document("$indexStats").end();
    const std::vector<bson::Document> pipeline{stage.finish()};
    for (Member& member : members.asked) {
        const Status read =
            member.client->aggregate(database, collection, pipeline, [&](bson::View row) -> Status {
                add_row(row, member, out);
                return {};
            });
        if (!read.ok()) {
            // A server repeats the whole command where it refuses it.
            const bool may_not = read.error().code() == ErrorCode::Unauthorized;
            out.not_asked.push_back(
                {member.name, may_not ? "this user may not" : read.error().message()});
        }
    }
    return out;
}

}  // namespace plumb::index_facts
