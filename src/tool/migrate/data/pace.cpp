// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/data/pace.h"

#include "bson/number.h"
#include "tool/migrate/data/step.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

namespace plumb::migrate {
namespace {

constexpr std::chrono::milliseconds kNap{50};
constexpr std::chrono::seconds kLookAtMembersEvery{1};
constexpr std::int64_t kPrimary = 1;
constexpr std::int64_t kSecondary = 2;

}  // namespace

std::optional<std::chrono::seconds> replication_lag(bson::View status) {
    const bson::ValueView members = status.find("members");
    if (members.type() != bson::Type::Array) {
        return {};
    }
    std::optional<std::int64_t> primary;
    std::optional<std::int64_t> slowest;
    for (const bson::Element& element : members.as_array()) {
        if (element.value.type() != bson::Type::Document) {
            continue;
        }
        const bson::View member = element.value.as_document();
        const bson::ValueView state = member.find("state");
        const bson::ValueView date = member.find("optimeDate");
        if (!state.is_number() || date.type() != bson::Type::Date) {
            continue;
        }
        const std::int64_t ms = date.as_date().ms;
        if (bson::to_clamped_int64(state) == kPrimary) {
            primary = ms;
        } else if (bson::to_clamped_int64(state) == kSecondary) {
            slowest = slowest.has_value() ? std::min(*slowest, ms) : ms;
        }
    }
    if (!primary.has_value() || !slowest.has_value()) {
        return {};
    }
    const std::int64_t behind_ms = std::max<std::int64_t>(0, *primary - *slowest);
    return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::milliseconds{behind_ms});
}

double Pace::per_second() const {
    const std::chrono::duration<double> spent = deployment_.clock.monotonic() - started_;
    return spent.count() > 0 ? static_cast<double>(documents_) / spent.count() : 0;
}

Status Pace::sleep(std::chrono::nanoseconds span) {
    const auto until = deployment_.clock.monotonic() + span;
    while (deployment_.clock.monotonic() < until) {
        if (interruptible_) {
            PLUMB_CHECK(deployment_.interrupt.check_now());
        }
        const auto left = until - deployment_.clock.monotonic();
        std::this_thread::sleep_for(std::min<std::chrono::nanoseconds>(left, kNap));
    }
    return {};
}

Status Pace::wait_for_members() {
    const auto now = deployment_.clock.monotonic();
    if (!has_members_ || now - lag_seen_ < kLookAtMembersEvery) {
        return {};
    }
    bool told = false;
    for (;;) {
        const auto status = deployment_.client.command("admin", document_of("replSetGetStatus", 1));
        lag_seen_ = deployment_.clock.monotonic();
        if (!status.ok()) {
            // A standalone, or no right to ask: there is nothing to wait for.
            has_members_ = false;
            return {};
        }
        const auto lag = replication_lag(status->view());
        if (!lag.has_value() || *lag <= kLagAllowed) {
            return {};
        }
        if (!told) {
            deployment_.tell(
                Note{fmt::format("a member is {} s behind; pausing until it is less than {} s",
                                 lag->count(),
                                 kLagAllowed.count())});
            told = true;
        }
        PLUMB_CHECK(sleep(kLookAtMembersEvery));
    }
}

Status Pace::after(std::int64_t documents) {
    documents_ += documents;
    PLUMB_CHECK(wait_for_members());
    const std::int64_t rate = deployment_.options.throttle_per_second;
    if (rate <= 0) {
        return {};
    }
    const std::chrono::duration<double> due{static_cast<double>(documents_) /
                                            static_cast<double>(rate)};
    const auto ahead = std::chrono::duration_cast<std::chrono::nanoseconds>(due) -
                       (deployment_.clock.monotonic() - started_);
    return ahead.count() > 0 ? sleep(ahead) : Status{};
}

}  // namespace plumb::migrate
