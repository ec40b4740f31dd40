// SPDX-License-Identifier: GPL-3.0-or-later
// $merge: writes the documents of the pipeline into a collection, beside what is there.
#include "bson/path.h"
#include "engine/query/stages/edit_document.h"
#include "engine/query/stages/merge_spec.h"
#include "engine/query/stages/stages.h"

#include <vector>

namespace plumb::query {

using bson::Type;
using bson::ValueView;

namespace {

// Documents are checked in batches before any of them is written, as 4.2 does.
constexpr std::size_t kBatchBytes = kDocumentBytesMax;

class MergeStage final : public SourcedStage {
  public:
    MergeStage(MergeSpec spec,
               std::unique_ptr<StageExpressions> expressions,
               bson::Document shown,
               const PipelineContext& context)
        : spec_(std::move(spec)),
          expressions_(std::move(expressions)),
          shown_(std::move(shown)),
          context_(context) {
        for (const std::string& field : spec_.request.on) {
            on_.emplace_back(field);
        }
    }

    // Writes everything; gives no document.
    Result<std::optional<bson::View>> next() override {
        if (done_) {
            return std::optional<bson::View>{};
        }
        done_ = true;
        PLUMB_TRY(host, host_of(context_));
        PLUMB_CHECK(host->check_merge(spec_.request));
        std::size_t bytes = 0;
        while (true) {
            PLUMB_TRY(document, source().next());
            if (!document) {
                break;
            }
            PLUMB_TRY(checked, check(*document));
            bytes += checked.bytes().size();
            batch_.push_back(std::move(checked));
            if (bytes > kBatchBytes) {
                PLUMB_CHECK(write_batch(*host));
                bytes = 0;
            }
        }
        PLUMB_CHECK(write_batch(*host));
        return std::optional<bson::View>{};
    }
    void restart() override { done_ = false; }
    void append_explain(bson::Builder& out) const override { out.append("$merge", shown_); }
    bool add_dependencies(Dependencies& out) const override {
        out.whole = true;
        return true;
    }

  private:
    // The document with an _id, if its identifying fields are fit for that.
    Result<bson::Document> check(bson::View document) {
        bson::Document out{document};
        if (!document.has("_id")) {
            bson::Builder with_id;
            with_id.append("_id", bson::generate_object_id());
            with_id.append_all(document);
            out = with_id.finish();
        }
        for (const bson::Path& path : on_) {
            const ValueView value = find_plain(out, path);
            if (value.nullish() || value.type() == Type::Array) {
                return fail(ErrorCode{51132},
                            "$merge write error: 'on' field cannot be missing, null, undefined or "
                            "an array: " +
                                path.dotted());
            }
        }
        return out;
    }

    Status write_batch(PipelineHost& host) {
        for (const bson::Document& document : batch_) {
            if (context_.interrupt != nullptr) {
                PLUMB_CHECK(context_.interrupt->check());
            }
            PLUMB_CHECK(bind_variables(document));
            PLUMB_CHECK(host.merge(spec_.request, document));
        }
        batch_.clear();
        return {};
    }

    // What the pipeline of whenMatched may name: $$new, or the variables of `let`.
    Status bind_variables(const bson::Document& document) {
        if (spec_.request.when_matched != "pipeline") {
            return {};
        }
        expressions_->next_document();
        auto& variables = spec_.request.context.variables;
        variables.clear();
        for (const auto& [name, expression] : spec_.variables) {
            PLUMB_TRY(value, expressions_->evaluate(*expression, document));
            variables.emplace_back(name, bson::Value{value});
        }
        return {};
    }

    MergeSpec spec_;
    std::unique_ptr<StageExpressions> expressions_;
    bson::Document shown_;
    const PipelineContext& context_;
    std::vector<bson::Path> on_;
    std::vector<bson::Document> batch_;
    bool done_ = false;
};

}  // namespace

Status parse_merge_stage(ValueView spec, StageParser& parser) {
    auto expressions = std::make_unique<StageExpressions>(parser.context);
    PLUMB_TRY(read, read_merge_spec(spec, parser, *expressions));
    read.request.context.now = parser.context.expressions.now;
    bson::Builder shown;
    shown.append("into", read.request.ns);
    shown.append("whenMatched", read.request.when_matched);
    shown.append("whenNotMatched", read.request.when_not_matched);
    parser.stages.push_back(std::make_unique<MergeStage>(
        std::move(read), std::move(expressions), shown.finish(), parser.context));
    return {};
}

}  // namespace plumb::query
