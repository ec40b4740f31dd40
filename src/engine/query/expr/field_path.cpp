// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/expr/field_path.h"

#include "bson/element_walk.h"
#include "bson/path.h"
#include "engine/query/expr/values.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <vector>

namespace plumb::query {

using bson::Type;
using bson::ValueView;

namespace {

// The parts of a path, ready to be looked for.
class PathNames {
  public:
    explicit PathNames(std::string_view dotted) : path_(dotted) {
        for (std::size_t part = 0; part < path_.size(); ++part) {
            names_.emplace_back(path_.part(part));
        }
    }
    // The names point into the path.
    PathNames(const PathNames&) = delete;
    PathNames& operator=(const PathNames&) = delete;

    [[nodiscard]] const std::string& dotted() const { return path_.dotted(); }
    [[nodiscard]] std::span<const bson::FieldName> names() const { return names_; }

  private:
    bson::Path path_;
    std::vector<bson::FieldName> names_;
};

using Names = std::span<const bson::FieldName>;

ValueView walk_value(ValueView value, Names names, Arena& arena);

// What the first of the names, and the others inside of it, lead to. requires a name
ValueView walk_document(bson::View document, Names names, Arena& arena) {
    const ValueView value = bson::find_field(document, names.front());
    return names.size() == 1 ? value : walk_value(value, names.subspan(1), arena);
}

// The names in each document of an array.
ValueView walk_array(bson::View array, Names names, Arena& arena) {
    ArrayWriter out{arena};
    for (const bson::Element& element : array) {
        if (element.value.type() != Type::Document) {
            continue;
        }
        const ValueView nested = walk_document(element.value.as_document(), names, arena);
        if (!nested.missing()) {
            out.push(nested);
        }
    }
    return out.finish();
}

ValueView walk_value(ValueView value, Names names, Arena& arena) {
    if (value.type() == Type::Document) {
        return walk_document(value.as_document(), names, arena);
    }
    if (value.type() == Type::Array) {
        return walk_array(value.as_container(), names, arena);
    }
    return {};
}

class FieldPathExpression final : public Expression {
  public:
    explicit FieldPathExpression(std::string_view dotted) : path_(dotted) {}

    Result<ValueView> evaluate(const EvaluationInput& input) const override {
        return walk_document(input.root, path_.names(), input.arena);
    }
    void add_dependencies(Dependencies& out) const override { out.paths.insert(path_.dotted()); }
    std::string_view field_path() const override { return path_.dotted(); }
    void append_to(bson::Builder& out, std::string_view name) const override {
        out.append(name, "$" + path_.dotted());
    }

  private:
    PathNames path_;
};

class RootExpression final : public Expression {
  public:
    Result<ValueView> evaluate(const EvaluationInput& input) const override {
        return input.root.as_value();
    }
    void add_dependencies(Dependencies& out) const override { out.whole = true; }
    void append_to(bson::Builder& out, std::string_view name) const override {
        out.append(name, "$$ROOT");
    }
};

// A variable that a $let, $map, $filter or $reduce binds.
class VariableExpression final : public Expression {
  public:
    VariableExpression(std::uint32_t slot, std::string_view text, std::string_view path)
        : slot_(slot), text_(text), path_(path), has_path_(!path.empty()) {}

    Result<ValueView> evaluate(const EvaluationInput& input) const override {
        PLUMB_ASSERT(slot_ < input.variables.size());
        const ValueView value = input.variables[slot_];
        return has_path_ ? walk_value(value, path_.names(), input.arena) : value;
    }
    void add_dependencies(Dependencies& /*out*/) const override {}
    void append_to(bson::Builder& out, std::string_view name) const override {
        out.append(name, text_);
    }

  private:
    std::uint32_t slot_;
    std::string text_;
    PathNames path_;
    bool has_path_;
};

// A name whose value changes between runs; see BoundVariable.
class BoundNameExpression final : public Expression {
  public:
    BoundNameExpression(const bson::Value& value, std::string_view text, std::string_view path)
        : value_(value), text_(text), path_(path), has_path_(!path.empty()) {}
    Result<ValueView> evaluate(const EvaluationInput& input) const override {
        return has_path_ ? walk_value(value_.view(), path_.names(), input.arena) : value_.view();
    }
    void add_dependencies(Dependencies& /*out*/) const override {}
    void append_to(bson::Builder& out, std::string_view name) const override {
        out.append(name, text_);
    }

  private:
    const bson::Value& value_;
    std::string text_;
    PathNames path_;
    bool has_path_;
};

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_name_character(char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || static_cast<signed char>(c) < 0;
}

ExpressionPtr constant(ValueView value, std::string_view rest) {
    if (rest.empty()) {
        return std::make_unique<ConstantExpression>(bson::Value{value});
    }
    Arena arena;
    const PathNames path{rest};
    const ValueView part = walk_value(value, path.names(), arena);
    return std::make_unique<ConstantExpression>(bson::Value{part});
}

// What the names that are no variables of the expression itself stand for.
Result<ExpressionPtr> parse_outer(std::string_view name,
                                  std::string_view rest,
                                  std::string_view text,
                                  const ExpressionContext& context) {
    if (name == "ROOT" || name == "CURRENT") {
        if (rest.empty()) {
            return ExpressionPtr{std::make_unique<RootExpression>()};
        }
        return ExpressionPtr{std::make_unique<FieldPathExpression>(rest)};
    }
    if (name == "REMOVE") {
        return ExpressionPtr{std::make_unique<ConstantExpression>(bson::Value{})};
    }
    if (name == "NOW") {
        return constant(bson::Value{context.now}, rest);
    }
    if (name == "CLUSTER_TIME") {
        return fail(ErrorCode{51144}, "Builtin variable '$$CLUSTER_TIME' is not available");
    }
    for (const BoundVariable& bound : context.bound) {
        if (bound.name != name) {
            continue;
        }
        if (bound.used != nullptr) {
            *bound.used = true;
        }
        return ExpressionPtr{std::make_unique<BoundNameExpression>(*bound.value, text, rest)};
    }
    for (const auto& [known, value] : context.variables) {
        if (known == name) {
            return constant(value.view(), rest);
        }
    }
    return fail(ErrorCode{17276}, fmt::format("Use of undefined variable: {}", name));
}

Result<ExpressionPtr> parse_variable(std::string_view text, ParseScope& scope) {
    const std::string_view body = text.substr(2);
    const std::size_t dot = body.find('.');
    const std::string_view name = body.substr(0, dot);
    std::string_view rest;
    PLUMB_CHECK(check_variable_use(name));
    if (dot != std::string_view::npos) {
        rest = body.substr(dot + 1);
        PLUMB_CHECK(check_field_path(rest));
    }
    if (const auto slot = scope.names.find(name)) {
        return ExpressionPtr{std::make_unique<VariableExpression>(*slot, text, rest)};
    }
    return parse_outer(name, rest, text, scope.context);
}

}  // namespace

Result<ExpressionPtr> parse_path(std::string_view text, ParseScope& scope) {
    if (text.starts_with("$$")) {
        return parse_variable(text, scope);
    }
    const std::string_view dotted = text.substr(1);
    if (dotted.empty()) {
        return fail(ErrorCode{16872}, "'$' by itself is not a valid FieldPath");
    }
    PLUMB_CHECK(check_field_path(dotted));
    // A $let may rebind CURRENT, which is what "$a" looks into.
    if (const auto slot = scope.names.find("CURRENT")) {
        return ExpressionPtr{std::make_unique<VariableExpression>(*slot, text, dotted)};
    }
    return ExpressionPtr{std::make_unique<FieldPathExpression>(dotted)};
}

Status check_field_path(std::string_view dotted) {
    if (dotted.empty()) {
        return fail(ErrorCode{40352}, "FieldPath cannot be constructed with empty string");
    }
    if (dotted.ends_with('.')) {
        return fail(ErrorCode{40353}, "FieldPath must not end with a '.'.");
    }
    std::size_t start = 0;
    while (start <= dotted.size()) {
        const std::size_t dot = std::min(dotted.find('.', start), dotted.size());
        const std::string_view part = dotted.substr(start, dot - start);
        if (part.empty()) {
            return fail(ErrorCode{15998}, "FieldPath field names may not be empty strings.");
        }
        if (part.front() == '$') {
            return fail(ErrorCode{16410}, "FieldPath field names may not start with '$'.");
        }
        if (part.find('\0') != std::string_view::npos) {
            return fail(ErrorCode{16411}, "FieldPath field names may not contain '\\0'.");
        }
        start = dot + 1;
    }
    return {};
}

Status check_variable_use(std::string_view name) {
    if (name.empty()) {
        return fail(ErrorCode{16869}, "empty variable names are not allowed");
    }
    if (!is_letter(name.front()) && static_cast<signed char>(name.front()) >= 0) {
        return fail(ErrorCode{16870},
                    fmt::format("'{}' starts with an invalid character for a variable name", name));
    }
    if (!std::all_of(name.begin(), name.end(), is_name_character)) {
        return fail(ErrorCode{16871},
                    fmt::format("'{}' contains an invalid character for a variable name", name));
    }
    return {};
}

Status check_variable_name(std::string_view name) {
    if (name.empty()) {
        return fail(ErrorCode{16866}, "empty variable names are not allowed");
    }
    const char first = name.front();
    const bool valid_first = (first >= 'a' && first <= 'z') || static_cast<signed char>(first) < 0;
    if (!valid_first && name != "CURRENT") {
        return fail(
            ErrorCode{16867},
            fmt::format("'{}' starts with an invalid character for a user variable name", name));
    }
    if (!std::all_of(name.begin(), name.end(), is_name_character)) {
        return fail(ErrorCode{16868},
                    fmt::format("'{}' contains an invalid character for a variable name", name));
    }
    return {};
}

}  // namespace plumb::query
