// SPDX-License-Identifier: GPL-3.0-or-later
// $replaceRoot, $replaceWith: another document for each.
#include "engine/query/stages/stages.h"

#include <fmt/format.h>

namespace plumb::query {

using bson::Type;
using bson::ValueView;

namespace {

class ReplaceRootStage final : public SourcedStage {
  public:
    ReplaceRootStage(std::unique_ptr<StageExpressions> expressions, ExpressionPtr root)
        : expressions_(std::move(expressions)), root_(std::move(root)) {}

    Result<std::optional<bson::View>> next() override {
        PLUMB_TRY(document, source().next());
        if (!document) {
            return document;
        }
        expressions_->next_document();
        PLUMB_TRY(root, expressions_->evaluate(*root_, *document));
        if (root.type() != Type::Document) {
            return fail(ErrorCode{40228},
                        fmt::format("'newRoot' expression must evaluate to an object, but was of "
                                    "type {}",
                                    bson::type_name(root.type())));
        }
        return std::optional{root.as_document()};
    }
    void restart() override {}
    void append_explain(bson::Builder& out) const override {
        out.begin_document("$replaceRoot");
        root_->append_to(out, "newRoot");
        out.end();
    }
    bool add_dependencies(Dependencies& out) const override {
        root_->add_dependencies(out);
        return true;
    }

  private:
    std::unique_ptr<StageExpressions> expressions_;
    ExpressionPtr root_;
};

}  // namespace

Status parse_replace_with_stage(ValueView spec, StageParser& parser) {
    auto expressions = std::make_unique<StageExpressions>(parser.context);
    PLUMB_TRY(root, expressions->parse(spec));
    parser.stages.push_back(
        std::make_unique<ReplaceRootStage>(std::move(expressions), std::move(root)));
    return {};
}

Status parse_replace_root_stage(ValueView spec, StageParser& parser) {
    if (spec.type() != Type::Document) {
        return fail(ErrorCode{40229}, "expected an object as specification for $replaceRoot stage");
    }
    for (const bson::Element& option : spec.as_document()) {
        if (option.name != "newRoot") {
            return fail(
                ErrorCode{40415},
                fmt::format("BSON field '$replaceRoot.{}' is an unknown field", option.name));
        }
    }
    const ValueView root = spec.as_document().find("newRoot");
    if (root.missing()) {
        return fail(ErrorCode{40414},
                    "BSON field '$replaceRoot.newRoot' is missing but a required field");
    }
    return parse_replace_with_stage(root, parser);
}

}  // namespace plumb::query
