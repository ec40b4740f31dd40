// SPDX-License-Identifier: GPL-3.0-or-later
// Alerts: measures of the rules against their limits, each told once, with hysteresis.
//
//   const std::vector<AlertEvent> events = alerts.judge(input);
//
// A measure raises its alert after `raise_after` samples in a row at or over `raise_at`, and clears
// it after `clear_after` samples in a row under `clear_below`. What cannot be measured (a shape
// that nobody called) changes nothing until kForgetSamples have passed.
//
// Threads  one thread.
#pragma once

#include "bson/document.h"
#include "tool/watch/rules.h"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace plumb::watch {

struct Alert {
    std::string code;
    Severity severity = Severity::Notice;
    std::string subject;
    std::string evidence;  // of the sample that raised it, or of a worse one since
    std::string advice;
    double value = 0;  // the worst
    double limit = 0;
    std::int64_t first_ms = 0;  // of the first sample at or over the limit
    std::int64_t last_ms = 0;   // of the latest one
    std::int64_t samples = 0;   // at or over the limit
    std::int64_t raised = 0;    // times
    bool active = false;
};

struct AlertEvent {
    bool raised = true;  // false: cleared
    Alert alert;
};

inline constexpr std::int64_t kForgetSamples = 20;

class Alerts {
  public:
    // One more sample. The events are in the order of the rules, then of the subjects.
    [[nodiscard]] std::vector<AlertEvent> judge(const RuleInput& input);
    // All that were ever raised, the gravest first, then the oldest.
    [[nodiscard]] std::vector<Alert> raised() const;
    [[nodiscard]] bool any_problem() const;

  private:
    struct State {
        Alert alert;
        std::int64_t over = 0;   // samples in a row
        std::int64_t under = 0;  // samples in a row
        std::int64_t unknown = 0;
        bool measured = false;  // in the sample at hand
    };
    using States = std::map<std::string, State>;  // by subject

    static void see(const RuleRow& rule, const Measure& measure, std::int64_t at_ms, State& state);
    static void settle(const RuleRow& rule, State& state, std::vector<AlertEvent>& events);

    std::map<std::string, States, std::less<>> states_;  // by code
};

[[nodiscard]] bson::Document to_document(const Alert& alert);

}  // namespace plumb::watch
