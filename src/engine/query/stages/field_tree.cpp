// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/stages/field_tree.h"

#include <functional>

namespace plumb::query {

using bson::Type;
using bson::ValueView;

// One run over one document.
struct FieldTree::Apply {
    Mode mode;
    bson::View root;
    StageExpressions& expressions;
    bson::Builder& out;

    Status document(const Node& node, bson::View fields) {
        for (const bson::Element& field : fields) {
            const Node* child = node.find(field.name);
            if (child == nullptr) {
                if (mode != Mode::Include) {
                    out.append(field.name, field.value);
                }
            } else {
                PLUMB_CHECK(present(*child, field));
            }
        }
        if (!node.has_computed) {
            return {};
        }
        for (const Node& child : node.children) {
            PLUMB_CHECK(absent(child, fields));
        }
        return {};
    }

    // A field that the document has and the tree names.
    Status present(const Node& node, const bson::Element& field) {
        if (node.keep) {
            if (mode == Mode::Include) {
                out.append(field.name, field.value);
            }
            return {};
        }
        if (node.computed) {
            // A projection computes its fields behind those it includes; $addFields in their place.
            return mode == Mode::Add ? compute(node) : Status{};
        }
        return value(node, field.name, field.value);
    }

    // What the tree makes although the document has no such field.
    Status absent(const Node& node, bson::View fields) {
        if (!node.has_computed) {
            return {};
        }
        const bool has_place = mode == Mode::Add || !node.computed;
        if (has_place && fields.has(node.name)) {
            return {};
        }
        return node.computed ? compute(node) : value(node, node.name, {});
    }

    Status compute(const Node& node) {
        PLUMB_TRY(made, expressions.evaluate(*node.computed, root));
        out.append(node.name, made);
        return {};
    }

    // A value below which the tree goes on: documents, and all documents in arrays.
    Status value(const Node& node, std::string_view name, ValueView old) {
        if (old.type() == Type::Array) {
            out.begin_array(name);
            for (const bson::Element& element : old.as_container()) {
                PLUMB_CHECK(this->element(node, element.value));
            }
            out.end();
            return {};
        }
        if (old.type() != Type::Document && !node.has_computed) {
            if (mode == Mode::Exclude) {
                out.append(name, old);
            }
            return {};
        }
        out.begin_document(name);
        PLUMB_CHECK(
            document(node, old.type() == Type::Document ? old.as_document() : bson::View{}));
        out.end();
        return {};
    }

    Status element(const Node& node, ValueView old) {
        if (old.type() == Type::Array) {
            out.push_array();
            for (const bson::Element& inner : old.as_container()) {
                PLUMB_CHECK(element(node, inner.value));
            }
            out.end();
            return {};
        }
        if (old.type() != Type::Document && !node.has_computed) {
            if (mode == Mode::Exclude) {
                out.push(old);
            }
            return {};
        }
        out.push_document();
        PLUMB_CHECK(
            document(node, old.type() == Type::Document ? old.as_document() : bson::View{}));
        out.end();
        return {};
    }
};

Status FieldTree::apply(bson::View document,
                        StageExpressions& expressions,
                        bson::Builder& out) const {
    return Apply{mode_, document, expressions, out}.document(root_, document);
}

void FieldTree::add_dependencies(Dependencies& out) const {
    const std::function<void(const Node&, const std::string&)> visit =
        [&](const Node& node, const std::string& path) {
            if (node.computed) {
                node.computed->add_dependencies(out);
                // Whether the parent is an array decides what is computed.
                if (const std::size_t dot = path.rfind('.'); dot != std::string::npos) {
                    out.paths.insert(path.substr(0, dot));
                }
            } else if (node.children.empty()) {
                out.paths.insert(path);
            }
            for (const Node& child : node.children) {
                visit(child, path.empty() ? child.name : path + "." + child.name);
            }
        };
    for (const Node& child : root_.children) {
        visit(child, child.name);
    }
}

void FieldTree::append_to(bson::Builder& out) const {
    const std::function<void(const Node&)> visit = [&](const Node& node) {
        for (const Node& child : node.children) {
            if (child.computed) {
                child.computed->append_to(out, child.name);
            } else if (child.children.empty()) {
                out.append(child.name, mode_ != Mode::Exclude);
            } else {
                out.begin_document(child.name);
                visit(child);
                out.end();
            }
        }
    };
    visit(root_);
}

std::vector<std::string> FieldTree::changed_fields() const {
    std::vector<std::string> names;
    for (const Node& child : root_.children) {
        names.push_back(child.name);
    }
    return names;
}

}  // namespace plumb::query
