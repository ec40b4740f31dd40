// SPDX-License-Identifier: GPL-3.0-or-later
// One line of the structured log, in the form that MongoDB has had since 4.4:
//
//   {"t":{"$date":"2026-11-24T02:06:02.032+00:00"},"s":"I","c":"NETWORK","id":22943,
//    "ctx":"listener","msg":"Connection accepted","attr":{"remote":"127.0.0.1:50212"}}
//
// Source   MongoDB manual, "Log Messages"
// Threads  pure functions; LogRing from any thread.
#pragma once

#include "bson/document.h"

#include <chrono>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::commands {

struct LogLine {
    std::chrono::milliseconds time{0};  // since the epoch
    char severity = 'I';
    std::string_view component;
    std::int32_t id = 0;  // MongoDB's id of the message where it has one, else 0
    std::string_view context;
    std::string_view message;
    bson::View attributes;
};

// The line as JSON, without newline.
[[nodiscard]] std::string format_log_line(const LogLine& line);

// "2026-11-24T02:06:02.032+00:00"; with `colon` false as currentOp writes zones: "+0000".
[[nodiscard]] std::string format_time(std::chrono::milliseconds time, bool colon = true);

// The last lines, for getLog.
class LogRing {
  public:
    static constexpr std::size_t kLinesMax = 1024;  // as MongoDB keeps

    void add(std::string line);
    [[nodiscard]] std::vector<std::string> lines() const;
    [[nodiscard]] std::int64_t total() const;

  private:
    mutable std::mutex mutex_;
    std::deque<std::string> lines_;
    std::int64_t total_ = 0;
};

}  // namespace plumb::commands
