// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/index/build_watch.h"
#include "tool/migrate/index/forecast.h"
#include "tool/migrate/rolling/roll_call_internal.h"
#include "tool/migrate/rolling/steps.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::migrate {
namespace {

// A member that is away longer than the oplog reaches back has to be copied anew.
constexpr int kOplogTimesBuild = 2;

Error refused(std::string text) {
    return fail(ErrorCode::RefusedForSafety, std::move(text));
}

// All that the set names are in the file; where it may not be asked, the file is believed.
Status all_named(const Deployment& deployment, const MembersFile& members) {
    const auto of_the_set = members_of(deployment);
    if (!of_the_set.ok()) {
        return {};
    }
    for (const Member& each : *of_the_set) {
        const bool named = std::any_of(
            members.members.begin(), members.members.end(), [&each](const MemberAccess& access) {
                return access.name == each.name;
            });
        if (!named) {
            return refused(fmt::format(
                "{} is a member of the set and not in the members file; it would be the one that "
                "builds when the migration is applied at the end",
                each.name));
        }
    }
    return {};
}

Status in_service(const Deployment& deployment,
                  const MemberAccess& access,
                  std::size_t members,
                  const std::vector<Wanted>& wanted) {
    const MemberLook look = look_at(access.url);
    if (!look.in_service()) {
        return refused(
            fmt::format("{} {}; all members have to be in service before one is taken "
                        "out",
                        access.name,
                        look.answers ? "is neither primary nor secondary" : "does not answer"));
    }
    if (look.is_primary && members < 2) {
        return refused(fmt::format("{} is alone in its set; nobody could take over", access.name));
    }
    PLUMB_TRY(client, reach(access.url));
    Deployment there{*client,
                     deployment.connect,
                     deployment.database,
                     deployment.tool,
                     deployment.clock,
                     deployment.faults,
                     deployment.interrupt,
                     deployment.listener,
                     deployment.options};
    for (const Wanted& each : wanted) {
        const auto builds = running_builds(there, each.collection);
        if (builds.ok() && !builds->empty()) {
            return refused(fmt::format(
                "{} is building an index on {} now; wait for it", access.name, each.collection));
        }
    }
    PLUMB_CHECK(missing_on(*client, deployment.database, wanted).context(access.name));
    return {};
}

Status oplog_reaches(const Deployment& deployment, const std::vector<Wanted>& wanted) {
    const auto window = oplog_window(deployment.client);
    if (!window.has_value()) {
        deployment.tell(
            Note{"the oplog could not be read; see that it holds more than the time a "
                 "member is away"});
        return {};
    }
    DatabaseFacts facts{deployment};
    std::int64_t ms = 0;
    for (const Wanted& each : wanted) {
        PLUMB_TRY(forecast, forecast_build(facts, each.collection, each.indexes));
        ms += forecast.ms_high;
    }
    if (*window < std::chrono::milliseconds{kOplogTimesBuild * ms}) {
        return refused(fmt::format(
            "the oplog holds {} s and the build may take {} s on each member: one that is away "
            "longer than the oplog reaches has to be copied anew. Make the oplog larger",
            window->count(),
            ms / 1000));
    }
    return {};
}

}  // namespace

Result<std::vector<Wanted>> wanted_by(const project::MigrationFile& file, UniqueByMember unique) {
    std::vector<Wanted> out;
    for (const project::Operation& operation : file.up) {
        const auto* create = std::get_if<project::CreateIndexes>(&operation.body);
        if (create == nullptr) {
            return refused(
                fmt::format("migration {} has {}; only indexes are built member by "
                            "member. Put it into a migration of its own",
                            file.number(),
                            operation.kind));
        }
        out.push_back({operation.collection, create->indexes});
    }
    if (unique == UniqueByMember::Refused) {
        PLUMB_CHECK(refuse_unique(file));
    }
    return out;
}

Status roll_call(const Deployment& deployment,
                 const MembersFile& members,
                 const std::vector<Wanted>& wanted) {
    PLUMB_CHECK(all_named(deployment, members));
    for (const MemberAccess& each : members.members) {
        PLUMB_CHECK(in_service(deployment, each, members.members.size(), wanted));
    }
    return oplog_reaches(deployment, wanted);
}

}  // namespace plumb::migrate
