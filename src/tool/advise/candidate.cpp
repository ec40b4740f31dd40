// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/builder.h"
#include "bson/index_key.h"
#include "bson/json.h"
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
    return sparse ? out + " sparse" : out;
}

// The keys of one field, from the first sampled documents.
const Judge::FieldSize& Judge::field_size(const std::string& path) {
    const auto [entry, added] = field_sizes_.try_emplace(path);
    FieldSize& out = entry->second;
    const auto pattern = bson::KeyPattern::parse(bson::Builder{}.append(path, 1).finish());
    if (!added || !pattern.ok() || sample_.rows.empty()) {
        return out;
    }
    const bson::KeyMaker maker{*pattern, false};
    bson::MadeKeys keys;
    std::size_t entries = 0;
    std::size_t bytes = 0;
    const std::size_t rows = std::min(sample_.rows.size(), kMeasured);
    for (std::size_t row = 0; row < rows; ++row) {
        keys.clear();
        if (!maker.make(sample_.rows[row], keys).ok()) {
            continue;
        }
        out.multikey = out.multikey || keys.multikey;
        entries += keys.keys.size();
        for (const bson::MadeKey& key : keys.keys) {
            bytes += key.bytes.size() + key.type_bits.size();
        }
    }
    out.entries = static_cast<double>(entries) / static_cast<double>(rows);
    out.bytes = entries > 0 ? static_cast<double>(bytes) / static_cast<double>(entries) : 0;
    return out;
}

bool Judge::measure_arrays(Candidate& candidate) const {
    const auto pattern = bson::KeyPattern::parse(candidate.key());
    if (!pattern.ok()) {
        return false;
    }
    const bson::KeyMaker maker{*pattern, false};
    bson::MadeKeys keys;
    std::size_t entries = 0;
    const std::size_t rows = std::min(sample_.rows.size(), kMeasured);
    for (std::size_t row = 0; row < rows; ++row) {
        keys.clear();
        if (!maker.make(sample_.rows[row], keys).ok()) {
            return false;  // parallel arrays: it cannot be built at all
        }
        entries += keys.keys.size();
    }
    candidate.entries_per_document =
        rows > 0 ? static_cast<double>(entries) / static_cast<double>(rows) : 1;
    return true;
}

void Judge::find_members(Candidate& candidate) {
    std::optional<bson::Document> filter = candidate.partial;
    if (candidate.sparse) {
        filter = bson::Builder{}
                     .begin_document(candidate.fields[0].path)
                     .append("$exists", true)
                     .end()
                     .finish();
    }
    if (!filter) {
        return;
    }
    if (auto members = columns_.matching(filter->view()); members.ok()) {
        candidate.members = *std::move(members);
    }
}

void Judge::measure(Candidate& candidate) {
    double key_bytes = kEntryBytes;
    double entries = 1;
    int arrays = 0;
    for (const IndexField& field : candidate.fields) {
        const FieldSize& size = field_size(field.path);
        key_bytes += size.bytes;
        entries *= size.multikey ? size.entries : 1;
        arrays += size.multikey ? 1 : 0;
    }
    candidate.multikey = arrays > 0;
    candidate.entries_per_document = entries;
    if (arrays > 1 && !measure_arrays(candidate)) {
        candidate.bytes = 0;
        candidate.entries_per_document = 0;
        return;
    }
    find_members(candidate);
    if (candidate.members && !sample_.rows.empty()) {
        candidate.entries_per_document *= static_cast<double>(candidate.members->count()) /
                                          static_cast<double>(sample_.rows.size());
    }
    candidate.bytes = kEmptyIndexBytes + key_bytes * candidate.entries_per_document *
                                             static_cast<double>(sample_.documents) / kPageFill;
}

}  // namespace plumb::advise
