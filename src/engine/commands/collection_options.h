// SPDX-License-Identifier: GPL-3.0-or-later
// The options of a collection or view: what create and collMod accept, and in which order they are
// kept and listed.
//
// Threads  pure functions.
#pragma once

#include "base/result.h"
#include "bson/builder.h"
#include "bson/document.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace plumb::commands {

// The options document of a create command: checked, in MongoDB's order, without what is default.
//   errors  40415 for an unknown option; InvalidOptions (72); BadValue (2); TypeMismatch
[[nodiscard]] Result<bson::Document> parse_create_options(std::string_view ns, bson::View command);

// {capped: true, size, max?} as they are kept: the size rounded up to 256 bytes.
//   errors  BadValue for a size below 0 or above 1 PB, and for a max of 2^31 or more
[[nodiscard]] Status append_capped_options(std::int64_t size,
                                           std::optional<std::int64_t> documents_max,
                                           bson::Builder& out);

// A validator must be a filter that can be parsed. errors: the parser's
[[nodiscard]] Status check_validator(bson::View validator);
// "off", "moderate", "strict", or "": as before. errors: BadValue
[[nodiscard]] Status check_validation_level(std::string_view level);
// "error", "warn", or "". errors: BadValue
[[nodiscard]] Status check_validation_action(std::string_view action);
// A view's pipeline: known stages, nothing that writes.
[[nodiscard]] Status check_view_pipeline(std::string_view ns, bson::ValueView pipeline);

}  // namespace plumb::commands
