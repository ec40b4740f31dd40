// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace plumb::bench {
namespace {

// Each power of two is cut into this many buckets; below it, each value has its own.
constexpr unsigned kSubBits = 7;
constexpr std::uint64_t kSubBuckets = std::uint64_t{1} << kSubBits;

std::size_t bucket_of(std::uint64_t value) {
    if (value < kSubBuckets) {
        return value;
    }
    const unsigned shift = static_cast<unsigned>(std::bit_width(value)) - 1 - kSubBits;
    return (std::uint64_t{shift} + 1) * kSubBuckets + ((value >> shift) - kSubBuckets);
}

// The middle of a bucket.
std::uint64_t value_of(std::size_t bucket) {
    if (bucket < kSubBuckets) {
        return bucket;
    }
    const std::uint64_t shift = bucket / kSubBuckets - 1;
    const std::uint64_t low = (kSubBuckets + bucket % kSubBuckets) << shift;
    return low + ((std::uint64_t{1} << shift) >> 1);
}

}  // namespace

void Histogram::record(std::int64_t nanoseconds) {
    const std::int64_t value = std::max<std::int64_t>(0, nanoseconds);
    const std::size_t bucket = bucket_of(static_cast<std::uint64_t>(value));
    if (bucket >= buckets_.size()) {
        buckets_.resize(bucket + 1);
    }
    ++buckets_[bucket];
    min_ = count_ == 0 ? value : std::min(min_, value);
    max_ = std::max(max_, value);
    ++count_;
    sum_ += static_cast<double>(value);
}

void Histogram::merge(const Histogram& other) {
    if (other.count_ == 0) {
        return;
    }
    buckets_.resize(std::max(buckets_.size(), other.buckets_.size()));
    for (std::size_t bucket = 0; bucket < other.buckets_.size(); ++bucket) {
        buckets_[bucket] += other.buckets_[bucket];
    }
    min_ = count_ == 0 ? other.min_ : std::min(min_, other.min_);
    max_ = std::max(max_, other.max_);
    count_ += other.count_;
    sum_ += other.sum_;
}

double Histogram::mean() const {
    return count_ == 0 ? 0 : sum_ / static_cast<double>(count_);
}

std::int64_t Histogram::quantile(double q) const {
    if (count_ == 0) {
        return 0;
    }
    if (q >= 1) {
        return max_;
    }
    const auto wanted = static_cast<std::int64_t>(std::ceil(q * static_cast<double>(count_)));
    std::int64_t seen = 0;
    for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
        seen += buckets_[bucket];
        if (seen >= std::max<std::int64_t>(1, wanted)) {
            return std::clamp(static_cast<std::int64_t>(value_of(bucket)), min_, max_);
        }
    }
    return max_;
}

}  // namespace plumb::bench
