// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/finding/finding_internal.h"

#include <fmt/format.h>

namespace plumb::advise {
namespace {

std::string bytes_text(const ExistingIndex& index) {
    return index.bytes < 0 ? std::string{}
                           : fmt::format(", {:.1f} MB", static_cast<double>(index.bytes) / 1e6);
}

}  // namespace

Status further_redundant_index(const FurtherContext& context, std::vector<Finding>& out) {
    const std::vector<index_facts::Verdict> verdicts =
        index_facts::judge_all(context.there, context.use);
    for (std::size_t at = 0; at < verdicts.size(); ++at) {
        const ExistingIndex& index = context.sample.indexes[at];
        if (!verdicts[at].redundant) {
            continue;
        }
        out.push_back({"redundant_index",
                       Severity::Warning,
                       context.sample.name,
                       index.definition.name,
                       fmt::format("{} serves nothing that {} does not serve as well",
                                   index.definition.name,
                                   verdicts[at].by),
                       verdicts[at].reason + bytes_text(index),
                       fmt::format("plumb advise --what-if looks at the other queries' plans; then "
                                   "hide it, wait, db.{}.dropIndex(\"{}\")",
                                   context.sample.name,
                                   index.definition.name)});
    }
    return {};
}

Status further_prefix_kept(const FurtherContext& context, std::vector<Finding>& out) {
    const std::vector<index_facts::Verdict> verdicts =
        index_facts::judge_all(context.there, context.use);
    for (std::size_t at = 0; at < verdicts.size(); ++at) {
        const project::IndexDefinition& index = context.there[at];
        if (verdicts[at].redundant || verdicts[at].reason.empty() || index.name == "_id_") {
            continue;
        }
        out.push_back(
            {"prefix_kept",
             Severity::Info,
             context.sample.name,
             index.name,
             fmt::format("{} begins {} and is not redundant", index.name, verdicts[at].by),
             verdicts[at].reason,
             "nothing to do"});
    }
    return {};
}

}  // namespace plumb::advise
