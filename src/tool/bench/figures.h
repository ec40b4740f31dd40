// SPDX-License-Identifier: GPL-3.0-or-later
// Measurements as people read them: "704 µs", "12.4 ms", "110 000", "9.1 MB", "59×".
//
// Threads  pure functions.
#pragma once

#include <string>
#include <string_view>

namespace plumb::bench {

[[nodiscard]] std::string duration_text(double nanoseconds);
// Whole above ten, one decimal below; thousands apart.
[[nodiscard]] std::string count_text(double count);
// "1 document", "20 000 documents"
[[nodiscard]] std::string documents_text(double count);
[[nodiscard]] std::string bytes_text(double bytes);
[[nodiscard]] std::string factor_text(double factor);
// "59× (55–63)"
[[nodiscard]] std::string interval_text(double point, double low, double high);
[[nodiscard]] std::string percent_text(double percent);

// Columns that a UTF-8 text takes on a terminal, each code point one.
[[nodiscard]] std::size_t columns_of(std::string_view text);
// `text` filled up with blanks to this many columns, on the right or on the left.
[[nodiscard]] std::string fill_right(std::string_view text, std::size_t columns);
[[nodiscard]] std::string fill_left(std::string_view text, std::size_t columns);

}  // namespace plumb::bench
