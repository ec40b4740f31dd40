// SPDX-License-Identifier: GPL-3.0-or-later
// Passing over one value in a log line, JSON or the older text form, in one pass over its bytes.
//
// Threads  pure functions.
#pragma once

#include <cstdint>
#include <string_view>

namespace plumb::capture {

// A hash of a command with its constants masked: commands of equal skeleton have equal shapes, so
// that only the first of them is parsed. The other way round does not hold: a shape may have many.
class Skeleton {
  public:
    void add(unsigned char byte) {
        state_ = (state_ ^ byte) * 0x9E37'79B9'7F4A'7C15ULL;
        state_ ^= state_ >> 29U;
    }
    void add(std::string_view bytes) {
        for (const char byte : bytes) {
            add(static_cast<unsigned char>(byte));
        }
    }
    [[nodiscard]] std::uint64_t value() const { return state_; }

  private:
    std::uint64_t state_ = 0xCBF2'9CE4'8422'2325ULL;
};

// The end of the value that begins at `at` (a container, a string, a word or a number); null if the
// line ends before it does. With a skeleton, what the value is apart from its constants is added.
[[nodiscard]] const char* scan_value(const char* at, const char* end, Skeleton* skeleton);

// The same for what is known to begin with a quote: the place behind the closing one, or null.
[[nodiscard]] const char* scan_string(const char* at, const char* end);

}  // namespace plumb::capture
