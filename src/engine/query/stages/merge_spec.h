// SPDX-License-Identifier: GPL-3.0-or-later
// The specification of a $merge stage.
#pragma once

#include "engine/query/stages/stage_parser.h"

#include <string>
#include <utility>
#include <vector>

namespace plumb::query {

struct MergeSpec {
    PipelineHost::MergeRequest request;
    std::vector<std::pair<std::string, ExpressionPtr>> variables;  // for request.pipeline
};

// errors  51178 for neither string nor object, 40414 for a missing `into`, 40415 for an unknown
//         field, 51186 and 51134 for `on`, 51191 for whenMatched, 51181 for modes that do not go
//         together, 51199 for `let` without a pipeline, BadValue (2) for an unknown mode
[[nodiscard]] Result<MergeSpec> read_merge_spec(bson::ValueView spec,
                                                StageParser& parser,
                                                StageExpressions& expressions);

}  // namespace plumb::query
