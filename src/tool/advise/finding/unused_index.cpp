// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/finding/finding_internal.h"

#include <fmt/format.h>

namespace plumb::advise {
namespace {

std::string way_out_text(const FurtherContext& context, const std::string& index) {
    std::string out;
    for (const std::string& line :
         index_facts::way_out(context.sample.name, index, context.look.usage)) {
        out += (out.empty() ? "" : "; ") + line;
    }
    return out;
}

}  // namespace

Status further_unused_index(const FurtherContext& context, std::vector<Finding>& out) {
    const index_facts::CollectionUses uses =
        index_facts::read_uses(context.look.members, context.look.database, context.sample.name);
    for (const project::IndexDefinition& index : context.there) {
        if (index.name == "_id_") {
            continue;
        }
        const index_facts::UsageVerdict verdict =
            index_facts::judge_usage(index, uses, context.use, context.look.usage);
        if (verdict.tier == index_facts::Tier::Used || verdict.uses > 0 ||
            verdict.tier == index_facts::Tier::Unknown) {
            continue;
        }
        out.push_back(
            {"unused_index",
             verdict.may_go ? Severity::Warning : Severity::Info,
             context.sample.name,
             index.name,
             fmt::format("{} was not used: {}", index.name, index_facts::tier_name(verdict.tier)),
             verdict.guard.empty() ? verdict.reason
                                   : fmt::format("{}; it stays: {}", verdict.reason, verdict.guard),
             verdict.may_go ? way_out_text(context, index.name)
                            : std::string{"nothing yet: it may not go on this evidence"}});
    }
    return {};
}

}  // namespace plumb::advise
