// SPDX-License-Identifier: GPL-3.0-or-later
// The daemon: opens the engine, serves the wire protocol, stops on SIGTERM or SIGINT.
#include "base/clock.h"
#include "base/fault_points.h"
#include "bson/builder.h"
#include "engine/commands/language_list.h"
#include "engine/commands/partial_filter.h"
#include "engine/commands/service.h"
#include "engine/storage/engine.h"
#include "engine/wire/server.h"
#include "plumbd/log_file.h"
#include "plumbd/options.h"
#include "plumbd/slowed_service.h"
#include "plumbd/status_file.h"

#include <fmt/format.h>
#include <malloc.h>
#include <pthread.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <exception>

namespace plumb::daemon {
namespace {

// How long a stop waits for running commands before it interrupts them.
constexpr std::chrono::seconds kStopGrace{5};

// One heap for all threads, before there are any: by default glibc makes one for each, and what
// pages and updates leave free in one of them serves no other. With a cache of 256 MB that was
// twice the memory.
//
// Large pieces apart, and that for good: glibc would soon take them from the heap too, and what the
// sort of an index build gives back would not reach the system.
void share_one_heap() {
    constexpr int kLargeBytes = 512 * 1024;
    ::mallopt(M_ARENA_MAX, 1);
    ::mallopt(M_MMAP_THRESHOLD, kLargeBytes);
}

sigset_t stop_signals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    return set;
}

// Blocked in the first thread before there are others, so that all inherit it and only
// wait_for_stop() gets them.
void block_stop_signals() {
    const sigset_t set = stop_signals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

void wait_for_stop() {
    const sigset_t set = stop_signals();
    int received = 0;
    sigwait(&set, &received);
}

commands::ServiceOptions service_options(const Options& options, LogFile& log) {
    commands::ServiceOptions out;
    out.data_directory = options.data_directory;
    out.version_text = PLUMBD_VERSION;
    out.command_line = options.arguments;
    out.slow_ms = options.slow_ms;
    out.require_login = options.require_login;
    out.replica_set = options.replica_set;
    out.replica_host = options.address;
    out.log_line = [&log](const std::string& line) { log.write(line); };
    out.rotate_log = [&log] { return log.rotate(); };
    out.request_shutdown = [] { ::kill(::getpid(), SIGTERM); };
    return out;
}

void log_start(commands::Service& service, const Options& options, std::uint16_t port) {
    bson::Builder attributes;
    attributes.append("version", PLUMBD_VERSION);
    attributes.append("pid", static_cast<std::int32_t>(::getpid()));
    attributes.append("port", static_cast<std::int32_t>(port));
    attributes.append("data", options.data_directory);
    attributes.append("auth", options.require_login);
    attributes.append("tls", options.tls.mode != wire::TlsMode::Disabled);
    service.log(commands::Severity::Info,
                "CONTROL",
                "initandlisten",
                "Waiting for connections",
                attributes.finish_view());
}

Status serve(const Options& options) {
    FaultPoints faults;
    for (const std::string& fault : options.faults) {
        PLUMB_CHECK(faults.arm(fault));
    }
    PLUMB_TRY(log, LogFile::open(options.log));
    const SystemClock clock;
    storage::EngineOptions engine_options;
    engine_options.directory = options.data_directory;
    engine_options.cache_bytes = options.cache_bytes;
    PLUMB_TRY(engine,
              storage::Engine::open(
                  std::move(engine_options), commands::partial_filter_factory(), clock, faults));
    const auto service =
        slowed(commands::Service::create(*engine, clock, service_options(options, log)),
               options.slowed,
               clock);
    wire::ServerOptions server_options;
    server_options.address = options.address;
    server_options.port = options.port;
    server_options.connections_max = options.connections_max;
    server_options.require_login = options.require_login;
    server_options.tls = options.tls;
    PLUMB_TRY(server, wire::Server::start(server_options, *service));
    PLUMB_TRY(status, StatusFile::write(options.data_directory, server->port(), PLUMBD_VERSION));
    log_start(*service, options, server->port());
    fmt::print("plumbd listening on {}:{}\n", options.address, server->port());
    std::fflush(stdout);

    wait_for_stop();
    // First the file: whoever looks for a server must not find one that is going away.
    status.remove();
    server->stop(kStopGrace);
    service->shut_down();
    service->log(commands::Severity::Info,
                 "CONTROL",
                 "signalProcessingThread",
                 "Shutting down",
                 bson::View{});
    return engine->checkpoint();
}

int print_language() {
    const Result<std::string> list = commands::language_list();
    if (list.ok()) {
        fmt::print("{}\n", *list);
        return 0;
    }
    fmt::print(stderr, "plumbd: {}\n", list.error().message());
    return static_cast<int>(ExitCode::Usage);
}

int run(int argument_count, char** arguments) {
    const CommandLine line = parse_command_line(argument_count, arguments);
    if (!line.options) {
        return line.exit_code;
    }
    if (line.options->list_language) {
        return print_language();
    }
    share_one_heap();
    block_stop_signals();
    const Status served = serve(*line.options);
    if (served.ok()) {
        return 0;
    }
    fmt::print(stderr, "plumbd: {}\n", served.error().message());
    // Whatever kept it from serving, nobody can connect to it.
    return served.error().code() == ErrorCode::UsageError ? static_cast<int>(ExitCode::Usage)
                                                          : static_cast<int>(ExitCode::NoServer);
}

}  // namespace
}  // namespace plumb::daemon

int main(int argc, char** argv) {
    try {
        return plumb::daemon::run(argc, argv);
    } catch (const std::exception& problem) {
        std::fputs("plumbd: ", stderr);
        std::fputs(problem.what(), stderr);
        std::fputs("\n", stderr);
        return static_cast<int>(plumb::ExitCode::NoServer);
    }
}
