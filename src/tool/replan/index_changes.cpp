// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/builder.h"
#include "bson/number.h"
#include "tool/replan/scratch.h"

#include <algorithm>
#include <chrono>

namespace plumb::replan {
namespace {

using SteadyClock = std::chrono::steady_clock;

bson::Document command_of(const IndexChange& change) {
    bson::Builder out;
    if (change.drop) {
        out.append("dropIndexes", change.collection);
        out.append("index", change.index.name);
        return out.finish();
    }
    out.append("createIndexes", change.collection);
    out.begin_array("indexes");
    out.push(project::index_to_command(change.index));
    out.end();
    return out.finish();
}

std::int64_t index_bytes(client::Client& client,
                         const std::string& database,
                         const IndexChange& change) {
    bson::Builder command;
    command.append("collStats", change.collection);
    const auto stats = client.command(database, command.finish());
    if (!stats.ok()) {
        return -1;
    }
    const bson::ValueView sizes = stats->find("indexSizes");
    if (sizes.type() != bson::Type::Document) {
        return -1;
    }
    const bson::ValueView bytes = sizes.as_document().find(change.index.name);
    return bytes.is_number() ? bson::to_clamped_int64(bytes) : -1;
}

// A connection that is gone ends the whole; anything else is about this one index.
bool is_about_the_server(const Error& error) {
    return error.code() == ErrorCode::HostUnreachable || error.code() == ErrorCode::Interrupted;
}

Result<IndexOutcome> apply_one(client::Client& client,
                               const std::string& database,
                               const IndexChange& change) {
    IndexOutcome out;
    out.change = change;
    const auto start = SteadyClock::now();
    const auto reply = client.command(database, command_of(change));
    const std::chrono::duration<double, std::milli> taken = SteadyClock::now() - start;
    out.ms = taken.count();
    if (!reply.ok()) {
        if (is_about_the_server(reply.error())) {
            return reply.error();
        }
        out.error = reply.error().message();
        return out;
    }
    if (!change.drop) {
        out.bytes = index_bytes(client, database, change);
    }
    return out;
}

// True if the drop makes room for one of the others: a server has one index of a key, or of a name.
bool makes_room(const IndexChange& drop, const std::vector<IndexChange>& changes) {
    return std::ranges::any_of(changes, [&](const IndexChange& each) {
        return !each.drop && each.collection == drop.collection &&
               (each.index.name == drop.index.name ||
                project::same_key(each.index.key, drop.index.key));
    });
}

// Replaced ones go first, then the new ones come, then the rest goes.
int turn(const IndexChange& change, const std::vector<IndexChange>& changes) {
    if (!change.drop) {
        return 1;
    }
    return makes_room(change, changes) ? 0 : 2;
}

}  // namespace

Result<std::vector<IndexOutcome>> apply(client::Client& client,
                                        const std::string& database,
                                        const std::vector<IndexChange>& changes,
                                        Interrupt& interrupt) {
    std::vector<IndexOutcome> out;
    for (const int now : {0, 1, 2}) {
        for (const IndexChange& change : changes) {
            if (turn(change, changes) != now) {
                continue;
            }
            PLUMB_CHECK(interrupt.check_now());
            PLUMB_TRY(outcome, apply_one(client, database, change));
            out.push_back(std::move(outcome));
        }
    }
    return out;
}

}  // namespace plumb::replan
