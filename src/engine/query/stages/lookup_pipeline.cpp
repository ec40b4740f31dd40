// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/stages/lookup_pipeline.h"

#include "engine/query/stages/hoist_match.h"
#include "engine/query/stages/stage_parser.h"

#include <algorithm>
#include <utility>

namespace plumb::query {
namespace {

std::string_view name_of(const bson::Document& stage) {
    return stage.view().front().name;
}

}  // namespace

class LookupPipeline::KeptRun final : public DocumentSource {
  public:
    explicit KeptRun(LookupPipeline& pipeline) : pipeline_(pipeline), kept_(pipeline.kept_) {
        for (const auto& stage : pipeline_.rest_.stages) {
            stage->restart();
        }
        last_ = &connect(pipeline_.rest_, kept_);
    }
    Result<std::optional<bson::View>> next() override { return last_->next(); }
    void save() override {
        for (const auto& stage : pipeline_.rest_.stages) {
            stage->save();
        }
    }
    Status restore() override {
        for (const auto& stage : pipeline_.rest_.stages) {
            PLUMB_CHECK(stage->restore());
        }
        return {};
    }

  private:
    class Kept final : public DocumentSource {
      public:
        explicit Kept(const std::vector<bson::View>& documents) : documents_(documents) {}
        Result<std::optional<bson::View>> next() override {
            return given_ < documents_.size() ? std::optional{documents_[given_++]} : std::nullopt;
        }

      private:
        const std::vector<bson::View>& documents_;
        std::size_t given_ = 0;
    };

    LookupPipeline& pipeline_;
    Kept kept_;
    DocumentSource* last_ = nullptr;
};

LookupPipeline::LookupPipeline(std::string ns,
                               std::vector<bson::Document> stages,
                               const std::vector<std::string>& names,
                               const PipelineContext& context)
    : outer_(context), inner_(context), stages_(std::move(stages)), values_(names.size()) {
    inner_.ns = std::move(ns);
    auto& bound = inner_.expressions.bound;
    for (std::size_t i = 0; i < names.size(); ++i) {
        bound.insert(bound.begin(), {names[i], &values_[i], &uses_variable_});
    }
}

Status LookupPipeline::check() {
    PLUMB_CHECK(parse_pipeline(stages_, inner_));
    return {};
}

// How many of the first stages give the same whatever the variables are.
Result<std::size_t> LookupPipeline::count_kept_stages() {
    std::size_t count = 0;
    for (; count < stages_.size(); ++count) {
        uses_variable_ = false;
        const std::vector<bson::View> one{stages_[count]};
        PLUMB_CHECK(parse_pipeline(one, inner_));
        if (uses_variable_ || name_of(stages_[count]) == "$sample") {
            break;
        }
    }
    // Conditions side by side are one condition, and the plan of all of them is better than a list.
    if (count < stages_.size() && name_of(stages_[count]) == "$match") {
        while (count > 0 && name_of(stages_[count - 1]) == "$match") {
            --count;
        }
    }
    return count;
}

Status LookupPipeline::start() {
    PLUMB_TRY(host, host_of(outer_));
    hoist_matches(stages_, inner_.expressions);
    PLUMB_TRY(count, count_kept_stages());
    kept_stages_ = count;
    if (kept_stages_ > 0) {
        PLUMB_CHECK(keep());
    }
    if (kept_stages_ == 0) {
        PLUMB_TRY(whole, host->prepare_pipeline(inner_.ns, stages_, inner_.expressions));
        whole_ = std::move(whole);
    }
    return {};
}

Status LookupPipeline::keep() {
    PLUMB_TRY(host, host_of(outer_));
    const auto rest = stages_.begin() + static_cast<std::ptrdiff_t>(kept_stages_);
    PLUMB_TRY(first, host->open_pipeline(inner_.ns, {stages_.begin(), rest}, inner_.expressions));
    while (true) {
        if (inner_.interrupt != nullptr) {
            PLUMB_CHECK(inner_.interrupt->check());
        }
        PLUMB_TRY(document, first->next());
        if (!document) {
            break;
        }
        kept_.emplace_back(arena_.copy(document->raw()));
        const auto bytes = arena_.bytes_held() + kept_.size() * sizeof(bson::View);
        if (static_cast<std::int64_t>(bytes) > inner_.memory_bytes) {
            kept_ = {};
            arena_ = Arena{};
            kept_stages_ = 0;
            return {};
        }
    }
    PLUMB_TRY(pipeline, parse_pipeline(std::vector<bson::Document>{rest, stages_.end()}, inner_));
    rest_ = std::move(pipeline);
    return {};
}

Result<std::unique_ptr<DocumentSource>> LookupPipeline::open(std::vector<bson::Value> values) {
    attach();
    std::ranges::move(values, values_.begin());
    if (!started_) {
        started_ = true;
        PLUMB_CHECK(start());
    }
    if (whole_ != nullptr) {
        return whole_->open();
    }
    return std::unique_ptr<DocumentSource>{std::make_unique<KeptRun>(*this)};
}

}  // namespace plumb::query
