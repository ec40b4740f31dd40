// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/builder.h"
#include "tool/watch/fields.h"
#include "tool/watch/sample_parts.h"

#include <algorithm>

namespace plumb::watch {
namespace {

constexpr std::int64_t kStatePrimary = 1;
constexpr std::int64_t kStateSecondary = 2;

}  // namespace

Status sample_replication(client::Client& client, const Into& into) {
    bson::Builder command;
    command.append("replSetGetStatus", 1);
    PLUMB_TRY(status, client.command("admin", command.finish()));
    // Without a primary the member that has most is the measure.
    std::int64_t newest_ms = 0;
    std::int64_t primary_ms = 0;
    for (const bson::Element& each : array_at(status, "members")) {
        if (each.value.type() != bson::Type::Document) {
            continue;
        }
        const bson::View member = each.value.as_document();
        const std::int64_t at_ms = whole_at(member, "optimeDate").value_or(0);
        newest_ms = std::max(newest_ms, at_ms);
        if (whole_at(member, "state") == kStatePrimary) {
            primary_ms = at_ms;
        }
    }
    const std::int64_t ahead_ms = primary_ms > 0 ? primary_ms : newest_ms;
    for (const bson::Element& each : array_at(status, "members")) {
        if (each.value.type() != bson::Type::Document) {
            continue;
        }
        const bson::View member = each.value.as_document();
        const auto at_ms = whole_at(member, "optimeDate");
        if (at_ms && whole_at(member, "state") == kStateSecondary) {
            into.put({Kind::Gauge, "lag_ms", text_at(member, "name"), {}, {}},
                     std::max<std::int64_t>(0, ahead_ms - *at_ms));
        }
    }
    return {};
}

}  // namespace plumb::watch
