// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/watch/sampler.h"

#include "bson/builder.h"
#include "tool/verify/verify.h"
#include "tool/watch/fields.h"
#include "tool/watch/sample_parts.h"

#include <fmt/format.h>

namespace plumb::watch {
namespace {

// An entry reaches system.profile a little after the time that stands in it.
constexpr std::int64_t kProfileSettlesMs = 100;

bool is_gone(const Error& error) {
    return exit_code_for(error.code()) == ExitCode::NoServer;
}

std::string_view drift_series(verify::Mark mark) {
    switch (mark) {
        case verify::Mark::Missing:
            return "drift_missing";
        case verify::Mark::Different:
            return "drift_different";
        default:
            return "drift_extra";
    }
}

}  // namespace

Sampler::Sampler(SamplerOptions options, const Clock& clock)
    : options_(std::move(options)), clock_(clock) {
    for (const Member& member : options_.members) {
        Connection connection;
        connection.member = member;
        connections_.push_back(std::move(connection));
    }
}

void Sampler::profile_read_until(const std::string& member, std::int64_t ms) {
    for (Connection& connection : connections_) {
        if (connection.member.name == member) {
            connection.profile_until_ms = ms;
            connection.seen = true;
        }
    }
}

void Sampler::note_once(const std::string& text) {
    if (options_.note && noted_.insert(text).second) {
        options_.note(text);
    }
}

Status Sampler::connect(Connection& connection) {
    if (connection.client) {
        return {};
    }
    client::ConnectOptions connect;
    connect.url = connection.member.url;
    connect.server_selection_timeout = std::chrono::milliseconds{2000};
    PLUMB_TRY(client, client::Client::connect(connect));
    connection.client = std::move(client);
    return {};
}

void Sampler::sample_member(Connection& connection,
                            Catalogue& catalogue,
                            Sample& out,
                            Interrupt& interrupt) {
    const std::string& name = connection.member.name;
    const Into into{catalogue, out, name};
    const Status connected = connect(connection);
    if (!connected.ok()) {
        if (connection.seen) {
            into.gauge("up", 0);
        }
        note_once(
            fmt::format("{} cannot be reached from here: {}", name, connected.error().message()));
        return;
    }
    client::Client& client = *connection.client;
    // One part that is refused does not keep the others from being sampled.
    bool gone = false;
    const auto accept = [&](std::string_view what, const Status& status) {
        if (!status.ok()) {
            gone = gone || is_gone(status.error());
            note_once(fmt::format("{}: no {}: {}", name, what, status.error().message()));
        }
    };
    std::int64_t member_clock_ms = 0;
    auto status = sample_server_status(client, into);
    if (status.ok()) {
        member_clock_ms = *status;
    } else {
        accept("serverStatus", std::move(status).error());
    }
    bson::Builder ask;
    ask.append("isMaster", 1);
    const auto hello = client.command("admin", ask.finish());
    const Role role = hello.ok() ? role_of(*hello) : Role::Other;
    if (hello.ok()) {
        into.gauge("role", static_cast<std::int64_t>(role));
    } else {
        accept("isMaster", hello.error());
    }
    if (!gone && !interrupt.killed()) {
        accept("sizes", sample_sizes(client, options_.database, into));
    }
    if (!gone && !interrupt.killed()) {
        accept("uses of indexes", sample_uses(client, options_.database, into));
    }
    if (!gone && member_clock_ms > 0 && role != Role::Router) {
        const std::int64_t until_ms = member_clock_ms - kProfileSettlesMs;
        if (connection.profile_until_ms == 0) {
            connection.profile_until_ms = until_ms;
        }
        accept(
            "profiler",
            sample_profile(client, options_.database, connection.profile_until_ms, until_ms, into));
        connection.profile_until_ms = std::max(connection.profile_until_ms, until_ms);
        into.gauge("profile_until_ms", connection.profile_until_ms);
    }
    if (!gone && (role == Role::Primary || role == Role::Secondary)) {
        accept("replication", sample_replication(client, into));
    }
    if (gone) {
        connection.client.reset();
    }
    if (!gone || connection.seen) {
        into.gauge("up", gone ? 0 : 1);
    }
    connection.seen = connection.seen || !gone;
    members_up_ += gone ? 0 : 1;
}

void Sampler::sample_drift(client::Client& client, Catalogue& catalogue, Sample& out) {
    const auto found = verify::read_indexes(client, options_.database, *options_.strategy);
    if (!found.ok()) {
        note_once(fmt::format("no comparison with the strategy: {}", found.error().message()));
        return;
    }
    const Into into{catalogue, out, ""};
    // What was a difference once and is none any more.
    for (const char* series : {"drift_missing", "drift_different", "drift_extra"}) {
        for (const std::size_t id : catalogue.named(series)) {
            out.set(id, 0);
        }
    }
    const verify::Report report =
        verify::compare(*options_.strategy, *found, {.priority = options_.priority});
    for (const verify::CollectionReport& collection : report.collections) {
        for (const verify::Line& line : collection.lines) {
            if (verify::is_drift(line.mark)) {
                into.put({Kind::Gauge,
                          std::string{drift_series(line.mark)},
                          "",
                          fmt::format("{}.{}", collection.name, line.name),
                          line.detail},
                         1);
            }
        }
    }
}

Sample Sampler::take(Catalogue& catalogue, Interrupt& interrupt) {
    Sample out;
    out.at_ms = clock_.now().count();
    members_up_ = 0;
    for (Connection& connection : connections_) {
        sample_member(connection, catalogue, out, interrupt);
    }
    if (options_.strategy) {
        for (Connection& connection : connections_) {
            if (connection.client) {
                sample_drift(*connection.client, catalogue, out);
                break;
            }
        }
    }
    return out;
}

}  // namespace plumb::watch
