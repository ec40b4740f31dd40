// SPDX-License-Identifier: GPL-3.0-or-later
// Named numbers over time: what a watch samples, keeps, replays and shows.
//
//   Catalogue catalogue;
//   const std::size_t id = catalogue.id_of({Kind::Counter, "cpu_us", "db1:27017", "", ""});
//   Sample sample{.at_ms = now};
//   sample.set(id, 1'250'000);
//
// Threads  value types.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace plumb::watch {

// What a value means. On disk: never renumbered.
enum class Kind : std::uint8_t {
    Gauge = 0,    // the state at the time of the sample
    Counter = 1,  // grows until the server restarts
    Amount = 2,   // what happened since the sample before
};

// One series. Name, member and subject together are its identity.
struct SeriesInfo {
    Kind kind = Kind::Gauge;
    std::string name;     // "cpu_us", with the unit last
    std::string member;   // "db1:27017"; empty for what is of the whole deployment
    std::string subject;  // "orders.user_id_1", a shape's id; empty for what is of the member
    std::string text;     // of a shape; else empty
};

// Series by number, in the order in which they were first seen.
class Catalogue {
  public:
    // The number of this series, which stays.
    std::size_t id_of(const SeriesInfo& info);
    [[nodiscard]] std::optional<std::size_t> find(std::string_view name,
                                                  std::string_view member,
                                                  std::string_view subject = {}) const;
    // All of this name, oldest first.
    [[nodiscard]] const std::vector<std::size_t>& named(std::string_view name) const;
    [[nodiscard]] const SeriesInfo& at(std::size_t id) const { return series_[id]; }
    [[nodiscard]] std::size_t size() const { return series_.size(); }

  private:
    using Key = std::tuple<std::string, std::string, std::string>;
    std::vector<SeriesInfo> series_;
    std::map<Key, std::size_t> ids_;
    std::map<std::string, std::vector<std::size_t>, std::less<>> named_;
};

// So that any two values have a difference that fits.
inline constexpr std::int64_t kValueMax = std::int64_t{1} << 62;

// The values of one moment, by series number; nothing where none was to be had.
struct Sample {
    std::int64_t at_ms = 0;  // since the epoch
    std::vector<std::optional<std::int64_t>> values{};

    // Values beyond ±kValueMax are taken as that.
    void set(std::size_t id, std::int64_t value);
    [[nodiscard]] std::optional<std::int64_t> get(std::size_t id) const {
        return id < values.size() ? values[id] : std::nullopt;
    }
};

// A deployment has fewer; a file that claims more is damaged.
inline constexpr std::size_t kSeriesMax = 100'000;

}  // namespace plumb::watch
