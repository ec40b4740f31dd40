// SPDX-License-Identifier: GPL-3.0-or-later
// $inc, $mul, $min, $max, $bit: a value computed from the one that is there.
#include "bson/compare.h"
#include "bson/number.h"
#include "engine/query/update_internal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

namespace plumb::query {
namespace {

using bson::Element;
using bson::Type;
using bson::Value;
using bson::ValueView;

enum class Arithmetic : std::uint8_t { Add, Multiply };

// The sum or product in the wider of the two types; a 32-bit result that does not fit becomes
// 64-bit.
Result<Value> compute(Arithmetic what, ValueView a, ValueView b) {
    const bool add = what == Arithmetic::Add;
    const auto either = [a, b](Type type) { return a.type() == type || b.type() == type; };
    if (either(Type::Decimal128)) {
        const bson::Decimal128 left = bson::to_decimal(a);
        const bson::Decimal128 right = bson::to_decimal(b);
        return Value{add ? bson::decimal_add(left, right) : bson::decimal_multiply(left, right)};
    }
    if (either(Type::Double)) {
        const double left = bson::to_double(a);
        const double right = bson::to_double(b);
        return Value{add ? left + right : left * right};
    }
    std::int64_t out = 0;
    const std::int64_t left = bson::to_clamped_int64(a);
    const std::int64_t right = bson::to_clamped_int64(b);
    const bool overflow =
        add ? __builtin_add_overflow(left, right, &out) : __builtin_mul_overflow(left, right, &out);
    if (overflow) {
        return fail(ErrorCode::BadValue, "the result does not fit a 64-bit integer");
    }
    const bool fits32 = out >= std::numeric_limits<std::int32_t>::min() &&
                        out <= std::numeric_limits<std::int32_t>::max();
    if (!either(Type::Int64) && fits32) {
        return Value{static_cast<std::int32_t>(out)};
    }
    return Value{out};
}

class ArithmeticModifier final : public Modifier {
  public:
    ArithmeticModifier(Arithmetic what, ValueView operand) : what_(what), operand_(operand) {}

    [[nodiscard]] Result<Change> change(const ChangeInput& input) const override {
        if (!input.current.missing() && !input.current.is_number()) {
            return fail(ErrorCode::TypeMismatch,
                        fmt::format("cannot apply {} to a value of non-numeric type {}",
                                    what_ == Arithmetic::Add ? "$inc" : "$mul",
                                    bson::type_name(input.current.type())));
        }
        // Not 0 + operand: a decimal keeps its exponent, and -0.0 its sign.
        if (input.current.missing() && what_ == Arithmetic::Add) {
            return Change::set(operand_.view());
        }
        const Value zero{std::int32_t{0}};
        const ValueView current = input.current.missing() ? zero.view() : input.current;
        PLUMB_TRY(result, compute(what_, current, operand_.view()));
        return Change::set(keep_value(input.arena, result.view()));
    }

  private:
    Arithmetic what_;
    Value operand_;
};

Result<ModifierPtr> parse_arithmetic(const ModifierSpec& spec, Arithmetic what) {
    if (!spec.operand.is_number()) {
        return fail(
            ErrorCode::TypeMismatch,
            fmt::format("cannot use {} with a non-numeric argument for '{}'", spec.op, spec.path));
    }
    return ModifierPtr{std::make_unique<ArithmeticModifier>(what, spec.operand)};
}

// $min keeps the lesser (sign -1), $max the greater (sign 1).
class ExtremeModifier final : public Modifier {
  public:
    ExtremeModifier(int sign, ValueView operand) : sign_(sign), operand_(operand) {}

    [[nodiscard]] Result<Change> change(const ChangeInput& input) const override {
        const bool better =
            input.current.missing() || bson::compare(operand_.view(), input.current) * sign_ > 0;
        return better ? Change::set(operand_.view()) : Change{};
    }
    [[nodiscard]] bool sets_user_value() const override { return true; }

  private:
    int sign_;
    Value operand_;
};

enum class BitOperation : std::uint8_t { And, Or, Xor };

struct BitStep {
    BitOperation operation;
    Value operand;
};

Value apply_bit(const BitStep& step, ValueView current) {
    const std::int64_t left = bson::to_clamped_int64(current);
    const std::int64_t right = bson::to_clamped_int64(step.operand.view());
    std::int64_t out = 0;
    switch (step.operation) {
        case BitOperation::And:
            out = left & right;
            break;
        case BitOperation::Or:
            out = left | right;
            break;
        case BitOperation::Xor:
            out = left ^ right;
            break;
    }
    const bool wide = current.type() == Type::Int64 || step.operand.type() == Type::Int64;
    return wide ? Value{out} : Value{static_cast<std::int32_t>(out)};
}

bool is_integer(ValueView value) {
    return value.type() == Type::Int32 || value.type() == Type::Int64;
}

class BitModifier final : public Modifier {
  public:
    explicit BitModifier(std::vector<BitStep> steps) : steps_(std::move(steps)) {}

    [[nodiscard]] Result<Change> change(const ChangeInput& input) const override {
        Value value = input.current.missing() ? Value{std::int32_t{0}} : Value{input.current};
        if (!is_integer(value.view())) {
            return fail(ErrorCode::BadValue,
                        fmt::format("cannot apply $bit to a value of non-integral type {}",
                                    bson::type_name(value.type())));
        }
        for (const BitStep& step : steps_) {
            value = apply_bit(step, value.view());
        }
        return Change::set(keep_value(input.arena, value.view()));
    }

  private:
    std::vector<BitStep> steps_;
};

Result<BitStep> parse_bit_step(const Element& element) {
    struct Row {
        std::string_view name;
        BitOperation operation;
    };
    static constexpr auto kOperations = std::to_array<Row>({
        {"and", BitOperation::And},
        {"or", BitOperation::Or},
        {"xor", BitOperation::Xor},
    });
    const auto* const row =
        std::find_if(kOperations.begin(), kOperations.end(), [&element](const Row& each) {
            return each.name == element.name;
        });
    if (row == kOperations.end()) {
        return fail(
            ErrorCode::BadValue,
            fmt::format("$bit only supports 'and', 'or', and 'xor', not '{}'", element.name));
    }
    if (!is_integer(element.value)) {
        return fail(ErrorCode::BadValue,
                    fmt::format("$bit needs an integer of 32 or 64 bits for '{}'", element.name));
    }
    return BitStep{row->operation, Value{element.value}};
}

}  // namespace

Result<ModifierPtr> parse_inc(const ModifierSpec& spec) {
    return parse_arithmetic(spec, Arithmetic::Add);
}

Result<ModifierPtr> parse_mul(const ModifierSpec& spec) {
    return parse_arithmetic(spec, Arithmetic::Multiply);
}

Result<ModifierPtr> parse_min(const ModifierSpec& spec) {
    return ModifierPtr{std::make_unique<ExtremeModifier>(-1, spec.operand)};
}

Result<ModifierPtr> parse_max(const ModifierSpec& spec) {
    return ModifierPtr{std::make_unique<ExtremeModifier>(1, spec.operand)};
}

Result<ModifierPtr> parse_bit(const ModifierSpec& spec) {
    if (spec.operand.type() != Type::Document) {
        return fail(ErrorCode::BadValue,
                    fmt::format("the $bit modifier is not compatible with a {}",
                                bson::type_name(spec.operand.type())));
    }
    std::vector<BitStep> steps;
    for (const Element& element : spec.operand.as_document()) {
        PLUMB_TRY(step, parse_bit_step(element));
        steps.push_back(std::move(step));
    }
    if (steps.empty()) {
        return fail(ErrorCode::BadValue, "$bit needs at least one bitwise operation");
    }
    return ModifierPtr{std::make_unique<BitModifier>(std::move(steps))};
}

}  // namespace plumb::query
