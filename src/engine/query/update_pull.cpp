// SPDX-License-Identifier: GPL-3.0-or-later
// $pull, $pullAll, $pop: elements taken out of arrays.
#include "bson/builder.h"
#include "bson/compare.h"
#include "bson/number.h"
#include "engine/query/match_internal.h"
#include "engine/query/update_internal.h"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

namespace plumb::query {
namespace {

using bson::Builder;
using bson::Element;
using bson::Type;
using bson::Value;
using bson::ValueView;

// The array without the elements that `leaves(element)` tells; no change if there are none.
template <class Leaves>
Change cull(const ChangeInput& input, const Leaves& leaves) {
    Builder kept;
    bool changed = false;
    kept.begin_array("");
    for (const Element& element : input.current.as_array()) {
        if (leaves(element.value)) {
            changed = true;
        } else {
            kept.push(element.value);
        }
    }
    kept.end();
    if (!changed) {
        return {};
    }
    return Change::set(keep_value(input.arena, kept.finish_view().front().value));
}

// What all three need: an array, or nothing.
class CullingModifier : public Modifier {
  public:
    [[nodiscard]] bool creates() const override { return false; }
};

Error not_an_array(std::string_view op, ErrorCode code, ValueView value) {
    return fail(code,
                fmt::format("cannot apply {} to a value of type {}, it must be an array",
                            op,
                            bson::type_name(value.type())));
}

// {$pull: {a: 5}}: equal elements. {$pull: {a: {$gt: 5}}}: those that meet the conditions.
// {$pull: {a: {x: 5}}}: documents that match.
class PullModifier final : public CullingModifier {
  public:
    enum class By : std::uint8_t { Value, Conditions, Fields };

    PullModifier(By by, ValueView value, std::optional<Matcher> matcher)
        : by_(by), value_(value), matcher_(std::move(matcher)) {}

    [[nodiscard]] Result<Change> change(const ChangeInput& input) const override {
        if (input.current.missing()) {
            return Change{};
        }
        if (input.current.type() != Type::Array) {
            return not_an_array("$pull", ErrorCode::BadValue, input.current);
        }
        return cull(input, [this](ValueView element) { return leaves(element); });
    }

  private:
    [[nodiscard]] bool leaves(ValueView element) const {
        if (by_ == By::Value) {
            return bson::equal(element, value_.view());
        }
        if (by_ == By::Fields) {
            return element.type() == Type::Document && matcher_->matches(element.as_document());
        }
        Builder wrapped;
        wrapped.append("", element);
        return matcher_->matches(wrapped.finish_view());
    }

    By by_;
    Value value_;
    std::optional<Matcher> matcher_;
};

class PullAllModifier final : public CullingModifier {
  public:
    explicit PullAllModifier(ValueView values) {
        for (const Element& element : values.as_array()) {
            values_.emplace_back(element.value);
        }
    }

    [[nodiscard]] Result<Change> change(const ChangeInput& input) const override {
        if (input.current.missing()) {
            return Change{};
        }
        if (input.current.type() != Type::Array) {
            return not_an_array("$pullAll", ErrorCode::BadValue, input.current);
        }
        return cull(input, [this](ValueView element) {
            return std::any_of(values_.begin(), values_.end(), [element](const Value& each) {
                return bson::equal(each.view(), element);
            });
        });
    }

  private:
    std::vector<Value> values_;
};

class PopModifier final : public CullingModifier {
  public:
    explicit PopModifier(bool from_front) : from_front_(from_front) {}

    [[nodiscard]] Result<Change> change(const ChangeInput& input) const override {
        if (input.current.missing()) {
            return Change{};
        }
        if (input.current.type() != Type::Array) {
            return not_an_array("$pop", ErrorCode::TypeMismatch, input.current);
        }
        const std::size_t count = input.current.as_array().count();
        const std::size_t victim = from_front_ ? 0 : count - 1;
        std::size_t index = 0;
        return cull(input, [victim, &index](ValueView) { return index++ == victim; });
    }

  private:
    bool from_front_;
};

Result<ModifierPtr> make_pull(PullModifier::By by, ValueView value, bson::View filter) {
    MatchOptions options;
    options.allow_expr = false;
    PLUMB_TRY(matcher, Matcher::parse(filter, options));
    return ModifierPtr{std::make_unique<PullModifier>(by, value, std::move(matcher))};
}

}  // namespace

Result<ModifierPtr> parse_pull(const ModifierSpec& spec) {
    const bool has_conditions =
        is_operator_document(spec.operand) || spec.operand.type() == Type::Regex;
    if (has_conditions) {
        Builder filter;
        filter.append("", spec.operand);
        return make_pull(PullModifier::By::Conditions, spec.operand, filter.finish_view());
    }
    if (spec.operand.type() == Type::Document) {
        return make_pull(PullModifier::By::Fields, spec.operand, spec.operand.as_document());
    }
    return ModifierPtr{
        std::make_unique<PullModifier>(PullModifier::By::Value, spec.operand, std::nullopt)};
}

Result<ModifierPtr> parse_pull_all(const ModifierSpec& spec) {
    if (spec.operand.type() != Type::Array) {
        return fail(ErrorCode::BadValue,
                    fmt::format("$pullAll requires an array argument but was given a {}",
                                bson::type_name(spec.operand.type())));
    }
    return ModifierPtr{std::make_unique<PullAllModifier>(spec.operand)};
}

Result<ModifierPtr> parse_pop(const ModifierSpec& spec) {
    const auto which = spec.operand.is_number() ? bson::to_exact_int64(spec.operand) : std::nullopt;
    if (which != 1 && which != -1) {
        return fail(ErrorCode::FailedToParse, "$pop expects 1 or -1");
    }
    return ModifierPtr{std::make_unique<PopModifier>(which == -1)};
}

}  // namespace plumb::query
