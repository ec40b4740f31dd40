// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/index/build.h"

#include "bson/builder.h"
#include "bson/number.h"
#include "tool/migrate/index/build_watch.h"
#include "tool/migrate/index/index_plan.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <future>

namespace plumb::migrate {
namespace {

constexpr std::chrono::milliseconds kFirstLookAfter{50};
constexpr std::chrono::milliseconds kLookEvery{250};

bool is_connection_error(ErrorCode code) {
    return code == ErrorCode::HostUnreachable || code == ErrorCode::NetworkTimeout;
}

// Looks at a build that runs elsewhere: reports its progress, and kills it once if that is wanted.
class Watcher {
  public:
    Watcher(const Deployment& deployment, const std::string& collection, OnInterrupt on_interrupt)
        : deployment_(deployment), collection_(collection), on_interrupt_(on_interrupt) {}

    void look() {
        const bool kill = on_interrupt_ == OnInterrupt::KillBuild && deployment_.interrupt.killed();
        if (!kill && !may_read_) {
            return;
        }
        const auto builds = running_builds(deployment_, collection_);
        may_read_ = builds.ok();
        if (!builds.ok()) {
            return;
        }
        for (const RunningBuild& build : *builds) {
            if (kill && !build.operation_id.missing()) {
                const Status killed = kill_operation(deployment_, build.operation_id);
                static_cast<void>(killed.ok());  // asked again at the next look
            }
            if (build.total > 0) {
                deployment_.tell(Progress{label(build), build.done, build.total});
            }
        }
    }

  private:
    std::string label(const RunningBuild& build) const {
        return build.stage.empty() ? fmt::format("building on {}", collection_)
                                   : fmt::format("{}: {}", collection_, build.stage);
    }

    const Deployment& deployment_;
    const std::string& collection_;
    OnInterrupt on_interrupt_;
    bool may_read_ = true;
};

Result<bson::Document> send_watched(const Deployment& deployment,
                                    const std::string& collection,
                                    const bson::Document& command,
                                    OnInterrupt on_interrupt) {
    PLUMB_TRY(worker, deployment.connect());
    client::Client& worker_client = *worker;
    Result<bson::Document> reply = bson::Document{};
    const std::future<void> running = std::async(
        std::launch::async, [&] { reply = worker_client.command(deployment.database, command); });
    Watcher watcher{deployment, collection, on_interrupt};
    auto wait = std::chrono::milliseconds{kFirstLookAfter};
    while (running.wait_for(wait) != std::future_status::ready) {
        watcher.look();
        wait = kLookEvery;
    }
    deployment.tell(Progress{"", -1, 0});
    return reply;
}

// The quorum of the operation or of the options, if there are members that could vote.
bson::Value quorum_to_send(const Deployment& deployment, const bson::Value& of_operation) {
    const std::string& option = deployment.options.commit_quorum;
    bson::Value wanted = of_operation;
    if (wanted.missing() && !option.empty()) {
        int number = 0;
        const auto read = std::from_chars(option.data(), option.data() + option.size(), number);
        const bool is_number = read.ec == std::errc{} && read.ptr == option.data() + option.size();
        wanted = is_number ? bson::Value{number} : bson::Value{option};
    }
    if (wanted.missing()) {
        return wanted;
    }
    bson::Builder command;
    command.append("isMaster", 1);
    const auto reply = deployment.client.command("admin", command.finish());
    if (reply.ok() && !reply->has("setName") && !reply->has("msg")) {
        deployment.tell(Note{"there is one server only: the commit quorum is left out"});
        return {};
    }
    return wanted;
}

// Ok if every one of `indexes` is there with its definition.
Status all_there(const Deployment& deployment,
                 const std::string& collection,
                 const std::vector<project::IndexDefinition>& indexes) {
    PLUMB_TRY(existing, indexes_of(deployment.client, deployment.database, collection));
    for (const project::IndexDefinition& index : indexes) {
        if (!has_index(existing, index)) {
            const project::IndexDefinition* other = find_index(existing, index.name);
            return fail(ErrorCode::OperationFailed,
                        fmt::format("{}.{} {} after createIndexes",
                                    collection,
                                    index.name,
                                    other == nullptr ? std::string{"is not there"}
                                                     : "differs (" +
                                                           project::describe(project::differences(
                                                               index, *other)) +
                                                           ")"));
        }
    }
    return {};
}

}  // namespace

bson::Document create_command(const std::string& collection,
                              const std::vector<project::IndexDefinition>& indexes,
                              const bson::Value& commit_quorum) {
    bson::Builder out;
    out.append("createIndexes", collection);
    out.begin_array("indexes");
    for (const project::IndexDefinition& index : indexes) {
        out.push(project::index_to_command(index));
    }
    out.end();
    out.append("commitQuorum", commit_quorum);
    return out.finish();
}

bson::Document drop_command(const std::string& collection, const std::vector<std::string>& names) {
    bson::Builder out;
    out.append("dropIndexes", collection);
    out.begin_array("index");
    for (const std::string& name : names) {
        out.push(name);
    }
    out.end();
    return out.finish();
}

Result<std::int64_t> build_indexes(const Deployment& deployment,
                                   const std::string& collection,
                                   const std::vector<project::IndexDefinition>& indexes,
                                   OnInterrupt on_interrupt,
                                   const bson::Value& commit_quorum) {
    const auto started = deployment.clock.monotonic();
    auto reply =
        send_watched(deployment,
                     collection,
                     create_command(collection, indexes, quorum_to_send(deployment, commit_quorum)),
                     on_interrupt);
    const auto took = deployment.clock.monotonic() - started;
    const std::string what = fmt::format("createIndexes on {}", collection);
    if (!reply.ok() && !is_connection_error(reply.error().code())) {
        return std::move(reply).context(what).error();
    }
    if (!reply.ok()) {
        // The connection broke, the build did not need to: only the server's state tells.
        PLUMB_CHECK(wait_for_builds(deployment, collection, on_interrupt).context(what));
    }
    PLUMB_CHECK(all_there(deployment, collection, indexes).context(what));
    return std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
}

Result<std::int64_t> drop_indexes(const Deployment& deployment,
                                  const std::string& collection,
                                  const std::vector<std::string>& names) {
    const auto started = deployment.clock.monotonic();
    auto reply = deployment.client.command(deployment.database, drop_command(collection, names));
    if (!reply.ok() && reply.error().code() != ErrorCode::IndexNotFound &&
        reply.error().code() != ErrorCode::NamespaceNotFound) {
        return std::move(reply).context(fmt::format("dropIndexes on {}", collection)).error();
    }
    PLUMB_TRY(left, indexes_of(deployment.client, deployment.database, collection));
    for (const std::string& name : names) {
        if (find_index(left, name) != nullptr) {
            return fail(ErrorCode::OperationFailed,
                        fmt::format("{}.{} is still there after dropIndexes", collection, name));
        }
    }
    const auto took = deployment.clock.monotonic() - started;
    return std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
}

Status wait_for_builds(const Deployment& deployment,
                       const std::string& collection,
                       OnInterrupt on_interrupt) {
    std::promise<void> never;
    const std::future<void> pause = never.get_future();
    bool told = false;
    for (;;) {
        auto builds = running_builds(deployment, collection);
        if (!builds.ok() && is_connection_error(builds.error().code())) {
            return std::move(builds).error();
        }
        if (!builds.ok() || builds->empty()) {
            deployment.tell(Progress{"", -1, 0});
            return {};
        }
        if (!told) {
            deployment.tell(
                Note{fmt::format("an index build on {} is going on; waiting for it", collection)});
            told = true;
        }
        if (on_interrupt == OnInterrupt::KillBuild) {
            PLUMB_CHECK(deployment.interrupt.check());
        }
        deployment.tell(Progress{fmt::format("building on {}", collection),
                                 builds->front().done,
                                 builds->front().total});
        pause.wait_for(kLookEvery);
    }
}

std::map<std::string, std::int64_t> index_sizes(const Deployment& deployment,
                                                const std::string& collection) {
    std::map<std::string, std::int64_t> out;
    bson::Builder command;
    command.append("collStats", collection);
    const auto reply = deployment.client.command(deployment.database, command.finish());
    if (!reply.ok() || reply->find("indexSizes").type() != bson::Type::Document) {
        return out;
    }
    for (const auto& [name, bytes] : reply->find("indexSizes").as_document()) {
        if (bytes.is_number()) {
            out.emplace(name, bson::to_clamped_int64(bytes));
        }
    }
    return out;
}

}  // namespace plumb::migrate
