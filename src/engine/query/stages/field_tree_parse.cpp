// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/number.h"
#include "engine/query/expr/operator.h"
#include "engine/query/stages/field_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace plumb::query {

using bson::Type;
using bson::ValueView;

const FieldTree::Node* FieldTree::Node::find(std::string_view wanted) const {
    for (const Node& child : children) {
        if (child.name == wanted) {
            return &child;
        }
    }
    return nullptr;
}

namespace {

bool is_flag(ValueView value) {
    return value.is_number() || value.type() == Type::Bool;
}

bool is_operator(ValueView value) {
    return value.type() == Type::Document && !value.as_document().empty() &&
           value.as_document().front().name.starts_with('$');
}

Error conflict(std::string_view path) {
    return fail(
        ErrorCode{40176},
        fmt::format("Invalid projection: specification contains two conflicting paths: '{}'",
                    path));
}

}  // namespace

namespace {

// Checks the paths of a specification before anything is made of them.
class SpecCheck {
  public:
    Status run(bson::View spec) {
        if (spec.empty()) {
            return fail(ErrorCode{40177},
                        "Invalid projection: specification must have at least one field");
        }
        for (const bson::Element& field : spec) {
            PLUMB_CHECK(check(std::string{field.name}, field.value));
        }
        return {};
    }

  private:
    Status check(const std::string& path, ValueView value) {
        PLUMB_CHECK(check_field_path(path));
        if (value.type() != Type::Document) {
            return claim(path);
        }
        const bson::View fields = value.as_document();
        if (fields.empty()) {
            return fail(
                ErrorCode{40180},
                fmt::format("an empty object is not a valid value. Found at path {}", path));
        }
        for (const bson::Element& field : fields) {
            PLUMB_CHECK(check_nested(path, field, fields.count()));
        }
        return {};
    }

    Status check_nested(const std::string& path, const bson::Element& field, std::size_t count) {
        if (field.name.starts_with('$')) {
            if (count != 1) {
                return fail(
                    ErrorCode{40181},
                    fmt::format("an expression specification must contain exactly one field, "
                                "the name of the expression, at path {}",
                                path));
            }
            return claim(path);
        }
        if (field.name.find('.') != std::string_view::npos) {
            return fail(
                ErrorCode{40183},
                fmt::format("cannot use dotted field name '{}' in a sub object", field.name));
        }
        return check(fmt::format("{}.{}", path, field.name), field.value);
    }

    // No path may be another one or lie inside it.
    Status claim(const std::string& path) {
        for (const std::string& other : paths_) {
            const bool inside = path.starts_with(other + ".") || other.starts_with(path + ".");
            if (inside || other == path) {
                return conflict(path);
            }
        }
        paths_.push_back(path);
        return {};
    }

    std::vector<std::string> paths_;
};

}  // namespace

struct FieldTree::Parse {
    StageExpressions* expressions;
    FieldTree& tree;
    std::optional<Mode> decided;

    // What a whole specification is: the first field that is no excluded _id decides.
    Status decide(bool include, std::string_view path) {
        const Mode mode = include ? Mode::Include : Mode::Exclude;
        if (!decided) {
            decided = mode;
        }
        if (*decided == mode) {
            return {};
        }
        return include
                   ? fail(ErrorCode{40179},
                          fmt::format("cannot include or compute '{}' in an exclusion projection",
                                      path))
                   : fail(ErrorCode{40178},
                          fmt::format("cannot exclude '{}' in an inclusion projection", path));
    }

    // Which mode a value speaks for, with all its nested fields.
    Status scan(std::string_view path, ValueView value) {
        if (is_flag(value)) {
            const bool include = bson::truthy(value);
            return path == "_id" && !include ? Status{} : decide(include, path);
        }
        if (value.type() != Type::Document || is_operator(value)) {
            return decide(true, path);
        }
        for (const bson::Element& field : value.as_document()) {
            PLUMB_CHECK(scan(fmt::format("{}.{}", path, field.name), field.value));
        }
        return {};
    }

    // The node at a path, made with those on the way; an error if the path meets another.
    static Result<Node*> place(Node& under, std::string_view dotted) {
        PLUMB_CHECK(check_field_path(dotted));
        Node* at = &under;
        std::string_view rest = dotted;
        while (true) {
            const std::size_t dot = rest.find('.');
            const std::string_view name = rest.substr(0, dot);
            const bool last = dot == std::string_view::npos;
            const auto known = std::find_if(at->children.begin(),
                                            at->children.end(),
                                            [&](const Node& child) { return child.name == name; });
            const bool is_leaf =
                known != at->children.end() && (known->keep || known->computed != nullptr);
            if (known != at->children.end() && (last || is_leaf)) {
                return conflict(dotted);
            }
            if (known != at->children.end()) {
                at = &*known;
            } else {
                Node node;
                node.name = name;
                at->children.push_back(std::move(node));
                at = &at->children.back();
            }
            if (last) {
                return at;
            }
            rest.remove_prefix(dot + 1);
        }
    }

    // One field of the specification, or of an object in it, after all were checked.
    Status add(Node& under, std::string_view path, ValueView value) {
        if (is_flag(value) && tree.mode_ != Mode::Add) {
            const bool excluded = !bson::truthy(value) && tree.mode_ == Mode::Include;
            if (excluded) {
                id_excluded = true;  // anything else would have been refused
                return {};
            }
            PLUMB_TRY(node, place(under, path));
            node->keep = true;
            return {};
        }
        if (value.type() != Type::Document || is_operator(value)) {
            PLUMB_TRY(node, place(under, path));
            PLUMB_TRY(expression, expressions->parse(value));
            node->computed = std::move(expression);
            return {};
        }
        PLUMB_TRY(node, open(under, path));
        for (const bson::Element& field : value.as_document()) {
            PLUMB_CHECK(add(*node, field.name, field.value));
        }
        return {};
    }

    // The node of an object with nested fields: {"a.b": {c: 1}, a: {d: 1}} has both below a.
    static Result<Node*> open(Node& under, std::string_view dotted) {
        Node* at = &under;
        while (true) {
            const std::size_t dot = dotted.find('.');
            const std::string_view name = dotted.substr(0, dot);
            Node* child = nullptr;
            for (Node& each : at->children) {
                child = each.name == name ? &each : child;
            }
            if (child == nullptr) {
                return place(*at, dotted);
            }
            if (dot == std::string_view::npos) {
                return child;
            }
            at = child;
            dotted.remove_prefix(dot + 1);
        }
    }

    static bool mark(Node& node) {
        node.has_computed = node.computed != nullptr;
        for (Node& child : node.children) {
            node.has_computed = mark(child) || node.has_computed;
        }
        return node.has_computed;
    }

    Status run(ValueView spec) {
        for (const bson::Element& field : spec.as_document()) {
            PLUMB_CHECK(add(tree.root_, field.name, field.value));
        }
        mark(tree.root_);
        return {};
    }

    bool id_excluded = false;
};

// _id is shown unless something is said of it.
Status FieldTree::include_id() {
    if (root_.find("_id") == nullptr) {
        PLUMB_TRY(node, Parse::place(root_, "_id"));
        node->keep = true;
    }
    return {};
}

Result<FieldTree> FieldTree::parse_project(ValueView spec, StageExpressions& expressions) {
    if (spec.type() != Type::Document) {
        return fail(ErrorCode{15969}, "$project specification must be an object");
    }
    PLUMB_CHECK(SpecCheck{}.run(spec.as_document()));
    FieldTree tree;
    Parse parse{&expressions, tree, std::nullopt};
    for (const bson::Element& field : spec.as_document()) {
        PLUMB_CHECK(parse.scan(field.name, field.value));
    }
    tree.mode_ = parse.decided.value_or(Mode::Exclude);
    PLUMB_CHECK(parse.run(spec));
    if (tree.mode_ == Mode::Include && !parse.id_excluded) {
        PLUMB_CHECK(tree.include_id());
    }
    return tree;
}

Result<FieldTree> FieldTree::parse_add_fields(ValueView spec, StageExpressions& expressions) {
    if (spec.type() != Type::Document) {
        return fail(ErrorCode{40272}, "$addFields specification stage must be an object");
    }
    PLUMB_CHECK(SpecCheck{}.run(spec.as_document()));
    FieldTree tree;
    Parse parse{&expressions, tree, std::nullopt};
    PLUMB_CHECK(parse.run(spec));
    return tree;
}

Result<FieldTree> FieldTree::parse_unset(const std::vector<std::string>& paths) {
    FieldTree tree;
    tree.mode_ = Mode::Exclude;
    for (const std::string& path : paths) {
        PLUMB_TRY(node, Parse::place(tree.root_, path));
        node->keep = true;
    }
    return tree;
}

}  // namespace plumb::query
