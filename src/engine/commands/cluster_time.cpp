// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/cluster_time.h"

#include <algorithm>
#include <string>

namespace plumb::commands {

namespace {

constexpr ErrorCode kTooFarAhead{212};  // MongoDB's ClusterTimeFailsRateLimiter
// MongoDB's maxAcceptableLogicalClockDriftSecs.
constexpr std::uint64_t kAheadSecondsMax = 365ULL * 24 * 60 * 60;
constexpr unsigned kSecondsShift = 32;
constexpr std::size_t kHashBytes = 20;

std::uint64_t packed(bson::Timestamp time) {
    return (std::uint64_t{time.seconds} << kSecondsShift) | time.increment;
}

bson::Timestamp unpacked(std::uint64_t time) {
    return {static_cast<std::uint32_t>(time >> kSecondsShift), static_cast<std::uint32_t>(time)};
}

std::uint64_t present_second(const Clock& clock) {
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::seconds>(clock.now()).count());
}

}  // namespace

ClusterTime::ClusterTime(const Clock& clock)
    : clock_(clock),
      now_((present_second(clock) << kSecondsShift) | 1U),
      last_write_(now_.load()) {}

void ClusterTime::advance_to(std::uint64_t time) {
    std::uint64_t seen = now_.load(std::memory_order_relaxed);
    while (seen < time && !now_.compare_exchange_weak(seen, time, std::memory_order_acq_rel)) {
    }
}

void ClusterTime::tick() {
    const std::uint64_t second = (present_second(clock_) << kSecondsShift) | 1U;
    std::uint64_t seen = now_.load(std::memory_order_relaxed);
    std::uint64_t next = std::max(seen + 1, second);
    while (!now_.compare_exchange_weak(seen, next, std::memory_order_acq_rel)) {
        next = std::max(seen + 1, second);
    }
    std::uint64_t last = last_write_.load(std::memory_order_relaxed);
    while (last < next &&
           !last_write_.compare_exchange_weak(last, next, std::memory_order_acq_rel)) {
    }
}

Status ClusterTime::receive(bson::View command) {
    const bson::ValueView given = command.find("$clusterTime");
    if (given.missing()) {
        return {};
    }
    const bson::ValueView time = given.type() == bson::Type::Document
                                     ? given.as_document().find("clusterTime")
                                     : bson::ValueView{};
    if (time.type() != bson::Type::Timestamp) {
        return fail(ErrorCode::TypeMismatch, "$clusterTime.clusterTime must be a timestamp");
    }
    const std::uint64_t received = packed(time.as_timestamp());
    if ((received >> kSecondsShift) > present_second(clock_) + kAheadSecondsMax) {
        return fail(kTooFarAhead, "New cluster time is too far from this node's wall clock time");
    }
    advance_to(received);
    return {};
}

bson::Timestamp ClusterTime::now() const {
    return unpacked(now_.load(std::memory_order_acquire));
}

bson::Timestamp ClusterTime::last_write() const {
    return unpacked(last_write_.load(std::memory_order_acquire));
}

void ClusterTime::append_to(bson::Builder& reply) const {
    reply.begin_document("$clusterTime");
    reply.append("clusterTime", now());
    reply.begin_document("signature");
    // Without keys there is nothing to sign with, as on MongoDB without --auth.
    reply.append_binary("hash", {0, std::string(kHashBytes, '\0')});
    reply.append("keyId", std::int64_t{0});
    reply.end();
    reply.end();
    reply.append("operationTime", last_write());
}

}  // namespace plumb::commands
