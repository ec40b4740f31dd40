// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/rolling/build_by_member.h"

#include "tool/migrate/deployment/command_parts.h"
#include "tool/migrate/rolling/member.h"
#include "tool/migrate/rolling/roll_call_internal.h"
#include "tool/migrate/rolling/rolling_ledger_internal.h"
#include "tool/migrate/rolling/turn_internal.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::migrate {
namespace {

// What became of one member.
struct Standing {
    const MemberAccess* access = nullptr;
    std::string text = "not touched";
    bool out_of_service = false;
};

// What the server says now, after it was brought back.
Standing standing_of(const MemberAccess& access,
                     const std::string& database,
                     const std::vector<Wanted>& wanted,
                     const Status& brought_back) {
    if (!brought_back.ok()) {
        return {&access,
                "OUT OF SERVICE: " + brought_back.error().message() + "; start it by hand",
                true};
    }
    const auto client = reach(access.url);
    if (!client.ok()) {
        return {&access, "in service, but does not answer now", false};
    }
    const auto missing = missing_on(**client, database, wanted);
    const bool has_all = missing.ok() && missing->empty();
    return {&access,
            has_all ? "in service, has the indexes" : "in service, without the indexes",
            false};
}

Error with_standings(const Error& cause, const std::vector<Standing>& standings) {
    std::string text = cause.message();
    bool out_of_service = false;
    for (const Standing& each : standings) {
        text += fmt::format("\n  {}: {}", each.access->name, each.text);
        out_of_service = out_of_service || each.out_of_service;
    }
    text += "\n  The same command again goes on with the members that have not got them.";
    return fail(out_of_service ? ErrorCode::RollbackFailed : cause.code(), std::move(text));
}

// Others first; the primary is moved to the end.
std::vector<const MemberAccess*> in_order(const MembersFile& members) {
    std::vector<const MemberAccess*> out;
    std::vector<const MemberAccess*> primaries;
    for (const MemberAccess& each : members.members) {
        (look_at(each.url).is_primary ? primaries : out).push_back(&each);
    }
    out.insert(out.end(), primaries.begin(), primaries.end());
    return out;
}

Status each_in_turn(const Deployment& deployment,
                    const MembersFile& members,
                    const std::vector<Wanted>& wanted,
                    const RollingIntent& intent) {
    const std::vector<const MemberAccess*> order = in_order(members);
    std::vector<Standing> standings;
    standings.reserve(order.size());
    for (const MemberAccess* access : order) {
        standings.push_back({access, "not touched", false});
    }
    for (std::size_t at = 0; at < order.size(); ++at) {
        if (const Status ours = intent.check(); !ours.ok()) {
            return with_standings(ours.error(), standings);
        }
        Turn turn{deployment, *order[at], members.wait, wanted};
        const Status taken = turn.take();
        if (taken.ok()) {
            standings[at].text = "in service, has the indexes";
            continue;
        }
        deployment.tell(Note{fmt::format("{}: {}", order[at]->name, taken.error().message())});
        deployment.tell(Note{fmt::format("{}: bringing it back", order[at]->name)});
        const Status back = bring_back(deployment, *order[at], members.wait);
        standings[at] = standing_of(*order[at], deployment.database, wanted, back);
        return with_standings(taken.error(), standings);
    }
    return {};
}

}  // namespace

Status build_by_member(const Deployment& deployment,
                       const project::MigrationFile& file,
                       const MembersFile& members,
                       UniqueByMember unique) {
    PLUMB_TRY(wanted, wanted_by(file, unique));
    for (const MemberAccess& each : members.members) {
        if (look_at(each.standalone_url).answers) {
            deployment.tell(Note{fmt::format(
                "{} stands alone, as an earlier run left it; bringing it back first", each.name)});
            PLUMB_CHECK(bring_back(deployment, each, members.wait).context(each.name));
        }
    }
    PLUMB_CHECK(roll_call(deployment, members, wanted));
    PLUMB_TRY(intent, RollingIntent::begin(deployment, file));
    const Status built = each_in_turn(deployment, members, wanted, intent);
    // The connection of the lock may have been to a member that was restarted since.
    Status answers =
        wait_until(deployment, "the set did not answer", members.wait, Wait::ToTheEnd, [&] {
            return deployment.client.command("admin", document_of("ping", 1)).ok();
        });
    PLUMB_CHECK(built);
    return answers;
}

}  // namespace plumb::migrate
