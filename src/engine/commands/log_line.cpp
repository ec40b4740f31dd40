// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/log_line.h"

#include "bson/builder.h"
#include "bson/json.h"

#include <fmt/format.h>

namespace plumb::commands {

std::string format_time(std::chrono::milliseconds time, bool colon) {
    using std::chrono::days;
    using std::chrono::floor;
    const std::chrono::sys_time<std::chrono::milliseconds> point{time};
    const auto day = floor<days>(point);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{point - day};
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}{}",
                       static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()),
                       clock.hours().count(),
                       clock.minutes().count(),
                       clock.seconds().count(),
                       clock.subseconds().count(),
                       colon ? "+00:00" : "+0000");
}

std::string format_log_line(const LogLine& line) {
    bson::Builder words;
    words.append("s", std::string_view{&line.severity, 1});
    words.append("c", line.component);
    words.append("id", line.id);
    words.append("ctx", line.context);
    words.append("msg", line.message);
    if (!line.attributes.empty()) {
        words.append("attr", line.attributes);
    }
    // The time is written by hand: relaxed Extended JSON would print it with a "Z".
    return fmt::format(R"({{"t":{{"$date":"{}"}},{})",
                       format_time(line.time),
                       bson::to_json(words.finish_view()).substr(1));
}

void LogRing::add(std::string line) {
    const std::scoped_lock lock{mutex_};
    lines_.push_back(std::move(line));
    if (lines_.size() > kLinesMax) {
        lines_.pop_front();
    }
    ++total_;
}

std::vector<std::string> LogRing::lines() const {
    const std::scoped_lock lock{mutex_};
    return {lines_.begin(), lines_.end()};
}

std::int64_t LogRing::total() const {
    const std::scoped_lock lock{mutex_};
    return total_;
}

}  // namespace plumb::commands
