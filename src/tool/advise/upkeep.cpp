// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/document.h"
#include "tool/advise/cost.h"

#include <algorithm>

namespace plumb::advise {
namespace {

// One lies at or below the other.
bool overlap(const std::string& path, const std::string& changed) {
    return changed == path || path.starts_with(changed + ".") || changed.starts_with(path + ".");
}

bool is_changed(const QueryModel& model, const std::string& path) {
    return std::ranges::any_of(model.changed,
                               [&](const std::string& changed) { return overlap(path, changed); });
}

// A change of the filter's fields lets documents in or out of a partial index.
bool touches(const QueryModel& model, const Candidate& candidate) {
    if (model.changes_all) {
        return true;
    }
    const bool key = std::ranges::any_of(
        candidate.fields, [&](const IndexField& field) { return is_changed(model, field.path); });
    const bool filter =
        candidate.partial &&
        std::ranges::any_of(candidate.partial->view(), [&](const bson::Element& field) {
            return is_changed(model, std::string{field.name});
        });
    return key || filter;
}

}  // namespace

double Judge::build_cost(const Candidate& candidate) const {
    const auto documents = static_cast<double>(sample_.documents);
    const double scan = weights_.scan + document_bytes() / 1024 * weights_.scan_kilobyte;
    return weights_.call + documents * (scan + candidate.entries_per_document * weights_.build);
}

double Judge::upkeep(const QueryModel& model, const Candidate& candidate) const {
    const double entry = weights_.index_write + miss_share(candidate.bytes) * weights_.miss;
    switch (model.writes) {
        case WriteKind::None:
            return 0;
        case WriteKind::Insert:
        case WriteKind::Delete:
            return model.statements * candidate.entries_per_document * entry;
        case WriteKind::Update:
            break;
    }
    // An entry is taken out and another put in.
    return touches(model, candidate) ? 2 * candidate.entries_per_document * entry : 0;
}

}  // namespace plumb::advise
