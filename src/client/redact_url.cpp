// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/client.h"

namespace plumb::client {

std::string redact_url(std::string_view url) {
    const auto scheme = url.find("://");
    if (scheme == std::string_view::npos) {
        return std::string{url};
    }
    // A password may hold a raw '@' although it must not: the last one before the path counts.
    const auto host_end = url.find_first_of("/?", scheme + 3);
    const auto at = url.substr(0, host_end).rfind('@');
    // A raw '/' in the password would end the search early: look through the whole url then.
    const auto last_at =
        at == std::string_view::npos ? url.substr(0, url.find('?')).rfind('@') : at;
    if (last_at == std::string_view::npos || last_at < scheme + 3) {
        return std::string{url};
    }
    const std::string_view login = url.substr(scheme + 3, last_at - scheme - 3);
    const auto colon = login.find(':');
    if (colon == std::string_view::npos) {
        return std::string{url};
    }
    std::string out{url.substr(0, scheme + 3 + colon)};
    return out.append(":***").append(url.substr(last_at));
}

}  // namespace plumb::client
