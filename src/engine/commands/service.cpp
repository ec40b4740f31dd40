// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/service.h"

#include "bson/builder.h"
#include "engine/commands/authorize.h"
#include "engine/commands/command.h"
#include "engine/commands/current_op.h"
#include "engine/commands/hang_up.h"
#include "engine/commands/namespace_name.h"
#include "engine/commands/operation_end.h"
#include "engine/commands/service_state.h"
#include "engine/commands/session_registry.h"
#include "engine/commands/session_scope.h"
#include "engine/commands/ttl_deleter.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <stop_token>
#include <thread>

namespace plumb::commands {

namespace {

// As often as MongoDB looks for idle cursors (clientCursorMonitorFrequencySecs).
constexpr std::chrono::seconds kCursorMonitorEvery{4};
// Numbers from here on are ours and mean nothing to a MongoDB client.
constexpr std::int32_t kOwnErrorsFrom = 9'000'000;

std::string host_name() {
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0) {
        return "localhost";
    }
    return name.data();
}

// The command with its sequences as array fields, for commands that look no further.
bson::Document with_arrays(bson::View command, std::span<const DocumentSequence> sequences) {
    bson::Builder out;
    out.append_all(command);
    for (const DocumentSequence& sequence : sequences) {
        out.begin_array(sequence.name);
        for (const bson::View document : sequence.documents) {
            out.push(document);
        }
        out.end();
    }
    return out.finish();
}

Status check_sequences(bson::View command, std::span<const DocumentSequence> sequences) {
    for (const DocumentSequence& sequence : sequences) {
        if (command.has(sequence.name)) {
            return fail(ErrorCode{40433},
                        fmt::format("Duplicate field between body and document sequence {}",
                                    sequence.name));
        }
    }
    return {};
}

std::string namespace_shown(std::string_view database, bson::View command, const CommandRow& row) {
    const bson::ValueView named =
        row.kind == "getmore" ? command.find("collection") : command.front().value;
    const bool is_name = named.type() == bson::Type::String && !named.as_string().empty();
    return fmt::format("{}.{}", database, is_name ? named.as_string() : std::string_view{"$cmd"});
}

bool counted_by_service(OpCounter counter) {
    return counter == OpCounter::Query || counter == OpCounter::GetMore ||
           counter == OpCounter::Command;
}

class ServiceImpl final : public Service {
  public:
    ServiceImpl(storage::Engine& engine, const Clock& clock, ServiceOptions options)
        : state_(engine, clock, std::move(options)),
          housekeeper_([this](const std::stop_token& stop) { keep_house(stop); }) {}

    ~ServiceImpl() override {
        housekeeper_.request_stop();
        housekeeper_.join();
        state_.cursors.close_all();
    }

    bson::Document run(ClientState& client,
                       bson::View command,
                       std::span<const DocumentSequence> sequences) override {
        try {
            return dispatch(client, command, sequences);
        } catch (const std::exception& problem) {
            return error_reply(fail(ErrorCode::InternalError, problem.what()));
        }
    }

    void client_gone(const ClientState& client) override {
        interrupt_for_hang_up(state_, client.connection_id);
        state_.operations.forget(client.connection_id);
    }

    void shut_down() override {
        state_.shutting_down = true;
        state_.operations.shut_down();
        state_.sessions->close_all();
        state_.cursors.close_all();
    }

    void set_network(std::uint16_t port, std::function<NetworkCounters()> counters) override {
        state_.options.port = port;
        state_.options.network = std::move(counters);
    }

    void log(Severity severity,
             std::string_view component,
             std::string_view context,
             std::string_view message,
             bson::View attributes) override {
        LogLine line;
        line.time = state_.clock.now();
        line.severity = static_cast<char>(severity);
        line.component = component;
        line.context = context;
        line.message = message;
        line.attributes = attributes;
        state_.log(line);
    }

  private:
    bson::Document dispatch(ClientState& client,
                            bson::View command,
                            std::span<const DocumentSequence> sequences) {
        const std::string_view name = command.empty() ? std::string_view{} : command.front().name;
        const CommandRow* row = find_command(name);
        if (row == nullptr) {
            state_.counters.unsupported(name);
            state_.counters.user_error();
            return error_reply(
                fail(ErrorCode::CommandNotFound, fmt::format("no such command: '{}'", name)));
        }
        auto reply = run_row(*row, client, command, sequences);
        state_.counters.command_done(static_cast<std::size_t>(row - command_table().data()),
                                     !reply.ok());
        if (!reply.ok()) {
            state_.counters.user_error();
            return with_replication(error_reply(reply.error()));
        }
        return std::move(reply).value();
    }

    bson::Document with_replication(bson::Document error) {
        if (state_.options.replica_set.empty()) {
            return error;
        }
        bson::Builder out;
        out.append_all(error);
        append_replication(state_, out);
        return out.finish();
    }

    Face face() const {
        return state_.options.replica_set.empty() ? Face::Standalone : Face::ReplicaSet;
    }

    Result<bson::Document> run_row(const CommandRow& row,
                                   ClientState& client,
                                   bson::View command,
                                   std::span<const DocumentSequence> sequences) {
        PLUMB_TRY(generic, parse_generic_fields(command, face()));
        PLUMB_CHECK(check_database_name(generic.database));
        if (row.on == RunsOn::AdminOnly && generic.database != "admin") {
            return fail(ErrorCode::Unauthorized,
                        fmt::format("{} may only be run against the admin database.", row.name));
        }
        if (state_.shutting_down) {
            return fail(ErrorCode::InterruptedAtShutdown, "the server is in quiesce mode");
        }
        PLUMB_CHECK(check_sequences(command, sequences));
        if (sequences.empty() || row.sequences == Sequences::Direct) {
            return run_registered(row, client, {command, sequences, generic});
        }
        const bson::Document merged = with_arrays(command, sequences);
        PLUMB_TRY(generic_again, parse_generic_fields(merged, face()));
        return run_registered(row, client, {merged, {}, generic_again});
    }

    struct Call {
        bson::View command;
        std::span<const DocumentSequence> sequences;
        const GenericFields& generic;
    };

    Result<bson::Document> run_registered(const CommandRow& row, ClientState& client, Call call) {
        PLUMB_CHECK(
            authorize(state_, client, {row, call.command, call.sequences, call.generic.database}));
        Interrupt interrupt{state_.clock};
        if (call.generic.max_time && row.kind != "getmore") {
            interrupt.set_deadline_after(*call.generic.max_time);
        }
        exec::Operation operation{state_.engine,
                                  state_.plan_cache,
                                  state_.clock,
                                  interrupt,
                                  {},
                                  call.generic.durability,
                                  {}};
        operation.expressions.now = bson::Date{state_.clock.now().count()};
        operation.current_operations = &current_operations_;
        operation.wants_execution_stats = wants_plan_tree(state_, call.generic.database);
        const std::string ns = namespace_shown(call.generic.database, call.command, row);
        RunningOperation running;
        running.client = &client;
        running.command = call.command;
        running.ns = ns;
        running.kind = row.kind;
        running.interrupt = &interrupt;
        const OperationRegistry::Scope scope{state_.operations, running};
        if (counted_by_service(row.counter)) {
            state_.counters.count(row.counter);
        }
        CommandContext context{
            state_, client, call.command, call.sequences, call.generic, operation, running};
        bson::Builder reply;
        SessionScope session{context, row};
        Status status = session.enter();
        if (status.ok()) {
            status = row.run(context, reply);
        }
        Result<bson::Document> out = bson::Document{};
        if (status.ok()) {
            append_end_of_reply(context, row, reply);
            out = reply.finish();
        } else {
            out = status.error();
        }
        session.leave(out);
        note_end(row, context, out);
        return out;
    }

    void note_end(const CommandRow& row,
                  const CommandContext& context,
                  const Result<bson::Document>& outcome) {
        const auto duration = std::chrono::duration_cast<std::chrono::microseconds>(
            state_.clock.monotonic() - context.running.started);
        state_.counters.add_latency(row.latency, duration);
        state_.counters.add_statistics(context.operation.statistics);
        command_ended(state_, row, context, outcome, duration);
    }

    void keep_house(const std::stop_token& stop) {
        std::unique_lock lock{house_mutex_};
        while (!stop.stop_requested()) {
            house_wakes_.wait_for(lock, stop, kCursorMonitorEvery, [] { return false; });
            state_.cursors.close_idle();
            state_.sessions->expire();
        }
    }

    ServiceState state_;
    const std::function<std::vector<bson::Document>(bson::View)> current_operations_ =
        [this](bson::View options) { return current_operations(state_, stage_options(options)); };
    std::mutex house_mutex_;
    std::condition_variable_any house_wakes_;
    TtlDeleter ttl_deleter_{state_};
    std::jthread housekeeper_;  // last: it uses all of the above
};

}  // namespace

ServiceState::ServiceState(storage::Engine& engine_in,
                           const Clock& clock_in,
                           ServiceOptions options_in)
    : engine(engine_in),
      clock(clock_in),
      options(std::move(options_in)),
      host(host_name()),
      started_at(clock_in.now()),
      started_monotonic(clock_in.monotonic()),
      cursors(clock_in),
      operations(clock_in),
      counters(command_table().size()) {
    settings.slow_ms = options.slow_ms;
    make_observers(*this);
    open_security(*this);
    sessions = std::make_shared<SessionRegistry>(
        engine, clock, [this](std::string_view session, std::optional<std::int64_t> txn_number) {
            static_cast<void>(cursors.kill_session(session, txn_number));
        });
}

void ServiceState::log(const LogLine& line) {
    std::string text = format_log_line(line);
    if (options.log_line) {
        options.log_line(text);
    }
    log_ring.add(std::move(text));
}

bson::Document error_reply(const Error& error) {
    const auto number = static_cast<std::int32_t>(error.code());
    const ErrorCode code = number >= kOwnErrorsFrom ? ErrorCode::OperationFailed : error.code();
    bson::Builder reply;
    reply.append("ok", 0.0);
    reply.append("errmsg", error.message());
    reply.append("code", static_cast<std::int32_t>(code));
    reply.append("codeName", error_code_name(code));
    if (!error.details().empty()) {
        reply.append_all(bson::View{std::string_view{error.details()}});
    }
    return reply.finish();
}

std::unique_ptr<Service> Service::create(storage::Engine& engine,
                                         const Clock& clock,
                                         ServiceOptions options) {
    return std::make_unique<ServiceImpl>(engine, clock, std::move(options));
}

}  // namespace plumb::commands
