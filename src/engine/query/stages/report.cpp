// SPDX-License-Identifier: GPL-3.0-or-later
// Stages that report on the server: $collStats, $currentOp, $indexStats, $listLocalSessions,
// $listSessions, $planCacheStats.
#include "engine/query/stages/stages.h"

#include <fmt/format.h>

#include <string_view>

namespace plumb::query {

using bson::Type;
using bson::ValueView;

namespace {

class ReportStage final : public Stage {
  public:
    ReportStage(std::string_view name, bson::Document options, const PipelineContext& context)
        : name_(name), options_(std::move(options)), context_(context) {}

    void set_source(DocumentSource& /*source*/) override {}

    Result<std::optional<bson::View>> next() override {
        if (!asked_) {
            PLUMB_TRY(host, host_of(context_));
            PLUMB_TRY(rows, host->report(name_, options_));
            rows_ = std::move(rows);
            asked_ = true;
        }
        return given_ < rows_.size() ? std::optional{rows_[given_++].view()} : std::nullopt;
    }
    void restart() override {
        asked_ = false;
        given_ = 0;
    }
    void append_explain(bson::Builder& out) const override { out.append(name_, options_); }
    bool add_dependencies(Dependencies& /*out*/) const override { return true; }

  private:
    std::string_view name_;
    bson::Document options_;
    const PipelineContext& context_;
    std::vector<bson::Document> rows_;
    bool asked_ = false;
    std::size_t given_ = 0;
};

Status parse_report(std::string_view name, ErrorCode code, ValueView spec, StageParser& parser) {
    if (spec.type() != Type::Document) {
        return fail(code, fmt::format("{} must take a nested object", name));
    }
    parser.stages.push_back(
        std::make_unique<ReportStage>(name, bson::Document{spec.as_document()}, parser.context));
    return {};
}

}  // namespace

Status parse_report_coll_stats_stage(ValueView spec, StageParser& parser) {
    return parse_report("$collStats", ErrorCode{40166}, spec, parser);
}

Status parse_report_current_op_stage(ValueView spec, StageParser& parser) {
    return parse_report("$currentOp", ErrorCode::FailedToParse, spec, parser);
}

Status parse_report_index_stats_stage(ValueView spec, StageParser& parser) {
    const bool empty = spec.type() == Type::Document && spec.as_document().empty();
    if (!empty) {
        return fail(ErrorCode{28803},
                    "The $indexStats stage specification must be an empty object");
    }
    return parse_report("$indexStats", ErrorCode{28803}, spec, parser);
}

Status parse_report_list_local_sessions_stage(ValueView spec, StageParser& parser) {
    return parse_report("$listLocalSessions", ErrorCode::TypeMismatch, spec, parser);
}

Status parse_report_list_sessions_stage(ValueView spec, StageParser& parser) {
    return parse_report("$listSessions", ErrorCode::TypeMismatch, spec, parser);
}

Status parse_report_plan_cache_stats_stage(ValueView spec, StageParser& parser) {
    return parse_report("$planCacheStats", ErrorCode::FailedToParse, spec, parser);
}

}  // namespace plumb::query
