// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/builder.h"
#include "bson/index_key.h"
#include "bson/json.h"
#include "engine/query/matcher.h"
#include "project/index_definition.h"
#include "tool/advise/cost.h"

#include <algorithm>

namespace plumb::advise {
namespace {

// Documents that are keyed to learn an index's size.
constexpr std::size_t kMeasured = 2000;
// Beside the key: the record id, the type bits, a page's own bookkeeping a cell.
constexpr double kEntryBytes = 8;
// How full pages of a bulk-loaded index are.
constexpr double kPageFill = 0.9;
constexpr double kEmptyIndexBytes = 4096;

}  // namespace

bool Candidate::has(std::string_view path) const {
    return std::ranges::any_of(fields, [&](const IndexField& field) { return field.path == path; });
}

bson::Document Candidate::key() const {
    bson::Builder out;
    for (const IndexField& field : fields) {
        out.append(field.path, field.direction);
    }
    return out.finish();
}

std::string Candidate::text() const {
    std::string out = project::key_text(key());
    if (partial) {
        out += " where " + bson::to_json(*partial);
    }
    return out;
}

void Judge::measure(Candidate& candidate) const {
    const auto pattern = bson::KeyPattern::parse(candidate.key());
    if (!pattern.ok() || sample_.rows.empty()) {
        candidate.bytes = kEmptyIndexBytes;
        return;
    }
    std::optional<query::Matcher> filter;
    if (candidate.partial) {
        if (auto parsed = query::Matcher::parse(*candidate.partial); parsed.ok()) {
            filter = *std::move(parsed);
        }
    }
    const bson::KeyMaker maker{*pattern, false};
    bson::MadeKeys keys;
    std::size_t entries = 0;
    std::size_t bytes = 0;
    const std::size_t rows = std::min(sample_.rows.size(), kMeasured);
    for (std::size_t row = 0; row < rows; ++row) {
        if (filter && !filter->matches(sample_.rows[row])) {
            continue;
        }
        keys.clear();
        if (!maker.make(sample_.rows[row], keys).ok()) {
            candidate.bytes = 0;  // parallel arrays: it cannot be built at all
            candidate.entries_per_document = 0;
            return;
        }
        candidate.multikey = candidate.multikey || keys.multikey;
        entries += keys.keys.size();
        for (const bson::MadeKey& key : keys.keys) {
            bytes += key.bytes.size() + key.type_bits.size();
        }
    }
    candidate.entries_per_document = static_cast<double>(entries) / static_cast<double>(rows);
    const double key_bytes =
        static_cast<double>(bytes) + kEntryBytes * static_cast<double>(entries);
    candidate.bytes = kEmptyIndexBytes + key_bytes / static_cast<double>(rows) *
                                             static_cast<double>(sample_.documents) / kPageFill;
}

}  // namespace plumb::advise
