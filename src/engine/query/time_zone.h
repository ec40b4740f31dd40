// SPDX-License-Identifier: GPL-3.0-or-later
// Time zones: "Asia/Kolkata", "+05:30", "-0800", "UTC".
//
//   PLUMB_TRY(zone, TimeZone::find("Asia/Kolkata"));
//   std::int64_t wall_ms = ms + zone->offset_at(ms) * 1000;
//
// Format   TZif, versions 1 to 4, from the system's zone files; a POSIX rule behind the last
//          transition
// Source   RFC 8536; POSIX "TZ"; MongoDB manual, "Olson Timezone Identifier"
// Threads  const functions may run at once.
#pragma once

#include "base/result.h"
#include "engine/query/time_zone_rule.h"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::query {

class TimeZone {
  public:
    // errors  40485 for a name that is no zone
    [[nodiscard]] static Result<std::shared_ptr<const TimeZone>> find(std::string_view name);
    [[nodiscard]] static TimeZone utc() { return TimeZone{}; }
    // Parses the bytes of a zone file; nothing if they are none.
    [[nodiscard]] static std::optional<TimeZone> parse(std::string_view bytes);

    // Seconds that the zone's clocks are ahead of UTC at a moment, in milliseconds since the epoch.
    [[nodiscard]] std::int64_t offset_at(std::int64_t ms) const;
    // The moment of a wall clock's time, given as if it were UTC. In the hour that a change to
    // summer time leaves out, clocks are read as before the change; in a doubled hour the first
    // counts.
    [[nodiscard]] std::int64_t to_utc(std::int64_t wall_ms) const;

  private:
    struct Transition {
        std::int64_t at;      // seconds since the epoch
        std::int64_t offset;  // from then on
    };
    std::vector<Transition> transitions_;
    std::int64_t first_offset_ = 0;
    std::optional<ZoneRule> rule_;  // behind the last transition
};

// Zones that were asked for before. Threads: from any thread.
class TimeZoneCache {
  public:
    // As TimeZone::find; lives as long as the cache.
    [[nodiscard]] Result<const TimeZone*> find(std::string_view name) const;

  private:
    mutable std::mutex mutex_;
    mutable std::map<std::string, std::shared_ptr<const TimeZone>, std::less<>> zones_;
};

}  // namespace plumb::query
