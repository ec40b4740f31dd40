// SPDX-License-Identifier: GPL-3.0-or-later
// Small pieces of HTML.
//
// Threads  pure functions.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::report {

// `text` with the characters that HTML gives a meaning replaced, for content and attributes.
[[nodiscard]] std::string escaped(std::string_view text);
// The same, with numbers that no line break separates from their thousands and units.
[[nodiscard]] std::string prose(std::string_view text);

// A table that scrolls by itself on a narrow screen. Cells are HTML already.
class Table {
  public:
    explicit Table(std::string_view caption) : caption_(escaped(caption)) {}

    // A heading; `numeric` columns are set to the right.
    Table& column(std::string_view heading, bool numeric = false);
    Table& row(std::vector<std::string> cells);
    // On a narrow screen each row becomes a block of "heading: cell" lines: for tables of text.
    Table& stacked();
    [[nodiscard]] std::string html() const;

  private:
    struct Column {
        std::string heading;
        bool numeric;
    };
    std::string caption_;
    std::vector<Column> columns_;
    std::vector<std::vector<std::string>> rows_;
    bool stacked_ = false;
};

// The page's style sheet: light and dark, from 360 pixels up, and for print.
[[nodiscard]] std::string_view style_sheet();

}  // namespace plumb::report
