// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/stage.h"
#include "engine/query/stages/pipeline_shape.h"
#include "engine/query/stages/stage_parser.h"

#include <fmt/format.h>

namespace plumb::query {

namespace {

// {$match: {…}}: the one field, and what is known of its name.
Result<const StageRow*> read_stage(bson::View stage) {
    if (stage.empty() || stage.count() != 1) {
        return fail(ErrorCode{40323},
                    "A pipeline stage specification object must contain exactly one field.");
    }
    const std::string_view name = stage.front().name;
    const StageRow* row = find_stage(name);
    if (row == nullptr) {
        return fail(ErrorCode{40324}, fmt::format("Unrecognized pipeline stage name: '{}'", name));
    }
    return row;
}

Status check_place(const StageRow& row, std::size_t index, std::size_t count) {
    if (row.traits.is_source && index != 0) {
        return fail(ErrorCode{40602},
                    fmt::format("{} is only valid as the first stage in a pipeline", row.name));
    }
    if (row.traits.writes && index + 1 != count) {
        return fail(ErrorCode{40601},
                    fmt::format("{} can only be the final stage in the pipeline", row.name));
    }
    return {};
}

}  // namespace

Result<Pipeline> parse_pipeline(const std::vector<bson::View>& stages, PipelineContext& context) {
    if (stages.size() > static_cast<std::size_t>(kPipelineStagesMax)) {
        return fail(ErrorCode::BadValue,
                    fmt::format("a pipeline has at most {} stages", kPipelineStagesMax));
    }
    Pipeline out;
    StageParser parser{context, out.stages};
    std::vector<const StageRow*> rows;
    for (const bson::View stage : stages) {
        PLUMB_TRY(row, read_stage(stage));
        PLUMB_CHECK(row->parse(stage.front().value, parser));
        rows.push_back(row);
    }
    for (std::size_t index = 0; index < rows.size(); ++index) {
        PLUMB_CHECK(check_place(*rows[index], index, rows.size()));
    }
    shape_pipeline(out.stages);
    return out;
}

Result<Pipeline> parse_pipeline(const std::vector<bson::Document>& stages,
                                PipelineContext& context) {
    const std::vector<bson::View> views{stages.begin(), stages.end()};
    return parse_pipeline(views, context);
}

DocumentSource& connect(Pipeline& pipeline, DocumentSource& source) {
    DocumentSource* from = &source;
    for (const auto& stage : pipeline.stages) {
        stage->set_source(*from);
        from = stage.get();
    }
    return *from;
}

std::optional<StageTraits> stage_traits(std::string_view name) {
    const StageRow* row = find_stage(name);
    return row != nullptr ? std::optional{row->traits} : std::nullopt;
}

Status check_document_bytes(std::size_t bytes) {
    if (bytes > kMadeDocumentBytesMax) {
        return fail(
            ErrorCode::BsonObjectTooLarge,
            fmt::format("a document of {} bytes is larger than {}", bytes, kDocumentBytesMax));
    }
    return {};
}

Result<std::vector<bson::Document>> read_pipeline(bson::ValueView value,
                                                  ErrorCode code,
                                                  std::string_view what) {
    if (value.type() != bson::Type::Array) {
        return fail(code, fmt::format("{} must be an array of stages", what));
    }
    std::vector<bson::Document> out;
    for (const bson::Element& element : value.as_container()) {
        if (element.value.type() != bson::Type::Document) {
            return fail(code, fmt::format("each stage of {} must be an object", what));
        }
        out.emplace_back(element.value.as_document());
    }
    return out;
}

std::string sibling_namespace(std::string_view ns, std::string_view collection) {
    return fmt::format("{}.{}", ns.substr(0, ns.find('.')), collection);
}

Result<PipelineHost*> host_of(const PipelineContext& context) {
    if (context.host == nullptr) {
        return fail(ErrorCode::InternalError, "this stage needs a server around the pipeline");
    }
    return context.host;
}

}  // namespace plumb::query
