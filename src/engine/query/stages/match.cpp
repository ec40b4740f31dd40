// SPDX-License-Identifier: GPL-3.0-or-later
// $match: lets pass what a filter matches.
#include "engine/query/matcher.h"
#include "engine/query/stages/match_dependencies.h"
#include "engine/query/stages/stage_parser.h"
#include "engine/query/stages/stages.h"

namespace plumb::query {

namespace {

class MatchStage final : public SourcedStage {
  public:
    MatchStage(Matcher matcher, bson::Document spec, Interrupt* interrupt)
        : matcher_(std::move(matcher)), spec_(std::move(spec)), interrupt_(interrupt) {}

    Result<std::optional<bson::View>> next() override {
        while (true) {
            PLUMB_TRY(document, source().next());
            if (!document) {
                return document;
            }
            PLUMB_TRY(matched, matcher_.check(*document));
            if (matched) {
                return document;
            }
            // An $unwind before this may make any number of rows of one document.
            if (interrupt_ != nullptr) {
                PLUMB_CHECK(interrupt_->check());
            }
        }
    }
    void restart() override {}
    void append_explain(bson::Builder& out) const override { out.append("$match", spec_); }
    bool add_dependencies(Dependencies& out) const override {
        add_match_dependencies(matcher_.root(), out);
        return false;
    }

  private:
    Matcher matcher_;
    bson::Document spec_;
    Interrupt* interrupt_;  // not owned; may be null
};

}  // namespace

Status parse_match_stage(bson::ValueView spec, StageParser& parser) {
    if (spec.type() != bson::Type::Document) {
        return fail(ErrorCode{15959}, "the match filter must be an expression in an object");
    }
    MatchOptions options;
    options.context = &parser.context.expressions;
    PLUMB_TRY(matcher, Matcher::parse(spec.as_document(), options));
    parser.stages.push_back(std::make_unique<MatchStage>(
        std::move(matcher), bson::Document{spec.as_document()}, parser.context.interrupt));
    return {};
}

}  // namespace plumb::query
