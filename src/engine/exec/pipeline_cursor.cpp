// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/pipeline_cursor.h"

#include "engine/exec/view.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::exec {
namespace {

template <class Value>
bson::Document stage(std::string_view name, const Value& value) {
    bson::Builder out;
    out.append(name, value);
    return out.finish();
}

bool begins_with_source(const std::vector<bson::Document>& stages) {
    if (stages.empty() || stages.front().empty()) {
        return false;
    }
    const auto traits = query::stage_traits(stages.front().view().front().name);
    return traits && traits->is_source;
}

bool has_sort(const std::vector<bson::Document>& stages) {
    return std::ranges::any_of(stages, [](const bson::Document& each) {
        return !each.empty() && each.view().front().name == "$sort";
    });
}

// {$group: {_id: "$field"}} without accumulators asks only for the distinct values.
std::optional<std::string> distinct_field(const std::vector<bson::Document>& stages) {
    if (stages.empty()) {
        return std::nullopt;
    }
    const bson::ValueView group = stages.front().find("$group");
    if (group.type() != bson::Type::Document || group.as_document().count() != 1) {
        return std::nullopt;
    }
    const bson::ValueView id = group.as_document().find("_id");
    if (id.type() != bson::Type::String) {
        return std::nullopt;
    }
    const std::string_view text = id.as_string();
    if (text.size() < 2 || text[0] != '$' || text[1] == '$') {
        return std::nullopt;
    }
    return std::string{text.substr(1)};
}

// Stages may hand each other more than can be shown.
Status check_size(bson::View document) {
    constexpr auto kMost = static_cast<std::uint32_t>(kDocumentBytesMax) +
                           static_cast<std::uint32_t>(kDocumentBytesSlack);
    if (document.byte_size() > kMost) {
        return fail(ErrorCode::BsonObjectTooLarge,
                    fmt::format("BSONObj size: {} is invalid. Size must be between 0 and {}",
                                document.byte_size(),
                                kMost));
    }
    return {};
}

bson::Document projection_to(const std::string& field) {
    bson::Builder out;
    if (field != "_id") {
        out.append("_id", 0);
    }
    out.append(field, 1);
    return out.finish();
}

}  // namespace

plan::QueryRequest front_request(const PreparedQuery& query,
                                 const PipelineSplit& split,
                                 bool with_sort,
                                 bool distinct) {
    plan::QueryRequest out = query.planner_request(distinct ? plan::QueryRequest::Purpose::Distinct
                                                            : plan::QueryRequest::Purpose::Find);
    out.forbid_sort_stage = with_sort;
    out.covered_projection_only = true;
    out.no_fields = split.front.needs_no_fields;
    if (distinct) {
        out.distinct_field = *split.distinct;
        out.distinct_unwinds = false;
        out.distinct_only = true;
    }
    return out;
}

PipelineCursor::PipelineCursor(Operation& operation, PipelineRequest request)
    : request_(std::move(request)), host_(operation, request_.ns) {}

Result<std::unique_ptr<PipelineCursor>> PipelineCursor::open(Operation& operation,
                                                             PipelineRequest request) {
    PLUMB_TRY(resolved, resolve_namespace(operation.engine, request.ns));
    request.ns = resolved.ns;
    request.stages.insert(
        request.stages.begin(), resolved.pipeline.begin(), resolved.pipeline.end());
    std::unique_ptr<PipelineCursor> out{
        new PipelineCursor{operation, std::move(request)}};  // NOLINT: the constructor is private
    out->context_.ns = out->request_.ns;
    out->context_.expressions = out->request_.expressions;
    out->context_.host = &out->host_;
    out->context_.interrupt = &operation.interrupt;
    out->context_.allow_disk_use = out->request_.allow_disk_use;
    // All stages are checked as they were written, before the plan takes over some of them.
    PLUMB_TRY(whole, query::parse_pipeline(out->request_.stages, out->context_));
    static_cast<void>(whole);
    out->split_pipeline();
    PLUMB_CHECK(out->reopen());
    operation.statistics.has_sort_stage =
        operation.statistics.has_sort_stage || has_sort(out->split_.rest);
    return out;
}

void PipelineCursor::split_pipeline() {
    whole_split_.ns = request_.ns;
    whole_split_.rest = request_.stages;
    if (!begins_with_source(whole_split_.rest)) {
        whole_split_.reads_collection = true;
        whole_split_.front = query::push_down(whole_split_.rest, request_.expressions);
    }
}

// The plan sees variables as constants, so that a condition on one can use an index.
void PipelineCursor::bind_variables() {
    constants_ = request_.expressions;
    for (const query::BoundVariable& bound : request_.expressions.bound) {
        constants_.variables.emplace_back(bound.name, *bound.value);
    }
    std::rotate(
        constants_.variables.begin(),
        constants_.variables.end() - static_cast<std::ptrdiff_t>(request_.expressions.bound.size()),
        constants_.variables.end());
    constants_.bound.clear();
}

Status PipelineCursor::reopen() {
    Operation& operation = host_.operation();
    source_.reset();
    bind_variables();
    split_ = whole_split_;
    PLUMB_CHECK(open_source(operation));
    return open_stages();
}

FindRequest PipelineCursor::find_request(bool with_sort) const {
    FindRequest out;
    out.ns = split_.ns;
    out.filter = split_.front.filter;
    out.hint = request_.hint;
    if (with_sort) {
        out.sort = *split_.front.sort;
    }
    if (split_.front.projection) {
        out.projection = *split_.front.projection;
    }
    return out;
}

Result<bool> PipelineCursor::open_plan(Operation& operation, bool with_sort, bool distinct) {
    FindRequest find = find_request(with_sort);
    if (distinct) {
        find.projection = projection_to(*split_.distinct);
    }
    PLUMB_TRY(query, prepare(constants_, std::move(find)));
    const plan::QueryRequest wanted = front_request(*query, split_, with_sort, distinct);
    NamespaceKind kind = NamespaceKind::Missing;
    PLUMB_TRY(cursor, PlanCursor::open(operation, query, wanted, kind));
    if (cursor == nullptr && kind == NamespaceKind::Collection) {
        return false;
    }
    if (cursor == nullptr) {
        source_ = make_empty_cursor();  // dropped since it was looked for
    } else {
        source_ = std::move(cursor);
    }
    return true;
}

Status PipelineCursor::open_source(Operation& operation) {
    if (!split_.reads_collection) {
        source_ = make_empty_cursor();
        return {};
    }
    if (kind_of(operation.engine, split_.ns) == NamespaceKind::Missing) {
        source_ = make_empty_cursor();
        operation.statistics.plan_summary = "EOF";
        if (split_.front.sort) {
            split_.front.sort.reset();
        }
        return {};
    }
    if (split_.front.sort) {
        PLUMB_TRY(sorted, open_plan(operation, true, false));
        if (sorted) {
            return {};
        }
        // No index gives the order: a $sort stage does, and the limit is its business.
        std::vector<bson::Document> stages{stage("$sort", *split_.front.sort)};
        if (split_.front.limit) {
            stages.push_back(stage("$limit", *split_.front.limit));
        }
        split_.rest.insert(split_.rest.begin(), stages.begin(), stages.end());
        split_.front.sort.reset();
        split_.front.limit.reset();
    } else if (!split_.front.limit) {
        split_.distinct = distinct_field(split_.rest);
        if (split_.distinct) {
            PLUMB_TRY(found, open_plan(operation, false, true));
            if (found) {
                return {};
            }
            split_.distinct.reset();
        }
    }
    PLUMB_TRY(opened, open_plan(operation, false, false));
    PLUMB_ASSERT(opened);
    return {};
}

Status PipelineCursor::open_stages() {
    std::vector<bson::Document> stages = split_.rest;
    if (split_.front.limit) {
        stages.insert(stages.begin(), stage("$limit", *split_.front.limit));
    }
    const auto same = [](const bson::Document& a, const bson::Document& b) {
        return a.bytes() == b.bytes();
    };
    if (std::ranges::equal(stages, parsed_, same)) {
        for (const auto& each : pipeline_.stages) {
            each->restart();
        }
    } else {
        PLUMB_TRY(pipeline, query::parse_pipeline(stages, context_));
        pipeline_ = std::move(pipeline);
        parsed_ = std::move(stages);
    }
    last_ = &query::connect(pipeline_, *source_);
    return {};
}

Result<std::optional<bson::View>> PipelineCursor::next() {
    // What cursors inside of the pipeline give is not returned to anybody.
    OperationStatistics& statistics = host_.operation().statistics;
    const std::int64_t returned = statistics.documents_returned;
    PLUMB_TRY(document, last_->next());
    statistics.documents_returned = returned + (document ? 1 : 0);
    if (document && !pipeline_.stages.empty()) {
        PLUMB_CHECK(check_size(*document));
    }
    return document;
}

void PipelineCursor::save() {
    for (const auto& each : pipeline_.stages) {
        each->save();
    }
    source_->save();
}

Status PipelineCursor::restore() {
    PLUMB_CHECK(source_->restore());
    for (const auto& each : pipeline_.stages) {
        PLUMB_CHECK(each->restore());
    }
    return {};
}

void PipelineCursor::bind(Operation& operation) {
    host_.attach(operation);
    context_.interrupt = &operation.interrupt;
}

void PipelineCursor::attach(Operation& operation) {
    bind(operation);
    source_->attach(operation);
}

}  // namespace plumb::exec
