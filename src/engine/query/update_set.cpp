// SPDX-License-Identifier: GPL-3.0-or-later
// $set, $setOnInsert, $unset, $currentDate, $rename: a value as it is, or none.
#include "bson/number.h"
#include "engine/query/update_internal.h"

#include <fmt/format.h>

namespace plumb::query {
namespace {

using bson::Element;
using bson::Type;
using bson::Value;
using bson::ValueView;

class SetModifier final : public Modifier {
  public:
    SetModifier(ValueView value, bool on_insert_only)
        : value_(value), on_insert_only_(on_insert_only) {}

    [[nodiscard]] Result<Change> change(const ChangeInput&) const override {
        return Change::set(value_.view());
    }
    [[nodiscard]] bool on_insert_only() const override { return on_insert_only_; }
    [[nodiscard]] bool sets_user_value() const override { return true; }

  private:
    Value value_;
    bool on_insert_only_;
};

class UnsetModifier final : public Modifier {
  public:
    [[nodiscard]] Result<Change> change(const ChangeInput& input) const override {
        return input.current.missing() ? Change{} : Change::remove();
    }
    [[nodiscard]] bool creates() const override { return false; }
    [[nodiscard]] bool ignores_blocked_path() const override { return true; }
};

class RenameModifier final : public Modifier {
  public:
    explicit RenameModifier(std::string_view source) : source_(source) {}

    // The value comes from the other path: update_apply.cpp moves it.
    [[nodiscard]] Result<Change> change(const ChangeInput& input) const override {
        return Change::set(input.current);
    }
    [[nodiscard]] std::string_view source_path() const override { return source_; }

  private:
    std::string source_;
};

Result<bool> wants_timestamp(ValueView operand) {
    if (operand.type() == Type::Bool) {
        return false;
    }
    if (operand.type() != Type::Document) {
        return fail(ErrorCode::BadValue,
                    "$currentDate takes a boolean or {$type: \"date\" | \"timestamp\"}");
    }
    std::string_view type;
    for (const Element& element : operand.as_document()) {
        if (element.name != "$type" || element.value.type() != Type::String) {
            return fail(ErrorCode::BadValue,
                        fmt::format("unrecognized $currentDate option: {}", element.name));
        }
        type = element.value.as_string();
    }
    if (type != "date" && type != "timestamp") {
        return fail(ErrorCode::BadValue,
                    "the $type of $currentDate must be \"date\" or \"timestamp\"");
    }
    return type == "timestamp";
}

}  // namespace

Result<ModifierPtr> parse_set(const ModifierSpec& spec) {
    return ModifierPtr{std::make_unique<SetModifier>(spec.operand, false)};
}

Result<ModifierPtr> parse_set_on_insert(const ModifierSpec& spec) {
    return ModifierPtr{std::make_unique<SetModifier>(spec.operand, true)};
}

Result<ModifierPtr> parse_unset(const ModifierSpec&) {
    return ModifierPtr{std::make_unique<UnsetModifier>()};
}

Result<ModifierPtr> parse_current_date(const ModifierSpec& spec) {
    PLUMB_TRY(timestamp, wants_timestamp(spec.operand));
    const bson::Date now = spec.options.context.now;
    const Value value = timestamp
                            ? Value{bson::Timestamp{static_cast<std::uint32_t>(now.ms / 1000), 1}}
                            : Value{now};
    return ModifierPtr{std::make_unique<SetModifier>(value.view(), false)};
}

Result<ModifierPtr> parse_rename(const ModifierSpec& spec) {
    if (spec.operand.type() != Type::String) {
        return fail(ErrorCode::BadValue,
                    fmt::format("the 'to' field for $rename must be a string: {}", spec.path));
    }
    const std::string_view target = spec.operand.as_string();
    if (target.find('\0') != std::string_view::npos) {
        return fail(ErrorCode::BadValue,
                    "the 'to' field for $rename cannot contain an embedded null byte");
    }
    if (target == spec.path) {
        return fail(
            ErrorCode::BadValue,
            fmt::format("the source and target field for $rename must differ: {}", spec.path));
    }
    return ModifierPtr{std::make_unique<RenameModifier>(spec.path)};
}

}  // namespace plumb::query
