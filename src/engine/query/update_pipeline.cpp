// SPDX-License-Identifier: GPL-3.0-or-later
// Updates written as an aggregation pipeline over the one document.
#include "engine/query/stage.h"
#include "engine/query/update_internal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace plumb::query {
namespace {

using bson::View;

constexpr auto kAllowedStages = std::to_array<std::string_view>(
    {"$addFields", "$project", "$replaceRoot", "$replaceWith", "$set", "$unset"});

class OneDocument final : public DocumentSource {
  public:
    explicit OneDocument(View document) : document_(document) {}
    [[nodiscard]] Result<std::optional<View>> next() override {
        return std::exchange(document_, std::nullopt);
    }

  private:
    std::optional<View> document_;
};

Result<Pipeline> parse_stages(const std::vector<bson::Document>& stages, PipelineContext& context) {
    std::vector<View> views;
    views.reserve(stages.size());
    for (const bson::Document& stage : stages) {
        views.push_back(stage.view());
    }
    return parse_pipeline(views, context);
}

PipelineContext make_context(const ExpressionContext& expressions) {
    PipelineContext context;
    context.expressions = expressions;
    return context;
}

}  // namespace

Status check_pipeline(const std::vector<bson::Document>& stages, const ExpressionContext& context) {
    PipelineContext pipeline_context = make_context(context);
    PLUMB_CHECK(parse_stages(stages, pipeline_context));
    for (const bson::Document& stage : stages) {
        const std::string_view name = stage.view().front().name;
        if (std::find(kAllowedStages.begin(), kAllowedStages.end(), name) == kAllowedStages.end()) {
            return fail(ErrorCode::InvalidOptions,
                        fmt::format("{} is not allowed to be used within an update", name));
        }
    }
    return {};
}

Result<bson::Document> apply_pipeline(const std::vector<bson::Document>& stages,
                                      View document,
                                      const ExpressionContext& context) {
    // Stages keep the state of one run, so each document gets its own.
    PipelineContext pipeline_context = make_context(context);
    PLUMB_TRY(pipeline, parse_stages(stages, pipeline_context));
    OneDocument first{document};
    DocumentSource* source = &first;
    for (const auto& stage : pipeline.stages) {
        stage->set_source(*source);
        source = stage.get();
    }
    PLUMB_TRY(result, source->next());
    if (!result) {
        return fail(ErrorCode::InternalError, "an update's pipeline gave no document");
    }
    PLUMB_CHECK(check_storable(result->as_value(), 0));
    return bson::Document{*result};
}

}  // namespace plumb::query
