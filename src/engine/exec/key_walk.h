// SPDX-License-Identifier: GPL-3.0-or-later
// Walking an index along bounds: where to begin, whether an entry lies within, and where to seek
// on if it does not.
//
//   KeyWalk walk{index, bounds, Direction::Forward};
//   entry = cursor->seek(walk.start());
//   switch (walk.check(entry->key, position)) { … }
//
// Threads  one thread.
#pragma once

#include "engine/plan/bounds.h"
#include "engine/storage/cursors.h"
#include "engine/storage/index_spec.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::exec {

enum class KeyPlace : std::uint8_t {
    Inside,
    Skip,    // outside; what may be inside begins at `position`
    Behind,  // nothing inside follows
};

class KeyWalk {
  public:
    KeyWalk(const storage::IndexState& index,
            const plan::IndexBounds& bounds,
            storage::Direction direction);

    // True if no key can lie within.
    [[nodiscard]] bool empty() const { return empty_; }
    // True if the bounds are one stretch: the end of it needs no look at an entry behind.
    [[nodiscard]] bool is_one_stretch() const { return one_stretch_; }

    // What IndexCursor::seek takes to come to the first key.
    [[nodiscard]] const std::string& start() const { return start_; }

    // Where `key` lies. `position` is set for Skip, as seek takes it.
    [[nodiscard]] KeyPlace check(std::string_view key, std::string& position) const;

    // The position behind all keys that agree with `key` in its first `fields` fields.
    void after_prefix(std::string_view key, std::size_t fields, std::string& position) const;

  private:
    struct EncodedInterval {
        std::string low;
        std::string high;
        bool low_inclusive;
        bool high_inclusive;
    };
    using Field = std::vector<EncodedInterval>;

    void set_stretch(const plan::KeyEnds& ends);
    [[nodiscard]] KeyPlace check_stretch(std::string_view key) const;
    [[nodiscard]] int compare(std::string_view key, std::string_view field) const;
    void append_lows(std::size_t from, std::size_t interval, std::string& position) const;
    [[nodiscard]] std::size_t bytes_before(std::string_view key, std::size_t field) const;

    const bson::KeyPattern& pattern_;
    bool forward_;
    bool empty_ = false;
    bool one_stretch_ = false;
    std::string start_;
    std::string end_;  // of one stretch: with 0xFF behind it where that means "included"
    std::vector<Field> fields_;
};

}  // namespace plumb::exec
