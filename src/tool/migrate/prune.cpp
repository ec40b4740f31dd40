// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/prune.h"

#include "bson/builder.h"
#include "bson/number.h"
#include "project/migration_file.h"
#include "tool/migrate/ledger/ledger.h"
#include "tool/migrate/ledger/lock.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace plumb::migrate {
namespace {

constexpr std::array<std::string_view, 2> kPrefixes{"_plumb_backup_", "_plumb_dropped_"};

bool is_kept_aside(std::string_view name) {
    return std::any_of(kPrefixes.begin(), kPrefixes.end(), [name](std::string_view prefix) {
        return name.starts_with(prefix);
    });
}

Result<std::vector<std::string>> kept_aside(const Deployment& deployment) {
    PLUMB_TRY(listed, deployment.client.list_collections(deployment.database));
    std::vector<std::string> out;
    for (const bson::Document& each : listed) {
        const bson::ValueView name = each.find("name");
        if (name.type() == bson::Type::String && is_kept_aside(name.as_string())) {
            out.emplace_back(name.as_string());
        }
    }
    return out;
}

Status measure(const Deployment& deployment, Prunable& out) {
    bson::Builder command;
    command.append("collStats", out.collection);
    PLUMB_TRY(reply, deployment.client.command(deployment.database, command.finish()));
    for (const auto& [field, into] :
         {std::pair{"count", &out.documents}, std::pair{"size", &out.bytes}}) {
        const bson::ValueView value = reply.find(field);
        *into = value.is_number() ? bson::to_clamped_int64(value) : 0;
    }
    return {};
}

Status drop(const Deployment& deployment, const std::string& collection) {
    bson::Builder command;
    command.append("drop", collection);
    const auto dropped = deployment.client.command(deployment.database, command.finish());
    if (!dropped.ok() && dropped.error().code() != ErrorCode::NamespaceNotFound) {
        return dropped.error();
    }
    return {};
}

}  // namespace

Result<std::vector<Prunable>> prunable(const Deployment& deployment, std::optional<int> to) {
    PLUMB_TRY(records, read_ledger(deployment));
    PLUMB_TRY(names, kept_aside(deployment));
    std::set<std::string> spoken_for;
    std::vector<Prunable> out;
    for (const Record& record : records) {
        for (const OperationRecord& operation : record.operations) {
            if (operation.backup.empty() || operation.pruned) {
                continue;
            }
            spoken_for.insert(operation.backup);
            const bool there =
                std::find(names.begin(), names.end(), operation.backup) != names.end();
            const bool in_range = !to.has_value() || record.version <= *to;
            if (record.state == State::Applied && there && in_range) {
                out.push_back(
                    {operation.backup, record.version, operation.kind, operation.collection, 0, 0});
            }
        }
    }
    for (const std::string& name : names) {
        if (!spoken_for.contains(name) && !to.has_value()) {
            out.push_back({name, 0, "", "", 0, 0});
        }
    }
    for (Prunable& each : out) {
        PLUMB_CHECK(measure(deployment, each));
    }
    return out;
}

Status prune(const Deployment& deployment, const std::vector<Prunable>& list) {
    const Runner runner = describe_this_process();
    PLUMB_TRY(lock, Lock::acquire(deployment, runner));
    Ledger ledger{deployment, *lock, runner};
    for (const Prunable& each : list) {
        PLUMB_CHECK(deployment.interrupt.check());
        PLUMB_CHECK(ledger.check_lock());
        if (each.version != 0) {
            PLUMB_TRY(record, read_ledger(deployment, each.version));
            if (!record.has_value() || record->state != State::Applied) {
                return fail(ErrorCode::RefusedForSafety,
                            fmt::format("migration {} is not applied any more; nothing of it is "
                                        "pruned",
                                        project::version_text(each.version)));
            }
            // Said before it is done: a way back that finds no backup knows why.
            for (OperationRecord& operation : record->operations) {
                operation.pruned = operation.pruned || operation.backup == each.collection;
            }
            PLUMB_CHECK(ledger.write(*record, "pruned", each.collection));
        }
        PLUMB_CHECK(drop(deployment, each.collection));
    }
    return {};
}

}  // namespace plumb::migrate
