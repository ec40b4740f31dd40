// SPDX-License-Identifier: GPL-3.0-or-later
// The latest sample for Prometheus: the text, and a small server for it on the loopback.
//
//   PLUMB_TRY(server, MetricsServer::start(9216));
//   server->publish(metrics_text(observer));      // GET http://127.0.0.1:9216/metrics
//
// Only GET and HEAD of /metrics; a request may have 8 KiB and five seconds; sixteen connections at
// a time, further ones are closed.
//
// Threads  publish() from any thread; the server has one of its own.
#pragma once

#include "base/result.h"
#include "tool/watch/observer.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace plumb::watch {

inline constexpr std::size_t kMetricsRequestBytesMax = std::size_t{8} * 1024;
inline constexpr std::chrono::seconds kMetricsRequestTimeMax{5};
inline constexpr int kMetricsConnectionsMax = 16;

// Prometheus' text format, version 0.0.4. Counters and amounts are totals since the watch began.
[[nodiscard]] std::string metrics_text(const Observer& observer);

class MetricsServer {
  public:
    // Port 0: any that is free. errors: AddressInUse
    [[nodiscard]] static Result<std::unique_ptr<MetricsServer>> start(std::uint16_t port);
    virtual ~MetricsServer() = default;
    virtual void publish(std::string text) = 0;
    [[nodiscard]] virtual std::uint16_t port() const = 0;
};

}  // namespace plumb::watch
