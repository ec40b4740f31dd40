// SPDX-License-Identifier: GPL-3.0-or-later
// What the front of a pipeline can leave to the plan.
#include "bson/number.h"
#include "engine/query/stage.h"
#include "engine/query/stages/hoist_match.h"
#include "engine/query/stages/stage_parser.h"

#include <algorithm>
#include <limits>
#include <set>
#include <string>

namespace plumb::query {

namespace {

std::string_view name_of(const bson::Document& stage) {
    return stage.empty() ? std::string_view{} : stage.view().front().name;
}

// The leading $match stages as one filter; how many there were.
std::size_t take_filter(const std::vector<bson::Document>& stages, PushDown& out) {
    std::size_t count = 0;
    while (count < stages.size() && name_of(stages[count]) == "$match") {
        ++count;
    }
    if (count == 1) {
        out.filter = bson::Document{stages.front().view().front().value.as_document()};
    } else if (count > 1) {
        bson::Builder filter;
        filter.begin_array("$and");
        for (std::size_t at = 0; at < count; ++at) {
            filter.push(stages[at].view().front().value);
        }
        filter.end();
        out.filter = filter.finish();
    }
    return count;
}

// The limit that a $limit right behind a sort puts on it.
std::optional<std::int64_t> limit_behind(const std::vector<bson::Document>& stages,
                                         std::size_t at) {
    if (at < stages.size() && name_of(stages[at]) == "$limit") {
        return bson::to_clamped_int64(stages[at].view().front().value);
    }
    return std::nullopt;
}

// The top-level fields that the stages read; nothing if it is the whole document.
std::optional<std::set<std::string>> fields_read(const std::vector<bson::Document>& stages,
                                                 const ExpressionContext& expressions) {
    PipelineContext context;
    context.ns = "_._";
    context.expressions = expressions;
    auto pipeline = parse_pipeline(stages, context);
    if (!pipeline.ok()) {
        return std::nullopt;
    }
    Dependencies dependencies;
    const auto made_new = std::any_of(
        pipeline->stages.begin(), pipeline->stages.end(), [&](const std::unique_ptr<Stage>& stage) {
            return stage->add_dependencies(dependencies);
        });
    if (!made_new || dependencies.whole) {
        return std::nullopt;
    }
    std::set<std::string> fields;
    for (const std::string& path : dependencies.paths) {
        fields.insert(path.substr(0, path.find('.')));
    }
    return fields;
}

bson::Document inclusion(const std::set<std::string>& fields) {
    bson::Builder out;
    for (const std::string& field : fields) {
        out.append(field, std::int32_t{1});
    }
    if (!fields.contains("_id")) {
        out.append("_id", std::int32_t{0});
    }
    return out.finish();
}

}  // namespace

PushDown push_down(std::vector<bson::Document>& stages, const ExpressionContext& context) {
    PushDown out;
    // Whether the stages are right at all is parse_pipeline's to say, so they must stand as they
    // are.
    PipelineContext check;
    check.ns = "_._";
    check.expressions = context;
    if (!parse_pipeline(stages, check).ok()) {
        return out;
    }
    hoist_matches(stages, context);
    std::size_t covered = take_filter(stages, out);
    const auto offset = [&] { return stages.begin() + static_cast<std::ptrdiff_t>(covered); };
    const auto fields = fields_read({offset(), stages.end()}, context);
    if (covered < stages.size() && name_of(stages[covered]) == "$sort") {
        out.sort = bson::Document{stages[covered].view().front().value.as_document()};
        ++covered;
        out.limit = limit_behind(stages, covered);
        covered += out.limit ? 1U : 0U;
    }
    if (fields && fields->empty()) {
        out.needs_no_fields = true;
    } else if (fields) {
        out.projection = inclusion(*fields);
    }
    stages.erase(stages.begin(), offset());
    return out;
}

}  // namespace plumb::query
