// SPDX-License-Identifier: GPL-3.0-or-later
// What parsing a date collects, and the small steps it is parsed by.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "bson/value.h"
#include "engine/query/date_calendar.h"
#include "engine/query/time_zone.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace plumb::query {

// A date read so far.
struct DateFields {
    CivilTime time;
    std::optional<IsoWeek> week;  // instead of month and day
    bool has_year = false;
    bool has_month = false;
    bool has_day = false;
    bool has_time = false;
    std::optional<std::int64_t> offset_s;  // of a zone in the text
    std::shared_ptr<const TimeZone> zone;  // a named zone in the text

    // errors  as parse_date
    [[nodiscard]] Result<bson::Date> finish(std::string_view text, const TimeZone* outer) const;
};

// Reads from the left; each function consumes nothing if it does not find what it wants.
class TextCursor {
  public:
    explicit TextCursor(std::string_view text) : text_(text) {}

    [[nodiscard]] bool at_end() const { return text_.empty(); }
    [[nodiscard]] std::string_view rest() const { return text_; }
    [[nodiscard]] char peek() const { return text_.empty() ? '\0' : text_.front(); }
    // The number of digits that come next.
    [[nodiscard]] std::size_t digits_ahead() const;

    bool skip(char wanted);
    bool skip_any(std::string_view wanted);  // one of these characters
    bool skip_word(std::string_view lower);  // letters of either case, ending at a non-letter
    void skip_spaces();
    // Letters.
    std::string_view word();
    // Between `least` and `most` digits, as many as there are.
    std::optional<int> number(std::size_t least, std::size_t most);
    // A fraction of a second behind its point, as milliseconds; further digits are dropped.
    std::optional<int> fraction();
    // "+05:30", "+0530", "+05": seconds.
    std::optional<std::int64_t> offset();

    void restore(std::string_view rest) { text_ = rest; }

  private:
    std::string_view text_;
};

// 1 to 12 for an English month, full or of three letters; nothing else.
[[nodiscard]] std::optional<int> month_of(std::string_view word);
[[nodiscard]] bool is_weekday(std::string_view word);

[[nodiscard]] Error no_date(std::string_view text, std::string_view why);

}  // namespace plumb::query
