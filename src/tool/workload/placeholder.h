// SPDX-License-Identifier: GPL-3.0-or-later
// Placeholders in command templates: a string that is `{{name}}` or `{{name.member}}` as a whole.
//
// Threads  pure functions.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "bson/value.h"

#include <functional>
#include <optional>
#include <string_view>

namespace plumb::workload {

struct Placeholder {
    std::string_view name;
    std::string_view member;  // empty if there is none
};

// Nothing if `text` is no placeholder.
[[nodiscard]] std::optional<Placeholder> parse_placeholder(std::string_view text);

// The value that stands for a placeholder.
using ValueOf = std::function<Result<bson::Value>(const Placeholder&)>;

// The template with every placeholder replaced. errors: those of `value_of`
[[nodiscard]] Result<bson::Document> substitute(bson::View pattern, const ValueOf& value_of);

// Calls `see` for every placeholder of the template.
void for_each_placeholder(bson::View pattern, const std::function<void(const Placeholder&)>& see);

}  // namespace plumb::workload
