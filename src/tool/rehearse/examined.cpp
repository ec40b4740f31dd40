// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/rehearse/examined.h"

#include "bson/builder.h"
#include "bson/hash.h"
#include "bson/number.h"
#include "tool/bench/call.h"
#include "tool/bench/plan_summary.h"
#include "tool/rehearse/traits.h"

#include <algorithm>
#include <cmath>

namespace plumb::rehearse {
namespace {

constexpr std::uint64_t kCallsAlike = 12;
constexpr double kFirstBatch = 101;             // documents of a cursor's first reply
constexpr double kReplyBytes = 16.0 * 1048576;  // of one reply at most

struct Counters {
    double docs = 0;
    double keys = 0;
};

Result<Counters> read_counters(client::Client& client) {
    bson::Builder command;
    command.append("serverStatus", 1);
    PLUMB_TRY(status, client.command("admin", command.finish()));
    const bson::ValueView metrics = status.find("metrics");
    const bson::ValueView executor = metrics.type() == bson::Type::Document
                                         ? metrics.as_document().find("queryExecutor")
                                         : bson::ValueView{};
    if (executor.type() != bson::Type::Document) {
        return fail(ErrorCode::CommandNotSupported,
                    "the engine does not count the documents it examines");
    }
    const bson::View counts = executor.as_document();
    return Counters{.docs = bson::to_double(counts.find("scannedObjects")),
                    .keys = bson::to_double(counts.find("scanned"))};
}

Result<Call> do_read(const Counting& with, bson::View command) {
    Call out;
    PLUMB_TRY(before, read_counters(with.client));
    const std::int64_t received = with.client.bytes_received();
    PLUMB_TRY(documents, bench::call(with.client, with.database, command));
    out.bytes = static_cast<double>(with.client.bytes_received() - received);
    PLUMB_TRY(after, read_counters(with.client));
    out.docs = after.docs - before.docs;
    out.keys = after.keys - before.keys;
    out.returned = static_cast<double>(documents);
    if (out.returned > kFirstBatch && command.find("singleBatch").missing()) {
        out.trips += std::ceil(out.bytes / kReplyBytes);
    }
    return out;
}

Result<bench::PlanSummary> explain(const Counting& with, bson::View command) {
    bson::Builder ask;
    ask.append("explain", command);
    ask.append("verbosity", "executionStats");
    PLUMB_TRY(reply, with.client.command(with.database, ask.finish()));
    return bench::summarise_plan(reply);
}

Result<Call> look_at(const Counting& with, bson::View command, CommandCalls& out, bool first) {
    Call call;
    if (out.traits.is_insert) {
        return call;
    }
    // The plan may be another one for other values; the first one's decides how the work grows.
    if (first || out.traits.writes) {
        PLUMB_TRY(plan, explain(with, command));
        if (first) {
            out.traits.scans = plan.collection_scan;
            out.traits.sorts = plan.sorts_in_memory;
        }
        call.docs = plan.docs_examined;
        call.keys = plan.keys_examined;
    }
    if (!out.traits.writes) {
        PLUMB_TRY(read, do_read(with, command));
        call = read;
    }
    call.command_hash = bson::hash_bytes(command.raw());
    return call;
}

// More calls would say nothing new: all have looked at the same.
bool all_alike(const Examined& examined) {
    return std::all_of(
        examined.commands.begin(), examined.commands.end(), [](const CommandCalls& command) {
            const Call& first = command.calls.front();
            return std::all_of(
                command.calls.begin(), command.calls.end(), [&first](const Call& call) {
                    return call.docs == first.docs && call.keys == first.keys &&
                           call.returned == first.returned;
                });
        });
}

}  // namespace

Result<Examined> count_examined(const Counting& with, const workload::Query& query) {
    Examined out;
    out.id = query.id;
    for (const bson::Document& pattern : query.commands) {
        out.commands.push_back({traits_of(pattern, with.workload), {}});
    }
    const auto started = with.clock.monotonic();
    for (std::uint64_t index = 0; index < kCallsMax; ++index) {
        PLUMB_CHECK(with.interrupt.check_now());
        const bool enough = index >= kCallsMin && with.clock.monotonic() - started > with.budget;
        if (enough || (index == kCallsAlike && all_alike(out))) {
            break;
        }
        PLUMB_TRY(commands, with.drawer.commands(query, index));
        for (std::size_t at = 0; at < commands.size(); ++at) {
            PLUMB_TRY(call, look_at(with, commands[at], out.commands[at], index == 0));
            out.commands[at].calls.push_back(call);
        }
    }
    return out;
}

}  // namespace plumb::rehearse
