// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/memory_host.h"

#include "bson/builder.h"
#include "bson/compare.h"
#include "engine/query/matcher.h"

#include <filesystem>

namespace plumb::query {

namespace {

// A pipeline that owns what it needs.
class PipelineSource final : public DocumentSource {
  public:
    PipelineSource(std::vector<bson::Document> input, PipelineContext context)
        : input_(std::move(input)), context_(std::move(context)) {}

    Status parse(const std::vector<bson::Document>& stages) {
        PLUMB_TRY(pipeline, parse_pipeline(stages, context_));
        pipeline_ = std::move(pipeline);
        last_ = &connect(pipeline_, input_);
        return {};
    }
    Result<std::optional<bson::View>> next() override { return last_->next(); }

  private:
    ListSource input_;
    PipelineContext context_;
    Pipeline pipeline_;
    DocumentSource* last_ = nullptr;
};

// Opens the pipeline anew each time.
class ReopenedPipeline final : public PreparedPipeline {
  public:
    ReopenedPipeline(MemoryHost& host,
                     std::string_view ns,
                     std::vector<bson::Document> stages,
                     ExpressionContext context)
        : host_(host), ns_(ns), stages_(std::move(stages)), context_(std::move(context)) {}
    Result<std::unique_ptr<DocumentSource>> open() override {
        return host_.open_pipeline(ns_, stages_, context_);
    }

  private:
    MemoryHost& host_;
    std::string ns_;
    std::vector<bson::Document> stages_;
    ExpressionContext context_;
};

}  // namespace

Result<std::optional<bson::View>> ListSource::next() {
    return given_ < documents_.size() ? std::optional{documents_[given_++].view()} : std::nullopt;
}

Result<std::unique_ptr<DocumentSource>> MemoryHost::open_find(std::string_view ns,
                                                              bson::View filter) {
    PLUMB_TRY(matcher, Matcher::parse(filter));
    std::vector<bson::Document> found;
    if (const auto collection = collections.find(ns); collection != collections.end()) {
        for (const bson::Document& document : collection->second) {
            if (matcher.matches(document)) {
                found.push_back(document);
            }
        }
    }
    return std::unique_ptr<DocumentSource>{std::make_unique<ListSource>(std::move(found))};
}

Result<std::unique_ptr<DocumentSource>> MemoryHost::open_pipeline(
    std::string_view ns,
    const std::vector<bson::Document>& stages,
    const ExpressionContext& context) {
    PipelineContext inner;
    inner.ns = ns;
    inner.expressions = context;
    inner.host = this;
    const auto collection = collections.find(ns);
    auto source = std::make_unique<PipelineSource>(
        collection != collections.end() ? collection->second : std::vector<bson::Document>{},
        std::move(inner));
    PLUMB_CHECK(source->parse(stages));
    return std::unique_ptr<DocumentSource>{std::move(source)};
}

Result<std::unique_ptr<PreparedPipeline>> MemoryHost::prepare_pipeline(
    std::string_view ns,
    const std::vector<bson::Document>& stages,
    const ExpressionContext& context) {
    return std::unique_ptr<PreparedPipeline>{
        std::make_unique<ReopenedPipeline>(*this, ns, stages, context)};
}

Status MemoryHost::replace_collection(std::string_view ns, DocumentSource& source) {
    std::vector<bson::Document> documents;
    while (true) {
        PLUMB_TRY(document, source.next());
        if (!document) {
            break;
        }
        documents.emplace_back(*document);
    }
    collections[std::string{ns}] = std::move(documents);
    return {};
}

Status MemoryHost::check_merge(const MergeRequest& request) {
    const bool by_id = request.on.size() == 1 && request.on.front() == "_id";
    return by_id ? Status{} : fail(ErrorCode{51183}, "there is no unique index on these fields");
}

Status MemoryHost::merge(const MergeRequest& request, bson::View document) {
    for (bson::Document& stored : collections[request.ns]) {
        if (bson::equal(stored.find("_id"), document.find("_id"))) {
            if (request.when_matched == "replace") {
                stored = bson::Document{document};
            }
            return {};
        }
    }
    collections[request.ns].emplace_back(document);
    return {};
}

Result<std::vector<bson::Document>> MemoryHost::report(std::string_view stage,
                                                       bson::View /*options*/) {
    bson::Builder row;
    row.append("stage", stage);
    row.append("count", static_cast<std::int32_t>(collections.begin()->second.size()));
    std::vector<bson::Document> rows;
    rows.push_back(row.finish());
    return rows;
}

std::string MemoryHost::spill_folder() {
    ++spills;
    return (std::filesystem::temp_directory_path() / "plumb_query_test").string();
}

Result<std::vector<bson::Document>> MemoryHost::run(const std::vector<bson::Document>& stages,
                                                    PipelineContext& context) {
    PLUMB_TRY(pipeline, parse_pipeline(stages, context));
    ListSource input{collections[context.ns]};
    DocumentSource& results = connect(pipeline, input);
    std::vector<bson::Document> out;
    while (true) {
        PLUMB_TRY(document, results.next());
        if (!document) {
            return out;
        }
        out.emplace_back(*document);
    }
}

Result<std::vector<bson::Document>> MemoryHost::run(std::string_view ns,
                                                    const std::vector<bson::Document>& stages) {
    PipelineContext context;
    context.ns = ns;
    context.host = this;
    return run(stages, context);
}

}  // namespace plumb::query
