// SPDX-License-Identifier: GPL-3.0-or-later
// Reading documents whose fields may be missing or of another type: the fallback then.
//
//   const std::int64_t used = whole_at(status, "wiredTiger.cache.bytes currently in the cache");
//
// Threads  pure functions.
#pragma once

#include "bson/document.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace plumb::watch {

// Names of `path` are parted by dots.
[[nodiscard]] bson::ValueView value_at(bson::View document, std::string_view path);
// Numbers are cut to whole ones; a date gives its milliseconds.
[[nodiscard]] std::optional<std::int64_t> whole_at(bson::View document, std::string_view path);
[[nodiscard]] double number_at(bson::View document, std::string_view path, double fallback = 0);
[[nodiscard]] std::string text_at(bson::View document, std::string_view path);
[[nodiscard]] bool flag_at(bson::View document, std::string_view path);
[[nodiscard]] bson::View document_at(bson::View document, std::string_view path);
[[nodiscard]] bson::ArrayView array_at(bson::View document, std::string_view path);

}  // namespace plumb::watch
