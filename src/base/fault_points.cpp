// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/fault_points.h"

#include <algorithm>
#include <charconv>
#include <csignal>

namespace plumb {
namespace {

constexpr auto kNames = std::to_array<std::string_view>({
    "ledger.before_write",
    "ledger.after_write",
    "migrate.before_operation",
    "migrate.after_operation",
    "migrate.before_batch",
    "migrate.inside_batch",
    "migrate.after_batch",
    "index_build.after_scan",
    "index_build.after_load",
    "index_build.before_commit",
    "storage.before_commit",
    "storage.after_commit",
});
static_assert(kNames.size() == static_cast<std::size_t>(FaultPoint::kCount));

std::string known_names() {
    std::string out;
    for (const std::string_view name : kNames) {
        out.append(out.empty() ? "" : ", ").append(name);
    }
    return out;
}

}  // namespace

std::string_view FaultPoints::name(FaultPoint point) {
    return kNames.at(static_cast<std::size_t>(point));
}

Status FaultPoints::arm(std::string_view spec) {
    const auto equals = spec.find('=');
    const auto at = spec.find('@');
    const std::string_view name = spec.substr(0, equals);
    const auto found = std::find(kNames.begin(), kNames.end(), name);
    if (equals == std::string_view::npos || found == kNames.end()) {
        return fail(ErrorCode::UsageError,
                    "fault point '" + std::string{spec} +
                        "': write name=fail|kill[@n]; names: " + known_names());
    }
    Arming& arming = armings_.at(static_cast<std::size_t>(found - kNames.begin()));
    const std::string_view action = spec.substr(
        equals + 1, at == std::string_view::npos ? std::string_view::npos : at - equals - 1);
    if (action != "fail" && action != "kill") {
        return fail(ErrorCode::UsageError,
                    "fault point action '" + std::string{action} + "': use fail or kill");
    }
    std::uint64_t at_hit = 1;
    if (at != std::string_view::npos) {
        const std::string_view digits = spec.substr(at + 1);
        const auto [end, problem] =
            std::from_chars(digits.data(), digits.data() + digits.size(), at_hit);
        if (problem != std::errc{} || end != digits.data() + digits.size() || at_hit == 0) {
            return fail(ErrorCode::UsageError,
                        "fault point '" + std::string{spec} + "': @ needs a number from 1");
        }
    }
    arming.at_hit = at_hit;
    arming.action = action == "fail" ? Action::Fail : Action::Kill;
    any_armed_ = true;
    return {};
}

Status FaultPoints::hit_armed(FaultPoint point) {
    Arming& arming = armings_.at(static_cast<std::size_t>(point));
    if (arming.action == Action::None || ++arming.hits != arming.at_hit) {
        return {};
    }
    if (arming.action == Action::Kill) {
        std::raise(SIGKILL);
    }
    return fail(ErrorCode::OperationFailed,
                "fault point " + std::string{name(point)} + " made this fail");
}

}  // namespace plumb
