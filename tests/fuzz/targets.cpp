// SPDX-License-Identifier: GPL-3.0-or-later
#include "target.h"

#include <algorithm>
#include <array>

namespace plumb::fuzz {
namespace {

// clang-format off
constexpr auto kTargets = std::to_array<Target>({
    {"bson",       run_bson,       "BSON from a client: validated, walked, printed"},
    {"canary",     run_canary,     "a planted bug, to see that the machinery finds one"},
    {"filter",     run_filter,     "a match filter as Extended JSON, asked of a few documents"},
    {"index_key",  run_index_key,  "index keys: encoded, decoded, ordered; and bytes that are no key"},
    {"json",       run_json,       "Extended JSON"},
    {"log_line",   run_log_line,   "lines of a server's log, both forms"},
    {"message",    run_message,    "the wire protocol's messages"},
    {"pipeline",   run_pipeline,   "{p: [stages]} as Extended JSON, run over a few documents"},
    {"projection", run_projection, "a projection as Extended JSON"},
    {"scram",      run_scram,      "the two messages of a log-in, base64, passwords"},
    {"update",     run_update,     "{u: update, f: [arrayFilters]} as Extended JSON"},
    {"yaml",       run_yaml,       "the files of a project folder"},
});
// clang-format on

static_assert(std::is_sorted(kTargets.begin(),
                             kTargets.end(),
                             [](const Target& a, const Target& b) { return a.name < b.name; }));

}  // namespace

std::span<const Target> targets() {
    return kTargets;
}

const Target* find_target(std::string_view name) {
    const auto* const found = std::find_if(
        kTargets.begin(), kTargets.end(), [name](const Target& each) { return each.name == name; });
    return found == kTargets.end() ? nullptr : found;
}

void run_canary(std::string_view bytes) {
    require(bytes.size() < 3 || bytes.substr(0, 2) != "{\"" || bytes.find('\xff') == bytes.npos,
            "the canary lives");
}

}  // namespace plumb::fuzz
