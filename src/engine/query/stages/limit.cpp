// SPDX-License-Identifier: GPL-3.0-or-later
// $limit: the first so many documents.
#include "engine/query/stages/limit.h"

#include "bson/number.h"
#include "engine/query/stages/stages.h"

namespace plumb::query {

Result<std::optional<bson::View>> LimitStage::next() {
    if (given_ >= limit_) {
        return std::optional<bson::View>{};
    }
    ++given_;
    return source().next();
}

void LimitStage::append_explain(bson::Builder& out) const {
    out.append("$limit", limit_);
}

bool LimitStage::add_dependencies(Dependencies& /*out*/) const {
    return false;
}

Status parse_limit_stage(bson::ValueView spec, StageParser& parser) {
    if (!spec.is_number()) {
        return fail(ErrorCode{15957}, "the limit must be specified as a number");
    }
    const std::int64_t limit = bson::to_clamped_int64(spec);
    if (limit <= 0) {
        return fail(ErrorCode{15958}, "the limit must be positive");
    }
    parser.stages.push_back(std::make_unique<LimitStage>(limit));
    return {};
}

}  // namespace plumb::query
