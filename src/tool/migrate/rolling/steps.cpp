// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/rolling/steps.h"

#include "bson/builder.h"
#include "bson/json.h"
#include "bson/number.h"
#include "tool/migrate/deployment/command_parts.h"
#include "tool/migrate/index/build.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::migrate {
namespace {

constexpr std::int64_t kPrimary = 1;
constexpr std::int64_t kSecondary = 2;

// Where a member listens while it is out of the set.
constexpr const char* kAlonePort = "a free port";

void append_builds(std::vector<std::string>& out,
                   const project::MigrationFile& file,
                   const std::string& database) {
    for (const project::Operation& operation : file.up) {
        if (const auto* create = std::get_if<project::CreateIndexes>(&operation.body)) {
            out.push_back(
                fmt::format("   db.getSiblingDB(\"{}\").runCommand({})",
                            database,
                            bson::to_json(create_command(operation.collection, create->indexes))));
        }
    }
}

}  // namespace

Status refuse_unique(const project::MigrationFile& file) {
    for (const project::Operation& operation : file.up) {
        const auto* create = std::get_if<project::CreateIndexes>(&operation.body);
        if (create == nullptr) {
            continue;
        }
        for (const project::IndexDefinition& index : create->indexes) {
            if (index.unique) {
                return fail(ErrorCode::RefusedForSafety,
                            fmt::format("{}.{} is unique: built member by member, nothing keeps "
                                        "duplicates out meanwhile; build it with all members at "
                                        "once",
                                        operation.collection,
                                        index.name));
            }
        }
    }
    return {};
}

Result<std::vector<Member>> members_of(const Deployment& deployment) {
    const auto status = deployment.client.command("admin", document_of("replSetGetStatus", 1));
    if (!status.ok()) {
        return fail(ErrorCode::NotAReplicaSet,
                    "a rolling build needs a replica set: " + status.error().message());
    }
    std::vector<Member> out;
    const bson::ValueView members = status->find("members");
    if (members.type() == bson::Type::Array) {
        for (const bson::Element& each : members.as_array()) {
            if (each.value.type() != bson::Type::Document) {
                continue;
            }
            const bson::View member = each.value.as_document();
            const bson::ValueView state = member.find("state");
            const std::int64_t number = state.is_number() ? bson::to_clamped_int64(state) : 0;
            if (number == kPrimary || number == kSecondary) {
                out.push_back({text_in(member, "name"), number == kPrimary});
            }
        }
    }
    return out;
}

Result<std::vector<std::string>> rolling_steps(const project::MigrationFile& file,
                                               const std::string& database,
                                               std::vector<Member> members) {
    PLUMB_CHECK(refuse_unique(file));
    std::stable_sort(members.begin(), members.end(), [](const Member& a, const Member& b) {
        return !a.is_primary && b.is_primary;
    });
    std::vector<std::string> out;
    for (const Member& member : members) {
        out.push_back(fmt::format(
            "{} ({}):", member.name, member.is_primary ? "primary, last" : "secondary"));
        if (member.is_primary) {
            out.emplace_back("   rs.stepDown(); wait until another member is primary");
        }
        out.emplace_back("   look at the oplog window: it must be longer than the build");
        out.push_back(fmt::format("   restart mongod without --replSet and on {}", kAlonePort));
        append_builds(out, file, database);
        out.emplace_back("   restart mongod with --replSet on its own port");
        out.emplace_back("   wait until rs.status() shows it as SECONDARY without lag");
    }
    out.push_back(
        fmt::format("then: plumb migrate run {}, which finds the indexes and records "
                    "them as there before",
                    file.number()));
    return out;
}

}  // namespace plumb::migrate
