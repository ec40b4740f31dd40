// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/builder.h"
#include "tool/migrate/data/pace.h"
#include "tool/migrate/deployment/command_parts.h"
#include "tool/migrate/index/build.h"
#include "tool/migrate/rolling/shell_command.h"
#include "tool/migrate/rolling/turn_internal.h"

#include <fmt/format.h>

namespace plumb::migrate {
namespace {

// For so long a primary that stepped down does not stand again.
constexpr int kStepDownSeconds = 120;
constexpr int kCatchUpSeconds = 30;

bson::Document step_down_command() {
    bson::Builder out;
    out.append("replSetStepDown", kStepDownSeconds);
    out.append("secondaryCatchUpPeriodSecs", kCatchUpSeconds);
    return out.finish();
}

bool is_connection_error(ErrorCode code) {
    return code == ErrorCode::HostUnreachable || code == ErrorCode::NetworkTimeout;
}

// True if the member says that nobody is far behind; also where it may not be asked.
bool caught_up(const std::string& url) {
    const auto client = reach(url);
    if (!client.ok()) {
        return false;
    }
    const auto status = (*client)->command("admin", document_of("replSetGetStatus", 1));
    if (!status.ok()) {
        return !is_connection_error(status.error().code());
    }
    const auto lag = replication_lag(status->view());
    return !lag.has_value() || *lag <= kLagAllowed;
}

}  // namespace

void Turn::tell(const std::string& text) {
    deployment_.tell(Note{fmt::format("{}: {}", access_.name, text)});
}

Status Turn::run(const std::string& command) {
    PLUMB_CHECK(deployment_.interrupt.check_now());
    return run_shell(command, limit_, deployment_.clock);
}

Status Turn::take() {
    PLUMB_CHECK(deployment_.interrupt.check_now());
    std::vector<Wanted> missing;
    {
        PLUMB_TRY(client, reach(access_.url));
        PLUMB_TRY(found, missing_on(*client, deployment_.database, wanted_));
        missing = std::move(found);
    }
    if (missing.empty()) {
        tell("has the indexes already");
        return {};
    }
    PLUMB_CHECK(leave());
    PLUMB_CHECK(build_alone(missing));
    PLUMB_CHECK(come_back());
    PLUMB_TRY(client, reach(access_.url));
    PLUMB_TRY(left, missing_on(*client, deployment_.database, wanted_));
    if (!left.empty()) {
        return fail(ErrorCode::OperationFailed,
                    "the member came back without the indexes: is the standalone server started on "
                    "the same data?");
    }
    tell("in service, has the indexes");
    return {};
}

Status Turn::leave() {
    const MemberLook look = look_at(access_.url);
    was_in_a_set_ = !look.set.empty();
    if (look.is_primary) {
        PLUMB_CHECK(step_down());
    }
    tell("taking it out");
    PLUMB_CHECK(run(access_.stop));
    PLUMB_CHECK(wait_until(
        deployment_, "it still answered as a member", limit_, Wait::Interruptible, [this] {
            return !look_at(access_.url).answers;
        }));
    PLUMB_CHECK(run(access_.start_standalone));
    PLUMB_CHECK(wait_until(
        deployment_, "the standalone server did not answer", limit_, Wait::Interruptible, [this] {
            return look_at(access_.standalone_url).answers;
        }));
    if (const MemberLook alone = look_at(access_.standalone_url); !alone.set.empty()) {
        return fail(ErrorCode::RefusedForSafety,
                    fmt::format("start_standalone started it as a member of {}; it has to run "
                                "without a replica set",
                                alone.set));
    }
    return {};
}

Status Turn::step_down() {
    tell("is the primary; it steps down");
    PLUMB_TRY(client, reach(access_.url));
    const auto stepped = client->command("admin", step_down_command());
    // Before 4.2 a primary that steps down closes its connections.
    if (!stepped.ok() && !is_connection_error(stepped.error().code())) {
        return Result<bson::Document>{stepped}.context("replSetStepDown").error();
    }
    return wait_until(deployment_, "it was still the primary", limit_, Wait::Interruptible, [this] {
        return look_at(access_.url).is_secondary;
    });
}

Status Turn::build_alone(const std::vector<Wanted>& missing) {
    PLUMB_TRY(client, reach(access_.standalone_url));
    RunOptions options = deployment_.options;
    options.commit_quorum.clear();
    const Deployment alone{*client,
                           [this] { return reach(access_.standalone_url); },
                           deployment_.database,
                           deployment_.tool,
                           deployment_.clock,
                           deployment_.faults,
                           deployment_.interrupt,
                           deployment_.listener,
                           options};
    for (const Wanted& each : missing) {
        PLUMB_CHECK(deployment_.interrupt.check_now());
        PLUMB_TRY(ms,
                  build_indexes(alone, each.collection, each.indexes, OnInterrupt::KillBuild, {}));
        tell(fmt::format("built {} on {} in {} ms",
                         each.indexes.size() == 1 ? each.indexes.front().name
                                                  : fmt::format("{} indexes", each.indexes.size()),
                         each.collection,
                         ms));
    }
    return {};
}

Status Turn::come_back() {
    PLUMB_CHECK(run(access_.stop_standalone));
    PLUMB_CHECK(wait_until(
        deployment_, "the standalone server still answered", limit_, Wait::Interruptible, [this] {
            return !look_at(access_.standalone_url).answers;
        }));
    PLUMB_CHECK(run(access_.start));
    PLUMB_CHECK(
        wait_until(deployment_, "it was not back in service", limit_, Wait::Interruptible, [this] {
            const MemberLook look = look_at(access_.url);
            return look.in_service() && look.set.empty() == !was_in_a_set_;
        }));
    return wait_until(deployment_, "it had not caught up", limit_, Wait::Interruptible, [this] {
        return caught_up(access_.url);
    });
}

Status bring_back(const Deployment& deployment,
                  const MemberAccess& access,
                  std::chrono::seconds limit) {
    if (look_at(access.standalone_url).answers) {
        PLUMB_CHECK(run_shell(access.stop_standalone, limit, deployment.clock));
        PLUMB_CHECK(wait_until(
            deployment, "the standalone server still answered", limit, Wait::ToTheEnd, [&access] {
                return !look_at(access.standalone_url).answers;
            }));
    }
    if (!look_at(access.url).answers) {
        PLUMB_CHECK(run_shell(access.start, limit, deployment.clock));
    }
    return wait_until(deployment, "it was not back in service", limit, Wait::ToTheEnd, [&access] {
        return look_at(access.url).in_service();
    });
}

}  // namespace plumb::migrate
