// SPDX-License-Identifier: GPL-3.0-or-later
// The sections of a runbook, and what they share.
//
// Threads  pure functions.
#pragma once

#include "tool/runbook/runbook.h"

#include <cstdint>
#include <string>

namespace plumb::runbook {

[[nodiscard]] Section window_section(const Facts& facts);
[[nodiscard]] Section forecast_section(const Facts& facts);
[[nodiscard]] Section run_section(const Facts& facts);
[[nodiscard]] Section check_section(const Facts& facts);
[[nodiscard]] Section back_section(const Facts& facts);
[[nodiscard]] Section watch_section(const Facts& facts);
[[nodiscard]] Section abort_section(const Facts& facts);

// How long `migrate up` takes, in ms, and where that is from.
struct UpTime {
    double low_ms = 0;
    double high_ms = 0;
    bool known = false;
    bool is_whole = true;  // false: work is pending that no forecast is about
    double engine_ms = 0;  // all of it, on the rehearsal's own engine; 0: not rehearsed as a whole
    std::string engine;
    std::string source;
};
[[nodiscard]] UpTime up_time(const Facts& facts);

// "plumb --project DIR --db NAME REST", with what the reader needs to name.
[[nodiscard]] std::string command_line(const Facts& facts, std::string_view rest);
// "8.0 s to 12.0 s", or one duration if the two read the same.
[[nodiscard]] std::string span_of(double low_ms, double high_ms);
// "rehearsal of 2026-01-27T…, all documents, times of plumbd …"
[[nodiscard]] std::string rehearsal_source(const rehearse::Rehearsal& rehearsal);
// The same of what was measured there and not calculated for another server.
[[nodiscard]] std::string engine_source(const rehearse::Rehearsal& rehearsal);
[[nodiscard]] std::string not_recorded(const Facts& facts, std::string_view command);

}  // namespace plumb::runbook
