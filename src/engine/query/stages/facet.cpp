// SPDX-License-Identifier: GPL-3.0-or-later
// $facet: several pipelines over the same documents, each giving an array.
#include "engine/query/expr/operator.h"
#include "engine/query/stages/document_list.h"
#include "engine/query/stages/stages.h"

#include <fmt/format.h>

namespace plumb::query {

using bson::Type;
using bson::ValueView;

namespace {

struct Facet {
    std::string name;
    Pipeline pipeline;
};

class FacetStage final : public SourcedStage {
  public:
    FacetStage(std::vector<Facet> facets, bson::Document spec, const PipelineContext& context)
        : facets_(std::move(facets)), spec_(std::move(spec)), context_(context), input_(context) {}

    Result<std::optional<bson::View>> next() override {
        if (done_) {
            return std::optional<bson::View>{};
        }
        done_ = true;
        while (true) {
            if (context_.interrupt != nullptr) {
                PLUMB_CHECK(context_.interrupt->check());
            }
            PLUMB_TRY(document, source().next());
            if (!document) {
                break;
            }
            PLUMB_CHECK(input_.add(*document));
        }
        for (Facet& facet : facets_) {
            PLUMB_CHECK(run(facet));
        }
        return std::optional{out_.finish_view()};
    }
    void restart() override {
        for (Facet& facet : facets_) {
            for (const auto& stage : facet.pipeline.stages) {
                stage->restart();
            }
        }
        input_.restart();
        out_.clear();
        done_ = false;
    }
    void append_explain(bson::Builder& out) const override { out.append("$facet", spec_); }
    bool add_dependencies(Dependencies& out) const override {
        for (const Facet& facet : facets_) {
            bool made_new = false;
            for (const auto& stage : facet.pipeline.stages) {
                if (stage->add_dependencies(out)) {
                    made_new = true;
                    break;
                }
            }
            out.whole = out.whole || !made_new;
        }
        return true;
    }

  private:
    Status run(Facet& facet) {
        PLUMB_CHECK(input_.rewind());
        DocumentSource& results = connect(facet.pipeline, input_);
        out_.begin_array(facet.name);
        while (true) {
            PLUMB_TRY(document, results.next());
            if (!document) {
                break;
            }
            out_.push(*document);
            PLUMB_CHECK(check_document_bytes(out_.byte_size()));
        }
        out_.end();
        return {};
    }

    std::vector<Facet> facets_;
    bson::Document spec_;
    const PipelineContext& context_;
    DocumentList input_;
    bson::Builder out_;
    bool done_ = false;
};

Result<std::vector<bson::View>> read_stages(const bson::Element& facet) {
    if (facet.value.type() != Type::Array) {
        return fail(ErrorCode{40170},
                    fmt::format("arguments to $facet must be arrays, {} is no array", facet.name));
    }
    std::vector<bson::View> stages;
    for (const bson::Element& element : facet.value.as_container()) {
        if (element.value.type() != Type::Document) {
            return fail(ErrorCode{40171},
                        fmt::format("elements of arrays in $facet spec must be objects, {} has "
                                    "another",
                                    facet.name));
        }
        const bson::View stage = element.value.as_document();
        const auto traits =
            stage.empty() ? std::optional<StageTraits>{} : stage_traits(stage.front().name);
        if (traits && !traits->allowed_in_facet) {
            return fail(ErrorCode{40600},
                        fmt::format("{} is not allowed to be used within a $facet stage",
                                    stage.front().name));
        }
        stages.push_back(stage);
    }
    return stages;
}

Status check_facet_name(std::string_view name) {
    PLUMB_CHECK(check_field_path(name));
    if (name.find('.') != std::string_view::npos) {
        return fail(ErrorCode{16412}, "FieldPath field names may not contain '.'.");
    }
    return {};
}

}  // namespace

Status parse_facet_stage(ValueView spec, StageParser& parser) {
    if (spec.type() != Type::Document || spec.as_document().empty()) {
        return fail(ErrorCode{40169}, "the $facet specification must be a non-empty object");
    }
    std::vector<Facet> facets;
    for (const bson::Element& element : spec.as_document()) {
        PLUMB_CHECK(check_facet_name(element.name));
        PLUMB_TRY(stages, read_stages(element));
        PLUMB_TRY(pipeline, parse_pipeline(stages, parser.context));
        facets.push_back({std::string{element.name}, std::move(pipeline)});
    }
    parser.stages.push_back(std::make_unique<FacetStage>(
        std::move(facets), bson::Document{spec.as_document()}, parser.context));
    return {};
}

}  // namespace plumb::query
