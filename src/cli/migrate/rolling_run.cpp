// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/migrate/rolling_run.h"

#include "bson/builder.h"
#include "bson/json.h"
#include "cli/migrate/lint_run.h"
#include "tool/migrate/ledger/ledger.h"
#include "tool/migrate/rolling/build_by_member.h"
#include "tool/migrate/rolling/steps.h"

namespace plumb::cli {
namespace {

// With a members file its names, the primary last: the file may be written before the set is up.
Result<std::vector<migrate::Member>> members_to_name(const migrate::Deployment& deployment,
                                                     const MigrateOptions& options) {
    auto members = migrate::members_of(deployment);
    if (members.ok() || options.members.empty()) {
        return members;
    }
    PLUMB_TRY(file, migrate::load_members_file(options.members));
    std::vector<migrate::Member> out;
    for (const migrate::MemberAccess& each : file.members) {
        out.push_back({each.name, false});
    }
    out.back().is_primary = true;
    return out;
}

Result<ExitCode> print_steps(Context& context,
                             const migrate::Deployment& deployment,
                             const std::vector<migrate::Member>& members,
                             const std::vector<const project::MigrationFile*>& files) {
    bson::Builder json;
    json.begin_array("migrations");
    for (const project::MigrationFile* file : files) {
        PLUMB_TRY(steps, migrate::rolling_steps(*file, deployment.database, members));
        json.push_document();
        json.append("version", file->number());
        json.begin_array("steps");
        for (const std::string& step : steps) {
            json.push(step);
            if (!context.options.json) {
                context.console().out(step);
            }
        }
        json.end();
        json.end();
    }
    json.end();
    if (context.options.json) {
        context.console().out(bson::to_json(json.finish()));
    }
    return ExitCode::Done;
}

}  // namespace

Result<ExitCode> run_rolling(Context& context,
                             MigrateSession& session,
                             const MigrateOptions& options,
                             const std::vector<project::MigrationFile>& all,
                             const std::vector<const project::MigrationFile*>& files) {
    if (options.members.empty() || options.dry_run) {
        PLUMB_TRY(members, members_to_name(session.deployment(), options));
        return print_steps(context, session.deployment(), members, files);
    }
    PLUMB_TRY(members, migrate::load_members_file(options.members));
    PLUMB_CHECK(lint_before_run(context, session.deployment(), all, files));
    for (const project::MigrationFile* file : files) {
        PLUMB_TRY(record, migrate::read_ledger(session.deployment(), file->version));
        if (!record.has_value() || record->state != migrate::State::Applied) {
            PLUMB_CHECK(session.check_window());
            PLUMB_CHECK(migrate::build_by_member(session.deployment(),
                                                 *file,
                                                 members,
                                                 options.allow_unique
                                                     ? migrate::UniqueByMember::Allowed
                                                     : migrate::UniqueByMember::Refused));
        }
        PLUMB_CHECK(session.apply(*file));
    }
    return session.done();
}

}  // namespace plumb::cli
