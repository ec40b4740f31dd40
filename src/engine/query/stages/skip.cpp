// SPDX-License-Identifier: GPL-3.0-or-later
// $skip: all but the first so many documents.
#include "bson/number.h"
#include "engine/query/stages/limit.h"
#include "engine/query/stages/stages.h"

namespace plumb::query {

Result<std::optional<bson::View>> SkipStage::next() {
    for (; skipped_ < skip_; ++skipped_) {
        PLUMB_TRY(document, source().next());
        if (!document) {
            return document;
        }
    }
    return source().next();
}

void SkipStage::append_explain(bson::Builder& out) const {
    out.append("$skip", skip_);
}

bool SkipStage::add_dependencies(Dependencies& /*out*/) const {
    return false;
}

Status parse_skip_stage(bson::ValueView spec, StageParser& parser) {
    if (!spec.is_number()) {
        return fail(ErrorCode{15972}, "Argument to $skip must be a number");
    }
    const std::int64_t skip = bson::to_clamped_int64(spec);
    if (skip < 0) {
        return fail(ErrorCode{15956}, "Argument to $skip cannot be negative");
    }
    parser.stages.push_back(std::make_unique<SkipStage>(skip));
    return {};
}

}  // namespace plumb::query
