// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/ttl_deleter.h"

#include "bson/builder.h"
#include "bson/number.h"
#include "engine/exec/write.h"

#include <fmt/format.h>

#include <chrono>

namespace plumb::commands {

namespace {

using std::chrono::milliseconds;

// How often a change of ttlMonitorSleepSecs is noticed.
constexpr milliseconds kSettingsPoll{200};
constexpr std::string_view kThreadName = "TTLMonitor";

struct Expiry {
    std::string ns;
    std::string index;
    std::string field;
    bson::Document partial;  // empty: the index has every document
    std::int64_t seconds = 0;
};

bool is_ttl(const storage::IndexState& index) {
    return index.spec.expire_after_seconds && !index.is_id() &&
           index.spec.kind == storage::IndexKind::Ordered && index.pattern.fields().size() == 1;
}

std::vector<Expiry> find_all(const storage::Engine& engine) {
    std::vector<Expiry> out;
    for (const auto& state : engine.collections()) {
        if (state->is_view() || state->is_capped()) {
            continue;
        }
        for (const auto& index : state->indexes) {
            if (is_ttl(*index)) {
                out.push_back(
                    {.ns = state->ns,
                     .index = index->spec.name,
                     .field = index->pattern.fields().front().path.dotted(),
                     .partial = index->spec.partial.value_or(bson::Document{}),
                     .seconds = bson::to_clamped_int64(*index->spec.expire_after_seconds)});
            }
        }
    }
    return out;
}

// {$and: [{field: {$lte: now - seconds}}, the index's filter]}: with the latter a partial index
// serves. $lte compares with dates only.
bson::Document expired_before(const Expiry& expiry, milliseconds now) {
    const milliseconds limit = now - std::chrono::seconds{expiry.seconds};
    bson::Builder out;
    out.begin_array("$and");
    out.push_document().begin_document(expiry.field);
    out.append("$lte", bson::Date{limit.count()});
    out.end().end();
    if (!expiry.partial.empty()) {
        out.push(expiry.partial);
    }
    out.end();
    return out.finish();
}

Result<std::int64_t> delete_expired(ServiceState& service,
                                    const Expiry& expiry,
                                    const std::stop_token& stop) {
    Interrupt interrupt{service.clock};
    const std::stop_callback stopper{
        stop, [&interrupt] { interrupt.kill(ErrorCode::InterruptedAtShutdown); }};
    exec::Operation operation{
        service.engine, service.plan_cache, service.clock, interrupt, {}, {}, {}};
    exec::DeleteRequest request{.ns = expiry.ns,
                                .filter = expired_before(expiry, service.clock.now()),
                                .hint = bson::Value{expiry.index},
                                .only_one = false};
    bson::Builder shown;
    shown.append("delete", std::string_view{expiry.ns}.substr(expiry.ns.find('.') + 1));
    shown.append("q", request.filter);
    const bson::Document command = shown.finish();
    ClientState client;
    client.remote_address = kThreadName;
    RunningOperation running;
    running.client = &client;
    running.command = command;
    running.ns = expiry.ns;
    running.kind = "remove";
    running.interrupt = &interrupt;
    const OperationRegistry::Scope scope{service.operations, running};
    PLUMB_TRY(deleted, exec::delete_documents(operation, request));
    service.counters.add_statistics(operation.statistics);
    return deleted;
}

void log_failure(ServiceState& service, const Expiry& expiry, const Error& error) {
    bson::Builder attributes;
    attributes.append("namespace", expiry.ns);
    attributes.append("index", expiry.index);
    attributes.append("error", error.message());
    const bson::Document made = attributes.finish();
    LogLine line;
    line.time = service.clock.now();
    line.severity = 'W';
    line.component = "INDEX";
    line.context = kThreadName;
    line.message = "Deleting expired documents failed";
    line.attributes = made;
    service.log(line);
}

}  // namespace

TtlDeleter::TtlDeleter(ServiceState& service)
    : service_(service), thread_([this](const std::stop_token& stop) { work(stop); }) {}

TtlDeleter::~TtlDeleter() {
    thread_.request_stop();
    thread_.join();
}

void TtlDeleter::run_pass(ServiceState& service, const std::stop_token& stop) {
    for (const Expiry& expiry : find_all(service.engine)) {
        if (stop.stop_requested() || service.shutting_down) {
            return;
        }
        const auto deleted = delete_expired(service, expiry, stop);
        if (deleted.ok()) {
            service.counters.expiry().deleted += *deleted;
        } else if (!stop.stop_requested() && !service.shutting_down) {
            log_failure(service, expiry, deleted.error());
        }
    }
    ++service.counters.expiry().passes;
}

void TtlDeleter::work(const std::stop_token& stop) {
    auto last = service_.clock.monotonic();
    std::unique_lock lock{mutex_};
    while (!stop.stop_requested()) {
        wakes_.wait_for(lock, stop, kSettingsPoll, [] { return false; });
        const std::chrono::seconds pause{service_.settings.ttl_sleep_s.load()};
        if (stop.stop_requested() || service_.clock.monotonic() - last < pause) {
            continue;
        }
        if (service_.settings.ttl_enabled && !service_.shutting_down) {
            run_pass(service_, stop);
        }
        last = service_.clock.monotonic();
    }
}

}  // namespace plumb::commands
