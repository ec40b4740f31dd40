// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/index_facts/member_url.h"

#include <algorithm>
#include <array>

namespace plumb::index_facts {
namespace {

// In lower case, as names of options do not depend on it.
constexpr auto kChoosing = std::to_array<std::string_view>({
    "directconnection",
    "loadbalanced",
    "localthresholdms",
    "maxstalenessseconds",
    "readpreference",
    "readpreferencetags",
    "replicaset",
    "srvmaxhosts",
    "srvservicename",
});

struct Parts {
    bool is_srv = false;
    std::string_view login;  // with its @
    std::string_view hosts;
    std::string_view path;     // with its /
    std::string_view options;  // without ?
};

Parts split(std::string_view url) {
    Parts out;
    const std::size_t scheme = url.find("://");
    if (scheme != std::string_view::npos) {
        out.is_srv = url.substr(0, scheme).ends_with("+srv");
        url.remove_prefix(scheme + 3);
    }
    const std::size_t question = url.find('?');
    if (question != std::string_view::npos) {
        out.options = url.substr(question + 1);
        url = url.substr(0, question);
    }
    const std::size_t at = url.rfind('@');
    if (at != std::string_view::npos) {
        out.login = url.substr(0, at + 1);
        url.remove_prefix(at + 1);
    }
    const std::size_t slash = url.find('/');
    if (slash != std::string_view::npos) {
        out.path = url.substr(slash);
        url = url.substr(0, slash);
    }
    out.hosts = url;
    return out;
}

std::string name_of(std::string_view option) {
    std::string out{option.substr(0, option.find('='))};
    std::transform(out.begin(), out.end(), out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return out;
}

}  // namespace

std::string member_url(std::string_view url, std::string_view host) {
    const Parts parts = split(url);
    std::string options = "directConnection=true";
    bool says_tls = false;
    std::string_view rest = parts.options;
    while (!rest.empty()) {
        const std::string_view option = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(rest.size(), option.size() + 1));
        const std::string name = name_of(option);
        if (option.empty() || std::binary_search(kChoosing.begin(), kChoosing.end(), name)) {
            continue;
        }
        says_tls = says_tls || name == "tls" || name == "ssl";
        options += "&";
        options += option;
    }
    if (parts.is_srv && !says_tls) {
        options += "&tls=true";
    }
    std::string out = "mongodb://";
    out += parts.login;
    out += host;
    out += parts.path.empty() ? "/" : parts.path;
    out += "?";
    return out + options;
}

std::string hosts_of(std::string_view url) {
    return std::string{split(url).hosts};
}

}  // namespace plumb::index_facts
