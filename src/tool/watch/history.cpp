// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/watch/history.h"

#include <algorithm>
#include <cstdlib>

namespace plumb::watch {
namespace {

constexpr std::int64_t kGapIntervals = 3;
// Clocks drift and are set; a start that moves by less is the same start.
constexpr std::int64_t kSameStartMs = 2000;

}  // namespace

const Catalogue History::kEmpty;

void History::find_restarts(const Sample& sample) {
    just_restarted_.clear();
    for (const std::size_t id : catalogue_->named("started_ms")) {
        const auto started = sample.get(id);
        const auto& before = points_[id].last;
        if (started && before && std::abs(*started - *before) > kSameStartMs) {
            just_restarted_.insert(catalogue_->at(id).member);
        }
    }
    for (const std::size_t id : catalogue_->named("process")) {
        const auto process = sample.get(id);
        if (process && points_[id].last && *process != *points_[id].last) {
            just_restarted_.insert(catalogue_->at(id).member);
        }
    }
    for (const std::string& member : just_restarted_) {
        restarts_.push_back({member, sample.at_ms});
    }
}

void History::note_gap(const Sample& sample) {
    if (count_ > 0 && (session_begins_ || sample.at_ms - at_ms_ > kGapIntervals * every_ms_)) {
        gaps_.push_back({at_ms_, sample.at_ms});
    }
    session_begins_ = false;
}

std::optional<double> History::amount_of(const SeriesInfo& info,
                                         const Point& point,
                                         std::int64_t value) const {
    switch (info.kind) {
        case Kind::Gauge:
            return std::nullopt;
        case Kind::Amount:
            return static_cast<double>(std::max<std::int64_t>(0, value));
        case Kind::Counter:
            break;
    }
    if (!point.last) {
        return std::nullopt;
    }
    // A counter of an index starts anew when the index is built again: it is lower then, too.
    const bool reset = just_restarted_.contains(info.member) || value < *point.last;
    return static_cast<double>(reset ? std::max<std::int64_t>(0, value) : value - *point.last);
}

void History::feed(const Catalogue& catalogue, const Sample& sample) {
    catalogue_ = &catalogue;
    points_.resize(std::max(points_.size(), catalogue.size()));
    find_restarts(sample);
    note_gap(sample);
    for (std::size_t id = 0; id < points_.size(); ++id) {
        Point& point = points_[id];
        const auto value = sample.get(id);
        point.now = value;
        point.amount = value ? amount_of(catalogue.at(id), point, *value) : std::nullopt;
        point.ring[static_cast<std::size_t>(count_) % kWindowSamples] = point.amount;
        if (point.amount) {
            const std::int64_t since =
                catalogue.at(id).kind == Kind::Amount && count_ > 0 ? at_ms_ : point.last_ms;
            point.seconds =
                static_cast<double>(std::max<std::int64_t>(1, sample.at_ms - since)) / 1000;
            point.total += *point.amount;
            if (point.known < kReferenceSamples) {
                point.at_first += *point.amount;
            }
            ++point.known;
        }
        if (value) {
            point.last = value;
            point.last_ms = sample.at_ms;
        }
    }
    first_ms_ = count_ == 0 ? sample.at_ms : first_ms_;
    at_ms_ = sample.at_ms;
    ++count_;
}

std::optional<std::int64_t> History::now(std::size_t id) const {
    return id < points_.size() ? points_[id].now : std::nullopt;
}

std::optional<double> History::amount(std::size_t id) const {
    return id < points_.size() ? points_[id].amount : std::nullopt;
}

std::optional<double> History::rate(std::size_t id) const {
    const auto grown = amount(id);
    return grown ? std::optional{*grown / points_[id].seconds} : std::nullopt;
}

double History::total(std::size_t id) const {
    return id < points_.size() ? points_[id].total : 0;
}

double History::lately(std::size_t id) const {
    double sum = 0;
    if (id < points_.size()) {
        for (const auto& amount : points_[id].ring) {
            sum += amount.value_or(0);
        }
    }
    return sum;
}

std::size_t History::lately_known(std::size_t id) const {
    return id >= points_.size()
               ? 0
               : static_cast<std::size_t>(std::count_if(
                     points_[id].ring.begin(), points_[id].ring.end(), [](const auto& amount) {
                         return amount.has_value();
                     }));
}

std::optional<double> History::at_first(std::size_t id) const {
    return id < points_.size() && points_[id].known >= kReferenceSamples
               ? std::optional{points_[id].at_first}
               : std::nullopt;
}

}  // namespace plumb::watch
