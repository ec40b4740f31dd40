// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/finding/finding_internal.h"

#include <fmt/format.h>

#include <map>
#include <set>

namespace plumb::advise {
namespace {

constexpr std::size_t kManyIndexes = 2;

bool overlaps(const std::string& changed, std::string_view key) {
    return changed == key || key.starts_with(changed + ".") ||
           (changed.starts_with(key) && changed.size() > key.size() && changed[key.size()] == '.');
}

// The fields of this update that are keys of the index.
std::set<std::string> touched_fields(const QueryModel& model, bson::View key) {
    std::set<std::string> out;
    for (const std::string& changed : model.changed) {
        for (const bson::Element& field : key) {
            if (overlaps(changed, field.name)) {
                out.insert(changed);
            }
        }
    }
    return out;
}

// How many of the advised indexes such an update would change.
std::size_t touched_after(const FindingContext& context, const QueryModel& model) {
    std::size_t out = 0;
    for (const IndexAdvice& index : context.advice.indexes) {
        const bool stays =
            index.what != IndexAdvice::What::Drop && index.collection == context.sample.name;
        out += stays && !touched_fields(model, index.candidate.key()).empty() ? 1U : 0U;
    }
    return out;
}

}  // namespace

void find_write_amplification(const FindingContext& context, std::vector<Finding>& out) {
    for (const QueryModel& model : context.models) {
        if (model.writes != WriteKind::Update || model.changes_all) {
            continue;
        }
        std::string names;
        std::set<std::string> fields;
        std::size_t count = 0;
        for (const ExistingIndex& index : context.sample.indexes) {
            const std::set<std::string> touched = touched_fields(model, index.definition.key);
            if (!touched.empty()) {
                names += (names.empty() ? "" : ", ") + index.definition.name;
                fields.insert(touched.begin(), touched.end());
                ++count;
            }
        }
        if (count < kManyIndexes) {
            continue;
        }
        std::string changed;
        for (const std::string& field : fields) {
            changed += (changed.empty() ? "" : ", ") + field;
        }
        // Each change takes one entry out of every index and puts another in.
        out.push_back(
            {"write_amplification",
             Severity::Info,
             context.sample.name,
             model.label,
             fmt::format(
                 "{} changes {}, and with it {} indexes at each call", model.label, changed, count),
             fmt::format("{}: {:.0f} index entries written a minute at {:.0f} calls",
                         names,
                         2 * static_cast<double>(count) * model.calls_a_minute,
                         model.calls_a_minute),
             fmt::format("keep {} out of indexes that do not need it; the advised set has "
                         "it in {}",
                         changed,
                         touched_after(context, model))});
    }
}

}  // namespace plumb::advise
