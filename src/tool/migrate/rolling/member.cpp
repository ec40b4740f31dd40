// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/rolling/member.h"

#include "bson/builder.h"
#include "tool/migrate/deployment/command_parts.h"
#include "tool/migrate/index/index_plan.h"

#include <fmt/format.h>

#include <thread>

namespace plumb::migrate {
namespace {

constexpr std::chrono::milliseconds kAnswersWithin{1000};
constexpr std::chrono::milliseconds kLookEvery{200};

bool flag_in(bson::View document, std::string_view field) {
    const bson::ValueView value = document.find(field);
    return value.type() == bson::Type::Bool && value.as_bool();
}

// The seconds of the first or last entry of the oplog.
std::optional<std::int64_t> oplog_end(client::Client& client, int direction) {
    client::FindOptions options;
    options.limit = 1;
    options.sort = document_of("$natural", direction);
    options.projection = document_of("ts", 1);
    std::optional<std::int64_t> out;
    const Status read =
        client.find("local", "oplog.rs", bson::View{}, options, [&out](bson::View entry) -> Status {
            const bson::ValueView at = entry.find("ts");
            if (at.type() == bson::Type::Timestamp) {
                out = at.as_timestamp().seconds;
            }
            return {};
        });
    return read.ok() ? out : std::nullopt;
}

}  // namespace

Result<std::unique_ptr<client::Client>> reach(const std::string& url) {
    client::ConnectOptions options;
    options.url = url;
    options.server_selection_timeout = kAnswersWithin;
    return client::Client::connect(options);
}

MemberLook look_at(const std::string& url) {
    MemberLook out;
    const auto client = reach(url);
    if (!client.ok()) {
        return out;
    }
    const auto reply = (*client)->command("admin", document_of("isMaster", 1));
    if (!reply.ok()) {
        return out;
    }
    out.answers = true;
    out.set = text_in(*reply, "setName");
    out.is_primary = !out.set.empty() && flag_in(*reply, "ismaster");
    out.is_secondary = flag_in(*reply, "secondary");
    return out;
}

Result<std::vector<Wanted>> missing_on(client::Client& client,
                                       const std::string& database,
                                       const std::vector<Wanted>& wanted) {
    std::vector<Wanted> out;
    for (const Wanted& each : wanted) {
        PLUMB_TRY(existing, indexes_of(client, database, each.collection));
        const std::vector<IndexStep> steps = plan_indexes(each.indexes, existing);
        for (const IndexStep& step : steps) {
            if (step.what == IndexStep::What::Conflict) {
                return fail(ErrorCode::IndexOptionsConflict,
                            fmt::format("{}.{}: index {} is in the way ({})",
                                        each.collection,
                                        step.wanted.name,
                                        step.found_name,
                                        project::describe(step.differences)));
            }
        }
        if (std::vector<project::IndexDefinition> create = to_create(steps); !create.empty()) {
            out.push_back({each.collection, std::move(create)});
        }
    }
    return out;
}

std::optional<std::chrono::seconds> oplog_window(client::Client& client) {
    const auto first = oplog_end(client, 1);
    const auto last = oplog_end(client, -1);
    if (!first.has_value() || !last.has_value()) {
        return std::nullopt;
    }
    return std::chrono::seconds{*last - *first};
}

Status wait_until(const Deployment& deployment,
                  const std::string& what,
                  std::chrono::seconds limit,
                  Wait wait,
                  const std::function<bool()>& is_so) {
    const auto until = deployment.clock.monotonic() + limit;
    while (!is_so()) {
        if (wait == Wait::Interruptible) {
            PLUMB_CHECK(deployment.interrupt.check_now());
        }
        if (deployment.clock.monotonic() > until) {
            return fail(ErrorCode::OperationFailed,
                        fmt::format("{} after {} s", what, limit.count()));
        }
        std::this_thread::sleep_for(kLookEvery);
    }
    return {};
}

}  // namespace plumb::migrate
