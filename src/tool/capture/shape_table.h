// SPDX-License-Identifier: GPL-3.0-or-later
// Shapes with what their calls cost: the same table whichever source filled it.
//
//   ShapeTable table;
//   std::size_t at = table.index_of(std::move(shape));
//   table.record(at, {.ms = 12, .docs_examined = 4000});
//
// Memory   one entry a shape, of fixed size but its text. No value of any call is kept, only what
//          kind of values they are (value_class.h), unless the table was made to keep them.
// Threads  one thread.
#pragma once

#include "tool/capture/shape.h"
#include "tool/capture/value_class.h"

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace plumb::capture {

// What one call, or one later batch of its cursor, cost.
struct CallFigures {
    std::int64_t ms = 0;
    std::int64_t keys_examined = 0;
    std::int64_t docs_examined = 0;
    std::int64_t returned = 0;  // documents; for writes: matched or changed
    std::int64_t reply_bytes = 0;
    bool sorted_in_memory = false;
    bool is_more = false;           // a getMore: adds to the figures, not to the calls
    std::string_view plan_summary;  // "IXSCAN { a: 1 }"; empty if not known
};

struct ShapeStatistics {
    Shape shape;
    std::int64_t calls = 0;
    std::int64_t batches = 0;  // getMores
    std::int64_t ms = 0;
    std::int64_t ms_max = 0;
    std::int64_t keys_examined = 0;
    std::int64_t docs_examined = 0;
    std::int64_t returned = 0;
    std::int64_t reply_bytes = 0;
    std::int64_t sorts_in_memory = 0;
    double calls_a_minute = 0;  // declared, or calls over the time that a source covers
    // Calls by duration: bucket n holds those below 2^n ms.
    std::array<std::int64_t, 32> by_duration{};
    std::map<std::string, std::int64_t, std::less<>> plans;  // plan summary: calls
    std::vector<std::string> places;                         // "app/orders.py:42", from source
    ValueClasses values;                                     // of the first calls' constants
    std::int64_t looked_at = 0;                              // calls that `values` comes from
    std::vector<bson::Document>
        kept;  // commands with their values; only of a table that keeps them
};

// The duration below which this share (0…1) of the calls stayed, in ms: the upper bound of a
// bucket.
[[nodiscard]] std::int64_t duration_quantile(const ShapeStatistics& statistics, double share);

// Whether commands may be kept as they are.
enum class Values : std::uint8_t { Classes, Kept };

class ShapeTable {
  public:
    explicit ShapeTable(Values values = Values::Classes) : keeps_(values) {}

    // True while more calls of this shape should be handed to observe().
    [[nodiscard]] bool wants_values(std::size_t index) const {
        return shapes_[index].looked_at < kLookedAtMax;
    }
    // Takes the classes of a call's constants, and the values if this table keeps them.
    void observe(std::size_t index, bson::View command);
    static constexpr std::int64_t kLookedAtMax = 24;
    static constexpr std::size_t kKeptBytesMax = 16U << 10U;  // a command

    // The number of this shape, which stays; a new entry if it has not been seen.
    std::size_t index_of(Shape shape);
    void record(std::size_t index, const CallFigures& figures);
    [[nodiscard]] ShapeStatistics& at(std::size_t index) { return shapes_[index]; }
    [[nodiscard]] std::span<const ShapeStatistics> shapes() const { return shapes_; }

  private:
    Values keeps_;
    std::vector<ShapeStatistics> shapes_;
    std::unordered_map<std::string, std::size_t> by_name_;  // "shop" + text
};

}  // namespace plumb::capture
