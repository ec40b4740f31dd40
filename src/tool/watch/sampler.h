// SPDX-License-Identifier: GPL-3.0-or-later
// Asks every member of a deployment what it says of itself, as one sample.
//
//   Sampler sampler(options, clock);
//   const Sample sample = sampler.take(catalogue, interrupt);
//
// A member that does not answer is a value (`up` 0), not an error: a watch goes on.
//
// Threads  one thread. Commands: isMaster, serverStatus, listCollections, collStats, $indexStats,
//          {profile: -1}, a find on system.profile, replSetGetStatus, and what verify reads.
#pragma once

#include "base/clock.h"
#include "base/interrupt.h"
#include "client/client.h"
#include "project/strategy.h"
#include "tool/watch/members.h"
#include "tool/watch/sample_parts.h"
#include "tool/watch/series.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace plumb::watch {

struct SamplerOptions {
    std::string database;
    std::vector<Member> members;
    std::optional<project::Strategy> strategy;  // for drift
    int priority = 1;
    // Told once each: what a member does not let us see, and why.
    std::function<void(const std::string&)> note;
};

class Sampler {
  public:
    Sampler(SamplerOptions options, const Clock& clock);

    // What the profiler holds from this moment on (the member's clock) is still to be read.
    void profile_read_until(const std::string& member, std::int64_t ms);

    // New series are named in `catalogue`.
    [[nodiscard]] Sample take(Catalogue& catalogue, Interrupt& interrupt);

    [[nodiscard]] std::size_t members_up() const { return members_up_; }

  private:
    struct Connection {
        Member member;
        std::unique_ptr<client::Client> client;  // null: not connected
        bool seen = false;                       // answered once
        std::int64_t profile_until_ms = 0;       // 0: not yet read
    };

    // False: the member is gone.
    [[nodiscard]] bool accept(const std::string& member,
                              std::string_view what,
                              const Status& status);
    [[nodiscard]] bool sample_connected(Connection& connection, Into& into, Interrupt& interrupt);
    void sample_member(Connection& connection,
                       Catalogue& catalogue,
                       Sample& out,
                       Interrupt& interrupt);
    [[nodiscard]] Status connect(Connection& connection);
    void sample_drift(client::Client& client, Catalogue& catalogue, Sample& out);
    void note_once(const std::string& text);

    SamplerOptions options_;
    const Clock& clock_;
    std::vector<Connection> connections_;
    std::set<std::string> noted_;
    std::size_t members_up_ = 0;
};

}  // namespace plumb::watch
