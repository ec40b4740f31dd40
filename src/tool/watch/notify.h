// SPDX-License-Identifier: GPL-3.0-or-later
// Tells others of alerts: a program of the user's, a web address. In a thread of its own, one after
// the other, each with a time limit, so that a hook that hangs never delays a sample.
//
//   Notifier notifier({.command = {"/usr/local/bin/page-me"}});
//   notifier.tell(event);
//
// Threads  tell() and failures() from any thread.
#pragma once

#include "base/result.h"
#include "tool/watch/alerts.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace plumb::watch {

inline constexpr std::chrono::seconds kHookTimeMax{10};
inline constexpr std::size_t kWaitingAlertsMax = 1000;

struct NotifyOptions {
    std::vector<std::string> command;  // program and arguments; empty: none
    std::string webhook;               // http:// or https://; empty: none
    std::string database;              // named in what is sent
};

class Notifier {
  public:
    explicit Notifier(NotifyOptions options);
    Notifier(const Notifier&) = delete;
    Notifier& operator=(const Notifier&) = delete;
    ~Notifier() { finish(); }

    void tell(const AlertEvent& event);
    // Waits until what was told has been passed on; nothing is told after it.
    void finish();
    // What went wrong since the last call, for the console.
    [[nodiscard]] std::vector<std::string> failures();

  private:
    void run();
    void pass_on(const AlertEvent& event);
    void fail_with(std::string text);

    NotifyOptions options_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<AlertEvent> waiting_;
    std::vector<std::string> failures_;
    bool stop_ = false;
    std::thread thread_;
};

// What hooks get: {event: "raised" | "cleared", database, alert: {…}}.
[[nodiscard]] std::string event_json(const AlertEvent& event, std::string_view database);

// Words as a shell would part them, with quotes and backslashes, without any expansion.
//   errors  UsageError: an open quote, or no word at all
[[nodiscard]] Result<std::vector<std::string>> split_words(std::string_view text);

// Runs a program with `input` on its standard input and these environment variables on top of ours;
// what it prints goes to standard error.
//   errors  IoError: not started, ended with another code than 0, or took longer than `limit`
[[nodiscard]] Status run_hook(const std::vector<std::string>& command,
                              const std::vector<std::string>& environment,
                              const std::string& input,
                              std::chrono::milliseconds limit);

}  // namespace plumb::watch
