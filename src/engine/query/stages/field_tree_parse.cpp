// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "bson/number.h"
#include "engine/query/expr/operator.h"
#include "engine/query/stages/field_tree.h"

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
    return fail(ErrorCode{40176},
                fmt::format("Invalid projection: specification contains two conflicting paths: '{}'",
                            path));
}

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
        return include ? fail(ErrorCode{40179},
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

    // One field of the specification or of an object in it.
    Status add(Node& under, std::string_view path, ValueView value, bool nested) {
        if (nested && path.find('.') != std::string_view::npos) {
            return fail(ErrorCode{40183},
                        fmt::format("cannot use dotted field name '{}' in a sub object", path));
        }
        const bool add_mode = tree.mode_ == Mode::Add;
        if (is_flag(value) && !add_mode) {
            const bool excluded_id = !nested && path == "_id" && !bson::truthy(value);
            if (excluded_id && tree.mode_ == Mode::Include) {
                id_excluded = true;
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
        if (value.as_document().empty()) {
            return fail(ErrorCode{40180},
                        fmt::format("an empty object is not a valid value. Found at path {}", path));
        }
        PLUMB_TRY(node, open(under, path));
        for (const bson::Element& field : value.as_document()) {
            if (field.name.starts_with('$')) {
                return fail(ErrorCode{40182},
                            fmt::format("Bad projection specification: '{}' beside other fields",
                                        field.name));
            }
            PLUMB_CHECK(add(*node, field.name, field.value, true));
        }
        return {};
    }

    // The node of an object with nested fields: {a: {b: 1}, "a.c": 1} may go to the same one.
    static Result<Node*> open(Node& under, std::string_view path) {
        Node* at = &under;
        for (Node& child : under.children) {
            if (child.name == path && !child.keep && !child.computed) {
                return &child;
            }
        }
        return place(*at, path);
    }

    static bool mark(Node& node) {
        node.has_computed = node.computed != nullptr;
        for (Node& child : node.children) {
            node.has_computed = mark(child) || node.has_computed;
        }
        return node.has_computed;
    }

    Status run(ValueView spec) {
        if (spec.as_document().empty()) {
            return fail(ErrorCode{40177},
                        "Invalid projection: specification must have at least one field");
        }
        for (const bson::Element& field : spec.as_document()) {
            PLUMB_CHECK(add(tree.root_, field.name, field.value, false));
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
