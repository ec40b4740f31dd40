// SPDX-License-Identifier: GPL-3.0-or-later
// One HTTP POST to an address of the user's.
//
// Threads  a pure function but for the network.
#pragma once

#include "base/result.h"

#include <chrono>
#include <string>
#include <string_view>

namespace plumb::watch {

// An http:// or https:// address, taken apart.
struct WebAddress {
    bool tls = false;
    std::string host;
    std::string port;
    std::string target;  // path and query
};

// errors  UsageError: another scheme, a login in it, no host
[[nodiscard]] Result<WebAddress> parse_address(std::string_view url);

// Sends `json` and waits for an answer of 200 to 299, all within `limit`. A certificate must be
// valid for the host by the system's authorities (SSL_CERT_FILE names others).
//   errors  UsageError as above; HostUnreachable; NetworkTimeout; OperationFailed with the status
[[nodiscard]] Status post_json(const std::string& url,
                               const std::string& json,
                               std::chrono::milliseconds limit);

}  // namespace plumb::watch
