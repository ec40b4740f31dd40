// SPDX-License-Identifier: GPL-3.0-or-later
#include "plumbd/slowed_service.h"

#include "bson/builder.h"
#include "bson/number.h"

#include <array>
#include <utility>

namespace plumb::daemon {
namespace {

// Sections of serverStatus that cost something and are not looked at.
constexpr auto kUnwanted = std::to_array<std::string_view>({"extra_info",
                                                            "locks",
                                                            "logicalSessionRecordCache",
                                                            "mem",
                                                            "opLatencies",
                                                            "repl",
                                                            "tcmalloc",
                                                            "wiredTiger"});

struct Examined {
    std::int64_t documents = 0;
    std::int64_t keys = 0;
};

bson::Document status_command() {
    bson::Builder out;
    out.append("serverStatus", 1);
    for (const std::string_view name : kUnwanted) {
        out.append(name, 0);
    }
    out.append("$db", "admin");
    return out.finish();
}

class SlowedService final : public commands::Service {
  public:
    SlowedService(std::unique_ptr<commands::Service> inner, SlowedBy by, const Clock& clock)
        : inner_(std::move(inner)), by_(by), clock_(clock), status_command_(status_command()) {}

    bson::Document run(commands::ClientState& client,
                       bson::View command,
                       std::span<const commands::DocumentSequence> sequences) override {
        const Examined before = examined();
        bson::Document reply = inner_->run(client, command, sequences);
        const Examined after = examined();
        spin(by_.round_trip_ns + by_.document_ns * (after.documents - before.documents) +
             by_.key_ns * (after.keys - before.keys));
        return reply;
    }
    void client_gone(const commands::ClientState& client) override { inner_->client_gone(client); }
    void shut_down() override { inner_->shut_down(); }
    void set_network(std::uint16_t port,
                     std::function<commands::NetworkCounters()> counters) override {
        inner_->set_network(port, std::move(counters));
    }
    void log(commands::Severity severity,
             std::string_view component,
             std::string_view context,
             std::string_view message,
             bson::View attributes) override {
        inner_->log(severity, component, context, message, attributes);
    }

  private:
    Examined examined() {
        commands::ClientState self;
        const bson::Document reply = inner_->run(self, status_command_, {});
        const bson::ValueView metrics = reply.find("metrics");
        if (metrics.type() != bson::Type::Document) {
            return {};
        }
        const bson::ValueView executor = metrics.as_document().find("queryExecutor");
        if (executor.type() != bson::Type::Document) {
            return {};
        }
        const bson::View counts = executor.as_document();
        return {.documents = bson::to_clamped_int64(counts.find("scannedObjects")),
                .keys = bson::to_clamped_int64(counts.find("scanned"))};
    }

    // Not a sleep: that would be longer than it was told to be, by the timer's grain.
    void spin(std::int64_t nanoseconds) const {
        const auto until = clock_.monotonic() + std::chrono::nanoseconds{nanoseconds};
        while (clock_.monotonic() < until) {
        }
    }

    std::unique_ptr<commands::Service> inner_;
    SlowedBy by_;
    const Clock& clock_;
    bson::Document status_command_;
};

}  // namespace

std::unique_ptr<commands::Service> slowed(std::unique_ptr<commands::Service> service,
                                          SlowedBy by,
                                          const Clock& clock) {
    if (!by.any()) {
        return service;
    }
    return std::make_unique<SlowedService>(std::move(service), by, clock);
}

}  // namespace plumb::daemon
