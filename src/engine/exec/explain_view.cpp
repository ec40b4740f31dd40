// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/aggregate.h"
#include "engine/exec/explain_query.h"
#include "engine/exec/view.h"

namespace plumb::exec {

Result<std::optional<bson::Document>> explain_of_view(Operation& operation,
                                                      const FindRequest& request,
                                                      Verbosity verbosity) {
    if (kind_of(operation.engine, request.ns) != NamespaceKind::View) {
        return std::optional<bson::Document>{};
    }
    AggregateRequest aggregate;
    aggregate.ns = request.ns;
    aggregate.pipeline = find_as_pipeline(request);
    PLUMB_TRY(explained, explain_aggregate(operation, aggregate, verbosity));
    return std::optional<bson::Document>{std::move(explained)};
}

}  // namespace plumb::exec
