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

bool Sampler::accept(const std::string& member, std::string_view what, const Status& status) {
    if (status.ok()) {
        return true;
    }
    note_once(fmt::format("{}: no {}: {}", member, what, status.error().message()));
    return !is_gone(status.error());
}

void Sampler::sample_member(Connection& connection,
                            Catalogue& catalogue,
                            Sample& out,
                            Interrupt& interrupt) {
    Into into{catalogue, out, connection.member.name};
    const Status connected = connect(connection);
    bool up = connected.ok();
    if (up) {
        up = sample_connected(connection, into, interrupt);
        into.gauge("own_reads", into.own_reads);
    } else {
        note_once(fmt::format(
            "{} cannot be reached from here: {}", into.member, connected.error().message()));
    }
    if (!up) {
        connection.client.reset();
    }
    // A member that never answered may be a name that means nothing here.
    if (up || connection.seen) {
        into.gauge("up", up ? 1 : 0);
    }
    connection.seen = connection.seen || up;
    members_up_ += up ? 1 : 0;
}

bool Sampler::sample_connected(Connection& connection, Into& into, Interrupt& interrupt) {
    client::Client& client = *connection.client;
    const std::string& name = into.member;
    // One part that is refused does not keep the others from being sampled; a member that is gone
    // does.
    const auto clock_ms = sample_server_status(client, into);
    bson::Builder ask;
    ask.append("isMaster", 1);
    const auto hello = client.command("admin", ask.finish());
    const Role role = hello.ok() ? role_of(*hello) : Role::Other;
    if (hello.ok()) {
        into.gauge("role", static_cast<std::int64_t>(role));
    }
    const auto as_status = [](const auto& result) {
        return result.ok() ? Status{} : Status{result.error()};
    };
    if (!accept(name, "serverStatus", as_status(clock_ms)) ||
        !accept(name, "isMaster", as_status(hello)) || interrupt.killed() ||
        !accept(name, "sizes", sample_sizes(client, options_.database, into)) ||
        !accept(name, "uses of indexes", sample_uses(client, options_.database, into))) {
        return interrupt.killed();
    }
    const bool in_set = role == Role::Primary || role == Role::Secondary;
    if (in_set && !accept(name, "replication", sample_replication(client, into))) {
        return false;
    }
    if (!clock_ms.ok() || role == Role::Router) {
        return true;
    }
    const std::int64_t until_ms = *clock_ms - kProfileSettlesMs;
    std::int64_t& from_ms = connection.profile_until_ms;
    from_ms = from_ms == 0 ? until_ms : std::min(from_ms, until_ms);
    const Status profile = sample_profile(client, options_.database, from_ms, until_ms, into);
    from_ms = until_ms;
    into.gauge("profile_until_ms", until_ms);
    return accept(name, "profiler", profile);
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
