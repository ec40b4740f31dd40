// SPDX-License-Identifier: GPL-3.0-or-later
// What the person (or the pipe) at the other end gets to see.
//
//   console.out("users: 4 indexes");
//   console.progress("orders", done, total);   // again and again; then console.progress_done();
//
// Results go to standard output, progress and errors to standard error.
//
// Threads  from any thread: one line is never mixed with another.
#pragma once

#include "base/clock.h"

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

namespace plumb::cli {

enum class Colour : std::uint8_t { Plain, Bold, Dim, Red, Green, Yellow };

struct ConsoleOptions {
    bool quiet = false;           // no progress and no notes
    bool colours_allowed = true;  // false under NO_COLOR
};

class Console {
  public:
    explicit Console(const Clock& clock) : clock_(clock) {}
    void configure(const ConsoleOptions& options);

    // One line each; the newline is added. A progress bar that stands there is wiped first.
    void out(std::string_view line);
    void err(std::string_view line);
    // As err, but not under --quiet.
    void note(std::string_view line);
    // Text for standard output as it is, without a newline.
    void raw(std::string_view text);

    [[nodiscard]] bool out_is_terminal() const { return out_is_terminal_; }
    [[nodiscard]] bool err_is_terminal() const { return err_is_terminal_; }

    // `text` in this colour if standard output is a terminal and NO_COLOR is not set.
    [[nodiscard]] std::string coloured(Colour colour, std::string_view text) const;

    // How far long work is. On a terminal one bar with rate and time left, redrawn in place ten
    // times a second; otherwise one line every five seconds. A new label begins a new bar. total 0:
    // unknown, only the count and the rate are shown.
    void progress(std::string_view label, std::int64_t done, std::int64_t total);
    // Wipes the bar.
    void progress_done();

  private:
    void wipe_locked();

    const Clock& clock_;
    std::mutex mutex_;
    bool quiet_ = false;
    bool colours_ = false;
    bool out_is_terminal_ = false;
    bool err_is_terminal_ = false;
    bool bar_shown_ = false;
    std::string label_;
    std::int64_t first_done_ = 0;
    std::chrono::nanoseconds started_{};
    std::chrono::nanoseconds shown_{};
};

// "1 234 567", "12.3 MB", "4.2 s", "1 h 05 min": numbers for people.
[[nodiscard]] std::string human_count(std::int64_t count);
[[nodiscard]] std::string human_bytes(std::int64_t bytes);
[[nodiscard]] std::string human_duration(std::chrono::milliseconds duration);

// The line of a progress report without a bar: "orders 120 000 / 500 000 (24 %), 31 000/s, 12 s
// left".
[[nodiscard]] std::string progress_line(std::string_view label,
                                        std::int64_t done,
                                        std::int64_t total,
                                        double per_second);

}  // namespace plumb::cli
