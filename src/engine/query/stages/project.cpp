// SPDX-License-Identifier: GPL-3.0-or-later
// $project, $addFields, $set, $unset: documents with other fields.
#include "engine/query/stages/field_tree.h"
#include "engine/query/stages/stages.h"

#include <string>
#include <vector>

namespace plumb::query {

using bson::Type;
using bson::ValueView;

namespace {

class ProjectStage final : public SourcedStage {
  public:
    ProjectStage(std::string_view name,
                 FieldTree tree,
                 std::unique_ptr<StageExpressions> expressions)
        : name_(name), tree_(std::move(tree)), expressions_(std::move(expressions)) {}

    Result<std::optional<bson::View>> next() override {
        PLUMB_TRY(document, source().next());
        if (!document) {
            return document;
        }
        expressions_->next_document();
        out_.clear();
        PLUMB_CHECK(tree_.apply(*document, *expressions_, out_));
        return std::optional{out_.finish_view()};
    }
    void restart() override {}
    void append_explain(bson::Builder& out) const override {
        out.begin_document(name_);
        tree_.append_to(out);
        out.end();
    }
    bool add_dependencies(Dependencies& out) const override {
        if (tree_.mode() == FieldTree::Mode::Exclude) {
            return false;
        }
        tree_.add_dependencies(out);
        return tree_.mode() == FieldTree::Mode::Include;
    }

  private:
    std::string_view name_;
    FieldTree tree_;
    std::unique_ptr<StageExpressions> expressions_;
    bson::Builder out_;
};

using ParseTree = Result<FieldTree> (*)(ValueView, StageExpressions&);

Status parse_tree(std::string_view name, ValueView spec, ParseTree parse, StageParser& parser) {
    auto expressions = std::make_unique<StageExpressions>(parser.context);
    PLUMB_TRY(tree, parse(spec, *expressions));
    parser.stages.push_back(
        std::make_unique<ProjectStage>(name, std::move(tree), std::move(expressions)));
    return {};
}

Result<std::vector<std::string>> read_unset(ValueView spec) {
    std::vector<std::string> paths;
    if (spec.type() == Type::String) {
        paths.emplace_back(spec.as_string());
        return paths;
    }
    if (spec.type() != Type::Array) {
        return fail(ErrorCode{31002},
                    "$unset specification must be a string or an array containing only strings");
    }
    if (spec.as_container().empty()) {
        return fail(ErrorCode{31119},
                    "$unset specification must be an array with at least one field");
    }
    for (const bson::Element& element : spec.as_container()) {
        if (element.value.type() != Type::String) {
            return fail(ErrorCode{31120}, "$unset specification must be an array of strings only");
        }
        paths.emplace_back(element.value.as_string());
    }
    return paths;
}

}  // namespace

Status parse_project_stage(ValueView spec, StageParser& parser) {
    return parse_tree("$project", spec, FieldTree::parse_project, parser);
}

Status parse_add_fields_stage(ValueView spec, StageParser& parser) {
    return parse_tree("$addFields", spec, FieldTree::parse_add_fields, parser);
}

Status parse_set_stage(ValueView spec, StageParser& parser) {
    return parse_tree("$set", spec, FieldTree::parse_add_fields, parser);
}

Status parse_unset_stage(ValueView spec, StageParser& parser) {
    PLUMB_TRY(paths, read_unset(spec));
    PLUMB_TRY(tree, FieldTree::parse_unset(paths));
    parser.stages.push_back(std::make_unique<ProjectStage>(
        "$project", std::move(tree), std::make_unique<StageExpressions>(parser.context)));
    return {};
}

}  // namespace plumb::query
