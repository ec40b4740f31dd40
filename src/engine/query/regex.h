// SPDX-License-Identifier: GPL-3.0-or-later
// Regular expressions as MongoDB has them: Perl's language over UTF-8, options i m s x u.
//
//   PLUMB_TRY(regex, Regex::compile("^al", "i"));
//   if (regex->matches(name)) { … }
//
// Source   MongoDB manual, "$regex"; PCRE2 is behind it and appears in regex.cpp only
// Threads  const functions may run at once.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace plumb::query {

// Where a regular expression matched, as byte offsets into the text.
struct RegexFound {
    std::size_t start = 0;
    std::size_t end = 0;
    // Offsets of group 1, 2, …; nothing for a group that took no part.
    std::vector<std::optional<std::pair<std::size_t, std::size_t>>> groups;
};

class Regex {
  public:
    // errors  51091 for a pattern that is no regular expression, 51108 for an unknown option
    [[nodiscard]] static Result<std::shared_ptr<const Regex>> compile(std::string_view pattern,
                                                                      std::string_view options);
    Regex(const Regex&) = delete;
    Regex& operator=(const Regex&) = delete;
    ~Regex();

    // Whether it matches anywhere in `text`. A text that is no UTF-8, or that would take too many
    // steps, does not match.
    [[nodiscard]] bool matches(std::string_view text) const;

    // The first match that begins at byte `from` or later; nothing if there is none.
    //   errors  BadValue (2) if the search takes too many steps or the text is no UTF-8
    [[nodiscard]] Result<std::optional<RegexFound>> find(std::string_view text,
                                                         std::size_t from = 0) const;

    // As the user wrote them; options sorted.
    [[nodiscard]] const std::string& pattern() const { return pattern_; }
    [[nodiscard]] const std::string& options() const { return options_; }

    // The number of capturing groups.
    [[nodiscard]] std::size_t group_count() const;

  private:
    struct Compiled;
    Regex(std::string pattern, std::string options, std::unique_ptr<Compiled> compiled);

    std::string pattern_;
    std::string options_;
    std::unique_ptr<Compiled> compiled_;
};

}  // namespace plumb::query
