// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/ledger/strays.h"

#include "client/client.h"
#include "tool/migrate/deployment/command_parts.h"
#include "tool/migrate/ledger/lock.h"

#include <algorithm>
#include <array>
#include <thread>

namespace plumb::migrate {
namespace {

// What a look cannot see, a command that lies unread in a socket, is under way by the next one.
constexpr int kQuietLooks = 3;
constexpr std::chrono::milliseconds kLookEvery{20};
constexpr std::chrono::milliseconds kBlindWait{500};

constexpr auto kChanging = std::to_array<std::string_view>({"aggregate",
                                                            "collMod",
                                                            "create",
                                                            "delete",
                                                            "drop",
                                                            "dropIndexes",
                                                            "insert",
                                                            "renameCollection",
                                                            "update"});

}  // namespace

bool is_stray(bson::View operation, const std::string& database) {
    const bson::View command = document_in(operation, "command");
    if (command.empty() || text_in(operation, "appName") != client::ConnectOptions{}.app_name) {
        return false;
    }
    const bson::Element what = command.front();
    if (std::find(kChanging.begin(), kChanging.end(), what.name) == kChanging.end()) {
        return false;
    }
    const std::string on = text_in(operation, "ns");
    const bool is_here = on.starts_with(database + ".") || text_in(command, "$db") == database ||
                         text_in(command, "renameCollection").starts_with(database + ".");
    // The heartbeat of the lock is our own.
    const bool is_lock =
        what.value.type() == bson::Type::String && what.value.as_string() == kLockCollection;
    return is_here && !is_lock;
}

Status wait_for_strays(const Deployment& deployment) {
    for (int quiet = 0; quiet < kQuietLooks;) {
        const auto reply = deployment.client.command("admin", document_of("currentOp", 1));
        if (!reply.ok()) {
            std::this_thread::sleep_for(kBlindWait);
            return {};
        }
        const bson::ValueView running = reply->find("inprog");
        bool found = false;
        if (running.type() == bson::Type::Array) {
            for (const bson::Element& each : running.as_array()) {
                found = found || (each.value.type() == bson::Type::Document &&
                                  is_stray(each.value.as_document(), deployment.database));
            }
        }
        quiet = found ? 0 : quiet + 1;
        std::this_thread::sleep_for(kLookEvery);
    }
    return {};
}

}  // namespace plumb::migrate
