// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/findings_internal.h"

#include <fmt/format.h>

namespace plumb::advise {
namespace {

constexpr int kManyIndexes = 2;

}  // namespace

void find_write_amplification(const FindingContext& context, std::vector<Finding>& out) {
    for (const QueryModel& model : context.models) {
        if (model.writes != WriteKind::Update || model.changes_all) {
            continue;
        }
        std::string touched;
        int count = 0;
        for (const ExistingIndex& index : context.sample.indexes) {
            for (const bson::Element& field : index.definition.key.view()) {
                if (model.changed.contains(std::string{field.name})) {
                    touched += (touched.empty() ? "" : ", ") + index.definition.name;
                    ++count;
                    break;
                }
            }
        }
        if (count < kManyIndexes) {
            continue;
        }
        out.push_back({"write_amplification",
                       Severity::Info,
                       context.sample.name,
                       model.label,
                       fmt::format("{} changes {} indexes with each call", model.label, count),
                       touched,
                       "count it in the cost of writes"});
    }
}

}  // namespace plumb::advise
