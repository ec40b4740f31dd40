// SPDX-License-Identifier: GPL-3.0-or-later
// The part of the command line that says who may come in: log-ins, TLS, addresses, how many.
//
// Threads  one thread.
#pragma once

#include "engine/wire/tls.h"
#include "plumbd/options.h"

#include <string>

namespace CLI {
class App;
}

namespace plumb::daemon {

// As they are written, before they are checked.
struct AccessArguments {
    std::string tls_mode;  // MongoDB's word; empty: by the certificate
    std::string certificate_key_file;
};

void add_access_options(CLI::App& app, Options& options, AccessArguments& arguments);

// Fills `options` from `arguments`; what is asked for and cannot be had, or would let everybody in,
// is told in words and an exit code. errors: UsageError; RefusedForSafety
[[nodiscard]] Status check_access(const AccessArguments& arguments, Options& options);

}  // namespace plumb::daemon
