// SPDX-License-Identifier: GPL-3.0-or-later
// The arguments of a command: a table says which fields there are and of which types, one walk
// checks them, and small readers fetch them afterwards.
//
//   constexpr auto kFields = std::to_array<FieldRule>({{"key", kString, Need::Required}, …});
//   PLUMB_CHECK(check_fields(command, {"distinct", kFields}));
//   std::string_view key = string_or(command, "key", "");
//
// Threads  pure functions.
#pragma once

#include "base/result.h"
#include "bson/document.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace plumb::commands {

// Sets of accepted types.
using TypeSet = std::uint32_t;
inline constexpr TypeSet kString = 1U << 0U;
inline constexpr TypeSet kDocument = 1U << 1U;
inline constexpr TypeSet kArray = 1U << 2U;
inline constexpr TypeSet kBool = 1U << 3U;
inline constexpr TypeSet kNumber = 1U << 4U;  // any of the four
inline constexpr TypeSet kNull = 1U << 5U;
inline constexpr TypeSet kInt64 = 1U << 6U;
inline constexpr TypeSet kAnyType = ~TypeSet{0};
inline constexpr TypeSet kBoolish = kBool | kNumber;

enum class Need : std::uint8_t { Optional, Required };

struct FieldRule {
    std::string_view name;
    TypeSet types;
    Need need = Need::Optional;
};

// MongoDB's parsers differ by age: those of a generated parser answer 40415, 40414 and
// TypeMismatch, the older, hand-written ones mostly FailedToParse.
struct FieldTable {
    std::string_view structure;  // the name in messages: "insert", "update.updates"
    std::span<const FieldRule> rules;
    ErrorCode unknown{40415};
    ErrorCode missing{40414};
    ErrorCode wrong_type = ErrorCode::TypeMismatch;
};

// Checks a command: its first field is its name and not looked at, generic fields
// (generic_fields.h) are skipped. Null counts as absent where a table does not say kNull.
[[nodiscard]] Status check_fields(bson::View command, const FieldTable& table);
// The same for a document inside a command: no field is special.
[[nodiscard]] Status check_nested(bson::View document, const FieldTable& table);

// Readers for fields that were checked: the value, or the default where it is absent or null.
[[nodiscard]] bool bool_or(bson::View document, std::string_view name, bool otherwise);
[[nodiscard]] std::string_view string_or(bson::View document,
                                         std::string_view name,
                                         std::string_view otherwise);
[[nodiscard]] bson::View document_or_empty(bson::View document, std::string_view name);
// A number, cut towards zero and clamped.
[[nodiscard]] std::optional<std::int64_t> integer(bson::View document, std::string_view name);

// A collation may only be the simple one.
[[nodiscard]] Status check_collation(bson::ValueView collation);

}  // namespace plumb::commands
