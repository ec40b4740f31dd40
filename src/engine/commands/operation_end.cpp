// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/operation_end.h"

#include "engine/commands/profile_entry.h"
#include "engine/commands/profiler.h"
#include "engine/commands/slow_log.h"
#include "engine/commands/top_counters.h"

namespace plumb::commands {

namespace {

// What a message is longer than its reply document: header, flags and the kind of its section.
constexpr std::int64_t kMessageOverhead = 16 + 4 + 1;

bool is_slow(const ServiceState& service, std::chrono::microseconds duration) {
    const std::chrono::milliseconds limit{service.settings.slow_ms.load(std::memory_order_relaxed)};
    return duration >= limit;
}

bool logs_slow(const ServiceState& service, std::chrono::microseconds duration) {
    return service.settings.slow_ms.load(std::memory_order_relaxed) >= 0 &&
           is_slow(service, duration);
}

bool is_about_profile(std::string_view ns) {
    return ns.ends_with(".system.profile");
}

void report(ServiceState& service, std::string_view database, const FinishedOperation& operation) {
    Profiler& profiler = *service.profiler;
    const int level = profiler.level(database);
    const bool slow = is_slow(service, operation.duration);
    const bool sampled = (slow || level == 2) && profiler.is_sampled();
    if (logs_slow(service, operation.duration) && sampled) {
        log_slow(service, operation);
    }
    // A level of 2 records everything: the sample rate is for what is slow.
    const bool recorded = level == 2 || (level == 1 && slow && sampled);
    if (recorded && !is_about_profile(operation.ns)) {
        profiler.record(
            service.engine, service.clock, database, profile_entry(operation, service.clock.now()));
    }
}

// The statements of a batch have had their entries.
bool has_statements(const CommandRow& row) {
    return row.kind == "update" || row.kind == "remove";
}

}  // namespace

void make_observers(ServiceState& service) {
    service.profiler = std::make_shared<Profiler>();
    service.top = std::make_shared<TopCounters>();
}

bool wants_plan_tree(const ServiceState& service, std::string_view database) {
    return service.profiler->level(database) > 0;
}

bool is_of_interest(const ServiceState& service,
                    std::string_view database,
                    std::chrono::microseconds duration) {
    return is_slow(service, duration) || service.profiler->level(database) == 2;
}

void command_ended(ServiceState& service,
                   const CommandRow& row,
                   const CommandContext& context,
                   const Result<bson::Document>& outcome,
                   std::chrono::microseconds duration) {
    service.top->add(context.running.ns, row, duration);
    if (!is_of_interest(service, context.database(), duration)) {
        return;
    }
    const OperationNotes::Noted noted = context.running.notes.get();
    const bson::ValueView originating = noted.cursor.find("originatingCommand");
    FinishedOperation operation{.kind = row.kind,
                                .ns = context.running.ns,
                                .command = context.command,
                                .originating = {},
                                .client = context.client,
                                .statistics = context.operation.statistics,
                                .duration = duration};
    if (originating.type() == bson::Type::Document) {
        operation.originating = originating.as_document();
    }
    if (outcome.ok()) {
        operation.reply_bytes = outcome.value().view().byte_size() + kMessageOverhead;
    } else {
        operation.error = &outcome.error();
    }
    if (has_statements(row)) {
        if (logs_slow(service, duration)) {
            log_slow(service, operation);
        }
        return;
    }
    report(service, context.database(), operation);
}

void statement_ended(const CommandContext& context,
                     std::string_view kind,
                     bson::View statement,
                     const StatementEnd& end) {
    report(context.service,
           context.database(),
           {.kind = kind,
            .is_statement = true,
            .ns = context.running.ns,
            .command = statement,
            .originating = {},
            .client = context.client,
            .statistics = end.statistics,
            .duration = end.duration,
            .error = end.error});
}

}  // namespace plumb::commands
