// SPDX-License-Identifier: GPL-3.0-or-later
// $redact: leaves out documents and sub-documents, as an expression decides for each of them.
#include "engine/query/stages/stages.h"

namespace plumb::query {

using bson::Type;
using bson::ValueView;

namespace {

enum class Decision : std::uint8_t { Keep, Prune, Descend };

class RedactStage final : public SourcedStage {
  public:
    explicit RedactStage(const PipelineContext& pipeline)
        : context_(with_keywords(pipeline.expressions)), expressions_(pipeline, context_) {
        current_ = expressions_.scope().define("CURRENT");
    }

    Status parse(ValueView spec) {
        PLUMB_TRY(expression, expressions_.parse(spec));
        expression_ = std::move(expression);
        return {};
    }

    Result<std::optional<bson::View>> next() override {
        while (true) {
            PLUMB_TRY(document, source().next());
            if (!document) {
                return document;
            }
            root_ = *document;
            PLUMB_TRY(decision, decide(*document));
            if (decision == Decision::Keep) {
                return document;
            }
            if (decision == Decision::Descend) {
                out_.clear();
                PLUMB_CHECK(write_fields(*document));
                return std::optional{out_.finish_view()};
            }
        }
    }
    void restart() override {}
    void append_explain(bson::Builder& out) const override {
        expression_->append_to(out, "$redact");
    }
    bool add_dependencies(Dependencies& out) const override {
        out.whole = true;
        return false;
    }

  private:
    static ExpressionContext with_keywords(ExpressionContext context) {
        for (const char* keyword : {"DESCEND", "PRUNE", "KEEP"}) {
            context.variables.emplace_back(keyword, bson::Value{keyword});
        }
        return context;
    }

    Result<Decision> decide(bson::View document) {
        expressions_.next_document();
        expressions_.variables()[current_] = document.as_value();
        PLUMB_TRY(value, expressions_.evaluate(*expression_, root_));
        if (value.type() == Type::String) {
            if (value.as_string() == "KEEP") {
                return Decision::Keep;
            }
            if (value.as_string() == "PRUNE") {
                return Decision::Prune;
            }
            if (value.as_string() == "DESCEND") {
                return Decision::Descend;
            }
        }
        return fail(ErrorCode{17053},
                    "$redact's expression should not return anything aside from the variables "
                    "$$KEEP, $$DESCEND, and $$PRUNE");
    }

    Status write_fields(bson::View document) {
        for (const bson::Element& field : document) {
            PLUMB_CHECK(write(field.name, field.value, false));
        }
        return {};
    }

    // A field, or an element of an array.
    Status write(std::string_view name, ValueView value, bool element) {
        if (value.type() == Type::Array) {
            element ? out_.push_array() : out_.begin_array(name);
            for (const bson::Element& inner : value.as_container()) {
                PLUMB_CHECK(write({}, inner.value, true));
            }
            out_.end();
            return {};
        }
        if (value.type() == Type::Document) {
            return write_document(name, value, element);
        }
        element ? out_.push(value) : out_.append(name, value);
        return {};
    }

    Status write_document(std::string_view name, ValueView value, bool element) {
        PLUMB_TRY(decision, decide(value.as_document()));
        if (decision == Decision::Prune) {
            return {};
        }
        if (decision == Decision::Keep) {
            element ? out_.push(value) : out_.append(name, value);
            return {};
        }
        element ? out_.push_document() : out_.begin_document(name);
        PLUMB_CHECK(write_fields(value.as_document()));
        out_.end();
        return {};
    }

    ExpressionContext context_;
    StageExpressions expressions_;
    std::uint32_t current_ = 0;
    ExpressionPtr expression_;
    bson::View root_;
    bson::Builder out_;
};

}  // namespace

Status parse_redact_stage(ValueView spec, StageParser& parser) {
    auto stage = std::make_unique<RedactStage>(parser.context);
    PLUMB_CHECK(stage->parse(spec));
    parser.stages.push_back(std::move(stage));
    return {};
}

}  // namespace plumb::query
