// SPDX-License-Identifier: GPL-3.0-or-later
#include "plumbd/access_options.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace plumb::daemon {

namespace {

struct ModeRow {
    std::string_view name;
    wire::TlsMode mode;
};
// allowTLS and preferTLS differ in what a server uses towards others, and there are none.
constexpr auto kModes = std::to_array<ModeRow>({
    {"allowTLS", wire::TlsMode::Allow},
    {"disabled", wire::TlsMode::Disabled},
    {"preferTLS", wire::TlsMode::Allow},
    {"requireTLS", wire::TlsMode::Require},
});

bool is_loopback(const std::string& address) {
    return address.starts_with("127.") || address == "localhost";
}

Status check_tls(const AccessArguments& arguments, wire::TlsOptions& tls) {
    if (!arguments.certificate_key_file.empty()) {
        tls.certificate_file = arguments.certificate_key_file;
    }
    const auto mode = std::ranges::find(kModes, arguments.tls_mode, &ModeRow::name);
    if (mode != kModes.end()) {
        tls.mode = mode->mode;
    } else if (!arguments.tls_mode.empty()) {
        return fail(ErrorCode::UsageError,
                    fmt::format("--tlsMode {} is none of disabled, allowTLS, preferTLS, requireTLS",
                                arguments.tls_mode));
    } else if (!tls.certificate_file.empty()) {
        tls.mode = wire::TlsMode::Require;
    }
    const bool wants_files = !tls.key_file.empty() || !tls.ca_file.empty();
    if (tls.certificate_file.empty() && (tls.mode != wire::TlsMode::Disabled || wants_files)) {
        return fail(ErrorCode::UsageError,
                    "TLS needs a certificate: --tls-certificate FILE and --tls-key FILE, or "
                    "--tlsCertificateKeyFile FILE with both");
    }
    return {};
}

}  // namespace

void add_access_options(CLI::App& app, Options& options, AccessArguments& arguments) {
    constexpr const char* kGroup = "Access";
    app.add_flag("--auth", options.require_login, "Clients must log in; see createUser")
        ->group(kGroup);
    app.add_option("--bind,--bind_ip",
                   options.address,
                   "IPv4 address to listen on; another than loopback needs --auth")
        ->capture_default_str()
        ->group(kGroup);
    app.add_option("--maxConns", options.connections_max, "Connections at the same time")
        ->check(CLI::Range(1, 100'000))
        ->capture_default_str()
        ->group(kGroup);
    app.add_option("--tls-certificate",
                   options.tls.certificate_file,
                   "PEM certificate, with its chain: all clients must use TLS")
        ->group(kGroup);
    app.add_option("--tls-key", options.tls.key_file, "PEM key, if it is not in the same file")
        ->group(kGroup);
    app.add_option("--tlsMode",
                   arguments.tls_mode,
                   "disabled, allowTLS, preferTLS or requireTLS, as MongoDB has it")
        ->group(kGroup);
    app.add_option("--tlsCertificateKeyFile",
                   arguments.certificate_key_file,
                   "PEM certificate and key in one file")
        ->group(kGroup);
    app.add_option("--tlsCAFile",
                   options.tls.ca_file,
                   "PEM certificates that clients' certificates must be signed by")
        ->group(kGroup);
    app.add_flag("--tlsAllowConnectionsWithoutCertificates",
                 options.tls.client_certificate_optional,
                 "With --tlsCAFile: check certificates of those clients only that have one")
        ->group(kGroup);
}

Status check_access(const AccessArguments& arguments, Options& options) {
    if (!is_loopback(options.address) && !options.require_login) {
        return fail(ErrorCode::RefusedForSafety,
                    fmt::format("--bind {} refused: without --auth anybody who reaches that "
                                "address could read and change everything; add --auth and make a "
                                "user, or use 127.0.0.1",
                                options.address));
    }
    if (options.address == "localhost") {
        options.address = "127.0.0.1";
    }
    return check_tls(arguments, options.tls);
}

}  // namespace plumb::daemon
