// SPDX-License-Identifier: GPL-3.0-or-later
// Samples one after the other, turned into amounts and rates: what happened between two of them.
//
//   history.feed(catalogue, sample);
//   history.amount(id);              // 120 calls since the sample before
//
// A counter that a restart reset gives what it counted since then, never less than nothing; a pause
// of the watch is remembered as a gap, and amounts over it are spread over its whole length.
//
// Threads  one thread.
#pragma once

#include "tool/watch/series.h"

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::watch {

inline constexpr std::size_t kWindowSamples = 20;     // "lately"
inline constexpr std::size_t kReferenceSamples = 10;  // "at first"

struct Gap {
    std::int64_t from_ms = 0;
    std::int64_t to_ms = 0;
};

struct Restart {
    std::string member;
    std::int64_t at_ms = 0;  // of the first sample after it
};

class History {
  public:
    // `every_ms`: how far apart samples should be; more than three times that is a gap.
    void set_interval(std::int64_t every_ms) { every_ms_ = every_ms; }
    // The next sample begins a session: what lies before it is a gap, however short.
    void begin_session() { session_begins_ = count_ > 0; }

    // `catalogue` outlives the history, or use() names another one with the same series.
    void feed(const Catalogue& catalogue, const Sample& sample);
    void use(const Catalogue& catalogue) { catalogue_ = &catalogue; }

    // The value in the latest sample; nothing if it had none.
    [[nodiscard]] std::optional<std::int64_t> now(std::size_t id) const;
    // What a counter grew by, or an amount was, in the latest interval; nothing if that is not
    // known.
    [[nodiscard]] std::optional<double> amount(std::size_t id) const;
    // The same a second.
    [[nodiscard]] std::optional<double> rate(std::size_t id) const;
    // All amounts since the series began, and those of the last kWindowSamples.
    [[nodiscard]] double total(std::size_t id) const;
    [[nodiscard]] double lately(std::size_t id) const;
    // Intervals whose amount is known, of the last kWindowSamples.
    [[nodiscard]] std::size_t lately_known(std::size_t id) const;
    // The first kReferenceSamples amounts; nothing until there are that many.
    [[nodiscard]] std::optional<double> at_first(std::size_t id) const;

    [[nodiscard]] const Catalogue& catalogue() const { return *catalogue_; }
    [[nodiscard]] std::int64_t at_ms() const { return at_ms_; }
    [[nodiscard]] std::int64_t first_ms() const { return first_ms_; }
    [[nodiscard]] std::int64_t samples() const { return count_; }
    [[nodiscard]] const std::vector<Gap>& gaps() const { return gaps_; }
    [[nodiscard]] const std::vector<Restart>& restarts() const { return restarts_; }
    // Members that the latest sample shows as restarted since the one before.
    [[nodiscard]] const std::set<std::string>& just_restarted() const { return just_restarted_; }

  private:
    struct Point {
        std::optional<std::int64_t> now;
        std::optional<std::int64_t> last;  // the latest that was there
        std::int64_t last_ms = 0;
        std::optional<double> amount;
        double seconds = 0;  // that the amount covers
        double total = 0;
        double at_first = 0;
        std::size_t known = 0;
        std::array<std::optional<double>, kWindowSamples> ring{};
    };

    void find_restarts(const Sample& sample);
    void note_gap(const Sample& sample);
    [[nodiscard]] std::optional<double> amount_of(const SeriesInfo& info,
                                                  const Point& point,
                                                  std::int64_t value) const;

    static const Catalogue kEmpty;
    const Catalogue* catalogue_ = &kEmpty;
    std::vector<Point> points_;
    std::int64_t every_ms_ = 30'000;
    std::int64_t at_ms_ = 0;
    std::int64_t first_ms_ = 0;
    std::int64_t count_ = 0;
    bool session_begins_ = false;
    std::vector<Gap> gaps_;
    std::vector<Restart> restarts_;
    std::set<std::string> just_restarted_;
};

}  // namespace plumb::watch
