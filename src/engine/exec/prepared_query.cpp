// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/prepared_query.h"

#include "engine/query/sort_key.h"

namespace plumb::exec {

plan::QueryRequest PreparedQuery::planner_request(plan::QueryRequest::Purpose purpose) const {
    plan::QueryRequest out;
    out.filter = &filter.root();
    out.filter_as_given = request.filter.view();
    out.sort = request.sort.view();
    out.projection = request.projection.view();
    out.parsed_projection = projection ? &*projection : nullptr;
    if (request.skip.value_or(0) > 0) {
        out.skip = request.skip;
    }
    if (request.limit.value_or(0) > 0) {
        out.limit = request.limit;
    }
    out.hint = request.hint.view();
    out.min = request.min;
    out.max = request.max;
    out.return_key = request.return_key;
    out.show_record_id = request.show_record_id;
    out.purpose = purpose;
    return out;
}

Result<std::unique_ptr<PreparedQuery>> prepare(const query::ExpressionContext& context,
                                               FindRequest request) {
    query::MatchOptions options;
    options.context = &context;
    PLUMB_TRY(filter, query::Matcher::parse(request.filter, options));
    auto out = std::make_unique<PreparedQuery>(
        PreparedQuery{std::move(request), std::move(filter), std::nullopt});
    if (!out->request.projection.empty()) {
        PLUMB_TRY(projection,
                  query::Projection::parse(out->request.projection, &out->filter.root()));
        out->projection.emplace(std::move(projection));
    }
    const bson::View sort = out->request.sort;
    if (!sort.empty() && sort.front().name != "$natural") {
        PLUMB_TRY(pattern, query::SortPattern::parse(sort));
        static_cast<void>(pattern);
    }
    return out;
}

}  // namespace plumb::exec
