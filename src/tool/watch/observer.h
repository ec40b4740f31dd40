// SPDX-License-Identifier: GPL-3.0-or-later
// A series as it is watched: sessions and samples go in, alerts come out. Live samples, a resumed
// series and a replay all go this one way, so they say the same.
//
// Threads  one thread.
#pragma once

#include "bson/document.h"
#include "tool/watch/alerts.h"
#include "tool/watch/baseline.h"
#include "tool/watch/history.h"

#include <cstdint>
#include <string>
#include <vector>

namespace plumb::watch {

// What a session says of itself; kept in the series.
struct SessionFacts {
    std::int64_t started_ms = 0;
    std::int64_t every_ms = 30'000;
    std::int64_t for_ms = 0;
    std::int64_t unused_after_ms = 0;
    std::string database;
    std::string url;  // without a password
    std::string tool;
    Baseline baseline;
};

[[nodiscard]] bson::Document to_document(const SessionFacts& facts);
[[nodiscard]] SessionFacts session_facts_from(bson::View document);

class Observer {
  public:
    void begin(SessionFacts facts);
    [[nodiscard]] std::vector<AlertEvent> feed(const Catalogue& catalogue, const Sample& sample);

    // The names of what was fed, once who kept them goes away.
    void keep(Catalogue catalogue);

    [[nodiscard]] const History& history() const { return history_; }
    [[nodiscard]] const Alerts& alerts() const { return alerts_; }
    // Of the latest session.
    [[nodiscard]] const SessionFacts& facts() const { return facts_; }
    // When the first session began; 0 before it.
    [[nodiscard]] std::int64_t began_ms() const { return began_ms_; }
    [[nodiscard]] std::int64_t sessions() const { return sessions_; }

  private:
    Catalogue kept_;
    History history_;
    Alerts alerts_;
    SessionFacts facts_;
    std::int64_t began_ms_ = 0;
    std::int64_t sessions_ = 0;
};

}  // namespace plumb::watch
