// SPDX-License-Identifier: GPL-3.0-or-later
// "did you mean": the known word that is nearest to one that was mistyped.
//
//   closest("uniqe", {"key", "unique"})     // "unique"
//
// Threads  pure functions.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace plumb::project {

// The nearest of `known` by letters changed, missing, added or swapped; empty if none is near: more
// than a third of the word would have to change.
[[nodiscard]] std::string_view closest(std::string_view word,
                                       std::span<const std::string_view> known);

// ", did you mean 'unique'?", or nothing if none is near.
[[nodiscard]] std::string did_you_mean(std::string_view word,
                                       std::span<const std::string_view> known);

}  // namespace plumb::project
