// SPDX-License-Identifier: GPL-3.0-or-later
// $push with its modifiers, and $addToSet: elements put into arrays.
#include "bson/builder.h"
#include "bson/compare.h"
#include "bson/number.h"
#include "engine/query/update_internal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace plumb::query {
namespace {

using bson::Builder;
using bson::Element;
using bson::Type;
using bson::Value;
using bson::ValueView;
using bson::View;

// How $push orders an array: by the elements themselves (no fields), or by fields of them.
struct PushSort {
    struct Field {
        bson::Path path;
        int sign;
    };
    std::vector<Field> fields;
    int sign = 1;

    [[nodiscard]] bool before(ValueView a, ValueView b) const {
        if (fields.empty()) {
            return bson::compare(a, b) * sign < 0;
        }
        for (const Field& field : fields) {
            const int order = bson::compare(find(a, field.path), find(b, field.path)) * field.sign;
            if (order != 0) {
                return order < 0;
            }
        }
        return false;
    }

  private:
    static ValueView find(ValueView element, const bson::Path& path) {
        static constexpr ValueView kNull{Type::Null, nullptr, 0};
        const ValueView found = element.type() == Type::Document
                                    ? bson::find_plain(element.as_document(), path)
                                    : ValueView{};
        return found.missing() ? kNull : found;
    }
};

struct PushOptions {
    std::vector<Value> values;
    std::optional<std::int64_t> position;
    std::optional<std::int64_t> slice;
    std::optional<PushSort> sort;
};

Error not_an_array(std::string_view op, ValueView value) {
    return fail(ErrorCode::BadValue,
                fmt::format("the field must be an array but is of type {}, for {}",
                            bson::type_name(value.type()),
                            op));
}

Result<std::vector<ValueView>> elements_of(std::string_view op, ValueView current) {
    std::vector<ValueView> out;
    if (current.missing()) {
        return out;
    }
    if (current.type() != Type::Array) {
        return not_an_array(op, current);
    }
    for (const Element& element : current.as_array()) {
        out.push_back(element.value);
    }
    return out;
}

Change make_array(const std::vector<ValueView>& elements, Arena& arena) {
    Builder out;
    out.begin_array("");
    for (const ValueView element : elements) {
        out.push(element);
    }
    out.end();
    return Change::set(keep_value(arena, out.finish_view().front().value));
}

// Position counted from the end if negative, kept within the array.
std::size_t insert_at(std::int64_t position, std::size_t count) {
    const auto size = static_cast<std::int64_t>(count);
    const std::int64_t place = position < 0 ? size + position : position;
    return static_cast<std::size_t>(std::clamp<std::int64_t>(place, 0, size));
}

void cut_to_slice(std::int64_t slice, std::vector<ValueView>& elements) {
    const auto wanted = static_cast<std::size_t>(
        std::min<std::uint64_t>(slice < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(slice)
                                          : static_cast<std::uint64_t>(slice),
                                elements.size()));
    if (slice < 0) {
        elements.erase(elements.begin(), elements.end() - static_cast<std::ptrdiff_t>(wanted));
    } else {
        elements.resize(wanted);
    }
}

class PushModifier final : public Modifier {
  public:
    explicit PushModifier(PushOptions options) : options_(std::move(options)) {}

    [[nodiscard]] Result<Change> change(const ChangeInput& input) const override {
        PLUMB_TRY(elements, elements_of("$push", input.current));
        const std::size_t at =
            options_.position ? insert_at(*options_.position, elements.size()) : elements.size();
        std::vector<ValueView> added;
        for (const Value& value : options_.values) {
            added.push_back(value.view());
        }
        elements.insert(
            elements.begin() + static_cast<std::ptrdiff_t>(at), added.begin(), added.end());
        if (options_.sort) {
            std::stable_sort(elements.begin(), elements.end(), [this](ValueView a, ValueView b) {
                return options_.sort->before(a, b);
            });
        }
        if (options_.slice) {
            cut_to_slice(*options_.slice, elements);
        }
        return make_array(elements, input.arena);
    }
    [[nodiscard]] bool sets_user_value() const override { return true; }

  private:
    PushOptions options_;
};

class AddToSetModifier final : public Modifier {
  public:
    explicit AddToSetModifier(std::vector<Value> values) : values_(std::move(values)) {}

    [[nodiscard]] Result<Change> change(const ChangeInput& input) const override {
        PLUMB_TRY(elements, elements_of("$addToSet", input.current));
        const std::size_t before = elements.size();
        for (const Value& value : values_) {
            const bool there =
                std::any_of(elements.begin(), elements.end(), [&value](ValueView each) {
                    return bson::equal(each, value.view());
                });
            if (!there) {
                elements.push_back(value.view());
            }
        }
        if (elements.size() == before && !input.current.missing()) {
            return Change{};
        }
        return make_array(elements, input.arena);
    }
    [[nodiscard]] bool sets_user_value() const override { return true; }

  private:
    std::vector<Value> values_;
};

bool has_each(ValueView operand) {
    return operand.type() == Type::Document && operand.as_document().has("$each");
}

Status read_each(ValueView list, std::vector<Value>& out) {
    if (list.type() != Type::Array) {
        return fail(ErrorCode::BadValue,
                    fmt::format("the argument to $each must be an array but is of type {}",
                                bson::type_name(list.type())));
    }
    for (const Element& element : list.as_array()) {
        out.emplace_back(element.value);
    }
    return {};
}

Status read_integer(std::string_view name, ValueView value, std::optional<std::int64_t>& out) {
    out = value.is_number() ? bson::to_exact_int64(value) : std::nullopt;
    if (!out) {
        return fail(ErrorCode::BadValue,
                    fmt::format("the value for {} must be an integer but is of type {}",
                                name,
                                bson::type_name(value.type())));
    }
    return {};
}

Result<int> read_sign(ValueView value) {
    const auto sign = value.is_number() ? bson::to_exact_int64(value) : std::nullopt;
    if (sign != 1 && sign != -1) {
        return fail(ErrorCode::BadValue, "the $sort element value must be either 1 or -1");
    }
    return static_cast<int>(*sign);
}

Status read_sort(ValueView value, std::optional<PushSort>& out) {
    out.emplace();
    if (value.is_number()) {
        PLUMB_TRY(sign, read_sign(value));
        out->sign = sign;
        return {};
    }
    if (value.type() != Type::Document || value.as_document().empty()) {
        return fail(ErrorCode::BadValue,
                    "the $sort is invalid: use 1 or -1 to sort the whole element, or "
                    "{field: 1 or -1} to sort embedded fields");
    }
    for (const Element& element : value.as_document()) {
        const std::string_view name = element.name;
        const bool has_gap = name.empty() || name.starts_with('.') || name.ends_with('.') ||
                             name.find("..") != std::string_view::npos;
        if (has_gap) {
            return fail(ErrorCode::BadValue,
                        "the $sort field is a dotted field with an empty part");
        }
        PLUMB_TRY(sign, read_sign(element.value));
        out->fields.push_back({bson::Path{name}, sign});
    }
    return {};
}

Status read_option(const Element& option, PushOptions& out) {
    if (option.name == "$each") {
        return read_each(option.value, out.values);
    }
    if (option.name == "$position") {
        return read_integer("$position", option.value, out.position);
    }
    if (option.name == "$slice") {
        return read_integer("$slice", option.value, out.slice);
    }
    if (option.name == "$sort") {
        return read_sort(option.value, out.sort);
    }
    return fail(ErrorCode::BadValue, fmt::format("unrecognized clause in $push: {}", option.name));
}

}  // namespace

Result<ModifierPtr> parse_push(const ModifierSpec& spec) {
    PushOptions options;
    if (!has_each(spec.operand)) {
        options.values.emplace_back(spec.operand);
        return ModifierPtr{std::make_unique<PushModifier>(std::move(options))};
    }
    for (const Element& option : spec.operand.as_document()) {
        PLUMB_CHECK(read_option(option, options));
    }
    return ModifierPtr{std::make_unique<PushModifier>(std::move(options))};
}

Result<ModifierPtr> parse_add_to_set(const ModifierSpec& spec) {
    std::vector<Value> values;
    const bool each = spec.operand.type() == Type::Document &&
                      !spec.operand.as_document().empty() &&
                      spec.operand.as_document().front().name == "$each";
    if (!each) {
        values.emplace_back(spec.operand);
        return ModifierPtr{std::make_unique<AddToSetModifier>(std::move(values))};
    }
    const View options = spec.operand.as_document();
    if (options.front().value.type() != Type::Array) {
        return fail(
            ErrorCode::TypeMismatch,
            fmt::format("the argument to $each in $addToSet must be an array but is of type "
                        "{}",
                        bson::type_name(options.front().value.type())));
    }
    if (options.count() != 1) {
        return fail(ErrorCode::BadValue, "found unexpected fields after $each in $addToSet");
    }
    PLUMB_CHECK(read_each(options.front().value, values));
    return ModifierPtr{std::make_unique<AddToSetModifier>(std::move(values))};
}

}  // namespace plumb::query
