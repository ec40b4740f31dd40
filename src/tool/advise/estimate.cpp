// SPDX-License-Identifier: GPL-3.0-or-later
// From the sample to the whole collection: how many documents sets of bits stand for.
#include "bson/path.h"
#include "engine/query/path_walk.h"
#include "tool/advise/cost.h"

#include <algorithm>
#include <cmath>

namespace plumb::advise {
namespace {

// Sets with fewer documents than this are too small to be scaled up: one more or less in the sample
// would change the estimate by as much.
constexpr double kFewMatches = 5;
constexpr double kKilobyte = 1024;
constexpr std::size_t kGroupsExact = 100;
constexpr std::size_t kGroupedRows = 2500;
// Documents whose wanted fields are added up to learn how large they are.
constexpr std::size_t kMeasuredReplies = 500;

}  // namespace

Judge::Judge(const CollectionSample& sample, const CostWeights& weights, const MemoryState& memory)
    : sample_(sample), weights_(weights), memory_(memory), columns_(sample) {}

double Judge::group_size(const std::set<std::string>& paths) {
    if (const auto known = group_sizes_.find(paths); known != group_sizes_.end()) {
        return known->second;
    }
    // Of very many combinations of fields each is looked at less closely.
    const std::size_t most =
        group_sizes_.size() < kGroupsExact ? sample_.rows.size() : kGroupedRows;
    std::vector<std::uint64_t> groups(std::min(sample_.rows.size(), most), 0);
    for (const std::string& path : paths) {
        const std::vector<std::uint64_t>& hashes = columns_.hashes(path);
        for (std::size_t row = 0; row < groups.size(); ++row) {
            groups[row] = (groups[row] * 0x9E37'79B9'7F4A'7C15ULL) ^ hashes[row];
        }
    }
    std::ranges::sort(groups);
    double pairs = 0;
    for (std::size_t begin = 0, end = 0; begin < groups.size(); begin = end) {
        while (end < groups.size() && groups[end] == groups[begin]) {
            ++end;
        }
        pairs += static_cast<double>(end - begin) * static_cast<double>(end - begin - 1);
    }
    const auto rows = static_cast<double>(groups.size());
    const double all_pairs = rows * (rows - 1);
    const double share = all_pairs > 0 ? pairs / all_pairs : 0;
    const double size = 1 + share * std::max(0.0, static_cast<double>(sample_.documents) - 1);
    group_sizes_.emplace(paths, size);
    return size;
}

double Judge::estimate(double count, const std::set<std::string>& points, double times) {
    const double weight = sample_.weight();
    if (weight <= 1.0 || count >= kFewMatches || points.empty()) {
        return count * weight;
    }
    // Few or none of the sample: what an equality finds is known better from how often two
    // documents share their values than from the handful that these values found.
    return std::min(group_size(points) * times, std::max(1.0, count * weight * 2));
}

double Judge::document_bytes() const {
    if (sample_.data_bytes > 0 && sample_.documents > 0) {
        return static_cast<double>(sample_.data_bytes) / static_cast<double>(sample_.documents);
    }
    double bytes = 0;
    for (const bson::Document& row : sample_.rows) {
        bytes += static_cast<double>(row.view().byte_size());
    }
    return sample_.rows.empty() ? 0 : bytes / static_cast<double>(sample_.rows.size());
}

double Judge::reply_cost(const QueryModel& model, double documents) {
    if (model.counts_only || model.groups || model.writes != WriteKind::None) {
        return 0;
    }
    double bytes = document_bytes();
    if (model.needs) {
        const auto [entry, added] = reply_bytes_.try_emplace(*model.needs, 0.0);
        if (added) {
            const std::size_t rows = std::min(sample_.rows.size(), kMeasuredReplies);
            double total = 0;
            for (const std::string& path : *model.needs) {
                const bson::Path parsed{path};
                for (std::size_t row = 0; row < rows; ++row) {
                    total += static_cast<double>(
                        bson::find_plain(sample_.rows[row], parsed).raw().size() + path.size() + 2);
                }
            }
            entry->second = rows > 0 ? total / static_cast<double>(rows) : 0;
        }
        bytes = entry->second;
    }
    return documents * (weights_.reply + bytes / kKilobyte * weights_.reply_kilobyte);
}

double Judge::sort_cost(double documents) const {
    return documents > 1 ? documents * std::log2(documents) * weights_.sort : 0;
}

double Judge::miss_share(double more) const {
    const double all = memory_.data_bytes + more;
    return memory_.cache_bytes <= 0 || all <= memory_.cache_bytes ? 0
                                                                  : 1 - memory_.cache_bytes / all;
}

}  // namespace plumb::advise
