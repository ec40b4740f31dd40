// SPDX-License-Identifier: GPL-3.0-or-later
#include "plumbd/options.h"

#include "base/error_codes.h"
#include "plumbd/access_options.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <string_view>

namespace plumb::daemon {

namespace {

constexpr std::int64_t kMegabyte = 1024 * 1024;
constexpr std::int64_t kCacheBytesMin = kMegabyte;  // WiredTiger's own least

constexpr const char* kExample =
    "Example:\n"
    "  plumbd --port 27117 --data ./.plumbline/data\n"
    "  mongosh mongodb://127.0.0.1:27117/shop\n";

// What is asked for and not there must not be taken for granted silently.
int refuse(std::string_view what, ExitCode code) {
    fmt::print(stderr, "plumbd: {}\n", what);
    return static_cast<int>(code);
}

void add_options(CLI::App& app, Options& options, std::int64_t& cache_mb) {
    app.add_option("--port", options.port, "TCP port; 0 takes any free one")->capture_default_str();
    app.add_option("--data", options.data_directory, "Data directory, made if it is not there")
        ->capture_default_str();
    auto* megabytes =
        app.add_option("--cache-size-mb", cache_mb, "Memory for WiredTiger's cache (256)");
    app.add_option("--cache-bytes", options.cache_bytes, "The same in bytes")
        ->excludes(megabytes)
        ->group("");
    app.add_option("--log", options.log, "Log file, or - for standard error")
        ->capture_default_str();
    app.add_option("--slow-ms", options.slow_ms, "Log operations from this duration on; -1: none")
        ->capture_default_str();
    app.add_option("--fault", options.faults, "")->group("");
    app.add_option("--slow-document-ns", options.slowed.document_ns, "")->group("");
    app.add_option("--slow-key-ns", options.slowed.key_ns, "")->group("");
    app.add_option("--slow-round-trip-ns", options.slowed.round_trip_ns, "")->group("");
    app.add_flag("--list-language", options.list_language, "")->group("");
    app.add_option("--replSet",
                   options.replica_set,
                   "Be the only member of this replica set: transactions, retryable writes")
        ->check([](const std::string& name) {
            return name.empty() ? "the set needs a name" : std::string{};
        });
}

int refusal_of(const AccessArguments& access, Options& options) {
    if (const Status checked = check_access(access, options); !checked.ok()) {
        return refuse(checked.error().message(), exit_code_for(checked.error().code()));
    }
    if (options.cache_bytes < kCacheBytesMin) {
        return refuse("the cache must have at least 1 MB", ExitCode::Usage);
    }
    return 0;
}

}  // namespace

CommandLine parse_command_line(int argument_count, char** arguments) {
    CLI::App app{"plumbd: a MongoDB-compatible database engine on WiredTiger", "plumbd"};
    app.footer(kExample);
    app.set_version_flag("--version", "plumbd " PLUMBD_VERSION);
    CommandLine out;
    Options options;
    std::int64_t cache_mb = 0;
    AccessArguments access;
    add_options(app, options, cache_mb);
    add_access_options(app, options, access);
    try {
        app.parse(argument_count, arguments);
    } catch (const CLI::ParseError& error) {
        const bool asked = error.get_exit_code() == 0;  // help or version
        app.exit(error);
        out.exit_code = asked ? 0 : static_cast<int>(ExitCode::Usage);
        return out;
    }
    if (cache_mb != 0) {
        options.cache_bytes = cache_mb * kMegabyte;
    }
    out.exit_code = refusal_of(access, options);
    if (out.exit_code != 0) {
        return out;
    }
    options.arguments.assign(arguments, arguments + argument_count);
    out.options = std::move(options);
    return out;
}

}  // namespace plumb::daemon
