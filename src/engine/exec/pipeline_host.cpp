// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/pipeline_host.h"

#include "engine/exec/pipeline_cursor.h"
#include "engine/exec/view.h"

#include <algorithm>

namespace plumb::exec {
namespace {

// A cursor inside of a pipeline: it goes on with whatever operation the pipeline goes on with.
class InnerSource final : public query::DocumentSource {
  public:
    InnerSource(Host& host, std::unique_ptr<QueryCursor> cursor)
        : host_(host), cursor_(std::move(cursor)) {}

    Result<std::optional<bson::View>> next() override { return cursor_->next(); }
    void save() override { cursor_->save(); }
    Status restore() override {
        cursor_->attach(host_.operation());
        return cursor_->restore();
    }

  private:
    Host& host_;
    std::unique_ptr<QueryCursor> cursor_;
};

// One run of a cursor that stays for the next.
class RunSource final : public query::DocumentSource {
  public:
    RunSource(Host& host, PipelineCursor& cursor) : host_(host), cursor_(cursor) {}
    RunSource(const RunSource&) = delete;
    RunSource& operator=(const RunSource&) = delete;
    ~RunSource() override { cursor_.close(); }

    Result<std::optional<bson::View>> next() override { return cursor_.next(); }
    void save() override { cursor_.save(); }
    Status restore() override {
        cursor_.attach(host_.operation());
        return cursor_.restore();
    }

  private:
    Host& host_;
    PipelineCursor& cursor_;
};

// Parsed at the first run; each later run makes only the plan anew.
class InnerPipeline final : public query::PreparedPipeline {
  public:
    InnerPipeline(Host& host, PipelineRequest request)
        : host_(host), request_(std::move(request)) {}

    Result<std::unique_ptr<query::DocumentSource>> open() override {
        if (cursor_ == nullptr) {
            PLUMB_TRY(cursor, PipelineCursor::open(host_.operation(), std::move(request_)));
            cursor_ = std::move(cursor);
        } else {
            cursor_->bind(host_.operation());
            PLUMB_CHECK(cursor_->reopen());
        }
        return std::unique_ptr<query::DocumentSource>{std::make_unique<RunSource>(host_, *cursor_)};
    }

  private:
    Host& host_;
    PipelineRequest request_;
    std::unique_ptr<PipelineCursor> cursor_;
};

}  // namespace

Result<std::unique_ptr<query::DocumentSource>> Host::open_find(std::string_view ns,
                                                               bson::View filter) {
    FindRequest find;
    find.ns = ns;
    find.filter = bson::Document{filter};
    PLUMB_TRY(cursor, exec::open_find(*operation_, std::move(find)));
    return std::unique_ptr<query::DocumentSource>{
        std::make_unique<InnerSource>(*this, std::move(cursor))};
}

bool Host::has_index_on(std::string_view ns, std::string_view field) {
    const auto collection = operation_->engine.collection(ns);
    if (!collection || collection->state().is_view()) {
        // Nothing to read, or a pipeline whose own collection's indexes count.
        return true;
    }
    return std::ranges::any_of(collection->state().indexes, [&](const auto& index) {
        const storage::IndexSpec& spec = index->spec;
        return !spec.sparse && !spec.hidden && !spec.partial &&
               index->pattern.fields().front().path.dotted() == field;
    });
}

Result<std::unique_ptr<query::DocumentSource>> Host::open_pipeline(
    std::string_view ns,
    const std::vector<bson::Document>& stages,
    const query::ExpressionContext& context) {
    PipelineRequest request;
    request.ns = ns;
    request.stages = stages;
    request.expressions = context;
    PLUMB_TRY(cursor, PipelineCursor::open(*operation_, std::move(request)));
    return std::unique_ptr<query::DocumentSource>{
        std::make_unique<InnerSource>(*this, std::move(cursor))};
}

Result<std::unique_ptr<query::PreparedPipeline>> Host::prepare_pipeline(
    std::string_view ns,
    const std::vector<bson::Document>& stages,
    const query::ExpressionContext& context) {
    PipelineRequest request;
    request.ns = ns;
    request.stages = stages;
    request.expressions = context;
    return std::unique_ptr<query::PreparedPipeline>{
        std::make_unique<InnerPipeline>(*this, std::move(request))};
}

Status Host::replace_collection(std::string_view ns, query::DocumentSource& source) {
    return write_out_collection(*operation_, ns, source);
}

Status Host::check_merge(const MergeRequest& request) {
    return check_merge_target(*operation_, request);
}

Status Host::merge(const MergeRequest& request, bson::View document) {
    return merge_document(*operation_, request, document);
}

Result<std::vector<bson::Document>> Host::report(std::string_view stage, bson::View options) {
    return report_rows(*operation_, ns_, stage, options);
}

std::string Host::spill_folder() {
    operation_->statistics.used_disk = true;
    return operation_->engine.temporary_folder().string();
}

}  // namespace plumb::exec
