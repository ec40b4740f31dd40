// SPDX-License-Identifier: GPL-3.0-or-later
// What $project, $addFields and $unset do with each field, as a tree over dotted paths.
//
//   PLUMB_TRY(tree, FieldTree::parse_project(spec, expressions));
//   PLUMB_CHECK(tree.apply(document, expressions, out));
//
// Source   MongoDB manual, "$project"; tests/conformance/projection.jsonl (projection/stage)
// Threads  apply() uses the expressions' arena: one thread.
#pragma once

#include "bson/builder.h"
#include "engine/query/stages/stage_parser.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::query {

class FieldTree {
  public:
    // What happens to fields that the tree does not name.
    enum class Mode : std::uint8_t { Include, Exclude, Add };

    // errors  15969 no object, 40177 empty, 40178 and 40179 for a mixture of inclusion and
    //         exclusion, 40176 for paths that meet, 40180 to 40183 for nested objects
    [[nodiscard]] static Result<FieldTree> parse_project(bson::ValueView spec,
                                                         StageExpressions& expressions);
    // errors  40272 no object, others as above
    [[nodiscard]] static Result<FieldTree> parse_add_fields(bson::ValueView spec,
                                                            StageExpressions& expressions);
    // Of a $unset: paths that are left out. errors: 40176, and those of check_field_path
    [[nodiscard]] static Result<FieldTree> parse_unset(const std::vector<std::string>& paths);

    // The fields of `document` as the tree has them, into the open scope of `out`.
    [[nodiscard]] Status apply(bson::View document,
                               StageExpressions& expressions,
                               bson::Builder& out) const;

    [[nodiscard]] Mode mode() const { return mode_; }
    void add_dependencies(Dependencies& out) const;
    void append_to(bson::Builder& out) const;
    // Top-level names that the tree computes or changes.
    [[nodiscard]] std::vector<std::string> changed_fields() const;

  private:
    // What is done with the field of one name.
    struct Node {
        std::string name;
        bool keep = false;  // included (Include), left out (Exclude)
        ExpressionPtr computed;
        std::vector<Node> children;
        bool has_computed = false;  // here or below
        [[nodiscard]] const Node* find(std::string_view name) const;
    };
    struct Parse;
    struct Apply;

    FieldTree() = default;
    [[nodiscard]] Status include_id();

    Node root_;
    Mode mode_ = Mode::Add;
};

}  // namespace plumb::query
