// SPDX-License-Identifier: GPL-3.0-or-later
// The rules of a watch, one row each: what is measured, and from which value on it is an alert.
//
// Threads  pure functions.
#pragma once

#include "tool/watch/baseline.h"
#include "tool/watch/history.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::watch {

enum class Severity : std::uint8_t { Problem, Warning, Notice };

// "problem", "warning", "notice"
[[nodiscard]] std::string_view severity_name(Severity severity);

// What a rule saw of one subject in the latest sample.
struct Measure {
    std::string subject;
    double value = 0;
    std::string evidence;
};

struct RuleInput {
    const History& history;
    const Baseline& baseline;
    std::int64_t unused_after_ms = 86'400'000;  // a new index may be unused for so long
};

using Evaluate = void (*)(const RuleInput& input, std::vector<Measure>& out);

struct RuleRow {
    std::string_view code;
    Severity severity;
    Evaluate evaluate;
    double raise_at;
    double clear_below;
    int raise_after;  // samples in a row
    int clear_after;
    std::string_view about;   // for the documentation
    std::string_view advice;  // what to do next
};

// All, by code.
[[nodiscard]] std::span<const RuleRow> rules();

}  // namespace plumb::watch
