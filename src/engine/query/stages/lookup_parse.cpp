// SPDX-License-Identifier: GPL-3.0-or-later
// The specification of a $lookup stage.
#include "engine/query/expr/operator.h"
#include "engine/query/stages/lookup.h"
#include "engine/query/stages/stages.h"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

namespace plumb::query {

using bson::Type;
using bson::ValueView;

namespace {

// The options as they are given, all strings but the last two.
struct LookupOptions {
    ValueView from;
    ValueView as;
    ValueView local_field;
    ValueView foreign_field;
    ValueView pipeline;
    ValueView let;
};

ValueView* place_of(LookupOptions& options, std::string_view name) {
    if (name == "from") {
        return &options.from;
    }
    if (name == "as") {
        return &options.as;
    }
    if (name == "localField") {
        return &options.local_field;
    }
    return name == "foreignField" ? &options.foreign_field : nullptr;
}

Result<LookupOptions> read_options(bson::View spec) {
    LookupOptions out;
    for (const bson::Element& option : spec) {
        if (option.name == "pipeline") {
            out.pipeline = option.value;
            continue;
        }
        if (option.name == "let") {
            if (option.value.type() != Type::Document) {
                return fail(ErrorCode::FailedToParse, "$lookup argument 'let' must be an object");
            }
            out.let = option.value;
            continue;
        }
        ValueView* place = place_of(out, option.name);
        if (option.value.type() != Type::String || place == nullptr) {
            return fail(
                ErrorCode::FailedToParse,
                fmt::format("unknown argument, or one that must be a string, to $lookup: {}",
                            option.name));
        }
        *place = option.value;
    }
    if (out.from.missing()) {
        return fail(ErrorCode::FailedToParse, "must specify 'from' field for a $lookup");
    }
    if (out.as.missing()) {
        return fail(ErrorCode::FailedToParse, "must specify 'as' field for a $lookup");
    }
    return out;
}

Status refuse_writes(const std::vector<bson::Document>& pipeline) {
    for (const bson::Document& stage : pipeline) {
        const auto traits =
            stage.empty() ? std::optional<StageTraits>{} : stage_traits(stage.view().front().name);
        if (traits && traits->writes) {
            return fail(ErrorCode{51047},
                        fmt::format("{} is not allowed within a $lookup's sub-pipeline",
                                    stage.view().front().name));
        }
    }
    return {};
}

Status read_pipeline_form(const LookupOptions& options,
                          StageExpressions& expressions,
                          const PipelineContext& context,
                          LookupSpec& out) {
    if (!options.local_field.missing() || !options.foreign_field.missing()) {
        return fail(ErrorCode::FailedToParse,
                    "$lookup with 'pipeline' may not specify 'localField' or 'foreignField'");
    }
    PLUMB_TRY(pipeline,
              read_pipeline(options.pipeline, ErrorCode::TypeMismatch, "$lookup.pipeline"));
    std::vector<std::string> names;
    if (!options.let.missing()) {
        for (const bson::Element& variable : options.let.as_document()) {
            PLUMB_CHECK(check_variable_name(variable.name));
            PLUMB_TRY(value, expressions.parse(variable.value));
            names.emplace_back(variable.name);
            out.variables.push_back(std::move(value));
        }
    }
    PLUMB_CHECK(refuse_writes(pipeline));
    out.pipeline = std::make_unique<LookupPipeline>(
        sibling_namespace(context.ns, out.from), std::move(pipeline), names, context);
    return out.pipeline->check();
}

Status read_equality_form(const LookupOptions& options, LookupSpec& out) {
    if (options.local_field.missing() || options.foreign_field.missing()) {
        return fail(ErrorCode::FailedToParse,
                    "$lookup requires either 'pipeline' or both 'localField' and 'foreignField'");
    }
    if (!options.let.missing()) {
        return fail(ErrorCode::FailedToParse,
                    "$lookup with a 'let' argument must also specify 'pipeline'");
    }
    PLUMB_CHECK(check_field_path(options.local_field.as_string()));
    PLUMB_CHECK(check_field_path(options.foreign_field.as_string()));
    out.local_field = bson::Path{options.local_field.as_string()};
    out.foreign_field = options.foreign_field.as_string();
    return {};
}

}  // namespace

Status parse_lookup_stage(ValueView spec, StageParser& parser) {
    if (spec.type() != Type::Document) {
        return fail(ErrorCode::FailedToParse, "the $lookup specification must be an object");
    }
    PLUMB_TRY(options, read_options(spec.as_document()));
    auto expressions = std::make_unique<StageExpressions>(parser.context);
    LookupSpec out;
    out.from = options.from.as_string();
    PLUMB_CHECK(check_field_path(options.as.as_string()));
    out.as = bson::Path{options.as.as_string()};
    out.shown = bson::Document{spec.as_document()};
    PLUMB_CHECK(options.pipeline.missing()
                    ? read_equality_form(options, out)
                    : read_pipeline_form(options, *expressions, parser.context, out));
    parser.stages.push_back(
        std::make_unique<LookupStage>(std::move(out), std::move(expressions), parser.context));
    return {};
}

}  // namespace plumb::query
