// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/ledger/lock.h"

#include "bson/builder.h"
#include "bson/number.h"
#include "tool/migrate/ledger/lock_commands.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace plumb::migrate {
namespace {

std::string utc_text(std::int64_t ms) {
    return fmt::format("{:%Y-%m-%d %H:%M:%S} UTC",
                       fmt::gmtime(static_cast<std::time_t>(ms / 1000)));
}

Error held_by(const std::optional<Holder>& holder) {
    if (!holder.has_value()) {
        return fail(ErrorCode::LockHeld, "the migration lock changed hands just now; try again");
    }
    return fail(ErrorCode::LockHeld,
                fmt::format("another runner holds the migration lock: process {} on {} ({}), since "
                            "{}, lease until {}; wait for it, or run `plumb migrate unlock` if it "
                            "is gone",
                            holder->runner.process_id,
                            holder->runner.host,
                            holder->tool,
                            utc_text(holder->acquired_ms),
                            utc_text(holder->expires_ms)));
}

// The fence of a findAndModify that matched; nothing if it did not.
std::optional<std::int64_t> taken_fence(bson::View reply) {
    const bson::ValueView value = reply.find("value");
    if (value.type() != bson::Type::Document) {
        return {};
    }
    const bson::ValueView fence = value.as_document().find("fence");
    return fence.is_number() ? std::optional{bson::to_clamped_int64(fence)} : std::nullopt;
}

// Codes by which a server says that it has no pipeline updates or no $$NOW.
bool lacks_server_clock(const Error& error) {
    return error.code() == ErrorCode::FailedToParse || error.code() == ErrorCode::TypeMismatch ||
           error.code() == ErrorCode::BadValue || error.code() == ErrorCode{17276};
}

struct Taken {
    std::optional<std::int64_t> fence;
    bool server_clock = true;
};

Result<Taken> take(const Deployment& deployment,
                   const Runner& runner,
                   std::optional<std::int64_t> from_fence) {
    auto reply = deployment.client.command(
        deployment.database, take_lock_command(runner, deployment.tool, from_fence, {}));
    if (reply.ok()) {
        return Taken{taken_fence(reply->view()), true};
    }
    if (!lacks_server_clock(reply.error())) {
        return std::move(reply).error();
    }
    const std::int64_t now = deployment.clock.now().count();
    PLUMB_TRY(
        by_client,
        deployment.client.command(deployment.database,
                                  take_lock_command(runner, deployment.tool, from_fence, now)));
    return Taken{taken_fence(by_client.view()), false};
}

std::int64_t matched_in(bson::View reply) {
    const bson::ValueView n = reply.find("n");
    return n.is_number() ? bson::to_clamped_int64(n) : 0;
}

}  // namespace

Result<std::unique_ptr<Lock>> Lock::acquire(const Deployment& deployment, const Runner& runner) {
    const auto ensured = deployment.client.command(deployment.database, ensure_lock_command());
    if (!ensured.ok() && ensured.error().code() != ErrorCode::DuplicateKey) {
        return ensured.error();
    }
    PLUMB_TRY(taken, take(deployment, runner, {}));
    if (!taken.fence.has_value()) {
        PLUMB_TRY(holder, look(deployment.client, deployment.database));
        if (!holder.has_value() || !is_known_dead(holder->runner)) {
            return held_by(holder);
        }
        deployment.tell(
            Note{fmt::format("process {} that held the migration lock is dead; taking "
                             "the lock over",
                             holder->runner.process_id)});
        PLUMB_TRY(from_dead, take(deployment, runner, holder->fence));
        taken = from_dead;
    }
    if (!taken.fence.has_value()) {
        PLUMB_TRY(holder, look(deployment.client, deployment.database));
        return held_by(holder);
    }
    return std::make_unique<Lock>(deployment, runner, *taken.fence, taken.server_clock);
}

Lock::Lock(const Deployment& deployment,
           const Runner& runner,
           std::int64_t fence,
           bool server_clock)
    : deployment_(deployment),
      run_(runner.run),
      fence_(fence),
      server_clock_(server_clock),
      good_until_ns_((deployment.clock.monotonic() + kLease).count()),
      heartbeat_([this] { heartbeat_loop(); }) {}

Lock::~Lock() {
    {
        const std::lock_guard guard{mutex_};
        stop_ = true;
    }
    stop_changed_.notify_all();
    heartbeat_.join();
    if (!lost_.load()) {
        // If this fails the lease ends by itself.
        const auto released =
            deployment_.client.command(deployment_.database, release_lock_command(fence_));
        static_cast<void>(released.ok());
    }
}

Status Lock::check() const {
    const bool over = deployment_.clock.monotonic().count() > good_until_ns_.load();
    if (lost_.load() || over) {
        return fail(ErrorCode::LockHeld,
                    "the migration lock was lost to another runner or its lease ended; nothing "
                    "more was written. Run the same command again: it goes on from the ledger");
    }
    return {};
}

void Lock::heartbeat_loop() {
    std::unique_ptr<client::Client> client;
    std::unique_lock guard{mutex_};
    while (!stop_changed_.wait_for(guard, kHeartbeatEvery, [this] { return stop_; })) {
        guard.unlock();
        if (!client) {
            if (auto connected = deployment_.connect(); connected.ok()) {
                client = *std::move(connected);
            }
        }
        if (client) {
            beat(*client);
        }
        guard.lock();
    }
}

void Lock::beat(client::Client& client) {
    const std::int64_t before = deployment_.clock.monotonic().count();
    const std::optional<std::int64_t> now =
        server_clock_ ? std::nullopt : std::optional{deployment_.clock.now().count()};
    const auto reply = client.command(deployment_.database, renew_lock_command(fence_, now));
    if (!reply.ok()) {
        return;  // tried again at the next beat; the lease ends by itself if that goes on
    }
    if (matched_in(reply->view()) == 0) {
        lost_.store(true);
        return;
    }
    good_until_ns_.store(before + std::chrono::nanoseconds{kLease}.count());
}

Result<std::optional<Holder>> Lock::look(client::Client& client, std::string_view database) {
    PLUMB_TRY(document, client.find_one(database, kLockCollection, bson::View{}));
    if (!document.has_value()) {
        return std::optional<Holder>{};
    }
    return holder_in(document->view());
}

Status Lock::break_lock(client::Client& client, std::string_view database) {
    PLUMB_CHECK(client.command(database, release_lock_command({})));
    return {};
}

}  // namespace plumb::migrate
