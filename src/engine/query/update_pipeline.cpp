// SPDX-License-Identifier: GPL-3.0-or-later
// Updates written as an aggregation pipeline over the one document.
#include "engine/query/update_internal.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace plumb::query {
namespace {

using bson::View;

class OneDocument final : public DocumentSource {
  public:
    explicit OneDocument(View document) : document_(document) {}
    [[nodiscard]] Result<std::optional<View>> next() override {
        return std::exchange(document_, std::nullopt);
    }

  private:
    std::optional<View> document_;
};

}  // namespace

Result<std::unique_ptr<UpdatePipeline>> UpdatePipeline::parse(
    const std::vector<bson::Document>& stages, const ExpressionContext& context) {
    std::unique_ptr<UpdatePipeline> out{
        new UpdatePipeline{context}};  // NOLINT: the constructor is private
    PLUMB_TRY(pipeline, parse_pipeline(stages, out->context_));
    for (const bson::Document& stage : stages) {
        const std::string_view name = stage.view().front().name;
        if (!stage_traits(name)->allowed_in_update) {
            return fail(ErrorCode::InvalidOptions,
                        fmt::format("{} is not allowed to be used within an update", name));
        }
    }
    out->pipeline_ = std::move(pipeline);
    return out;
}

Result<bson::Document> UpdatePipeline::apply(View document) {
    OneDocument first{document};
    for (const auto& stage : pipeline_.stages) {
        stage->restart();
    }
    PLUMB_TRY(result, connect(pipeline_, first).next());
    if (!result) {
        return fail(ErrorCode::InternalError, "an update's pipeline gave no document");
    }
    PLUMB_CHECK(check_storable(result->as_value(), 0));
    return bson::Document{*result};
}

}  // namespace plumb::query
