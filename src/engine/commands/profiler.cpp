// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/profiler.h"

#include "bson/builder.h"

#include <mutex>
#include <random>

namespace plumb::commands {

namespace {

Status ensure_collection(storage::Engine& engine, const std::string& ns) {
    if (engine.collection(ns)) {
        return {};
    }
    bson::Builder options;
    options.append("capped", true);
    options.append("size", static_cast<std::int32_t>(kProfileBytes));
    const auto made = engine.create_collection(ns, options.finish_view());
    if (!made.ok() && made.error().code() != ErrorCode::NamespaceExists) {
        return made.error();
    }
    return {};
}

Status insert(storage::Engine& engine,
              const Clock& clock,
              const std::string& ns,
              bson::View entry) {
    PLUMB_CHECK(ensure_collection(engine, ns));
    // Of its own: that an operation was killed is worth recording.
    Interrupt interrupt{clock};
    interrupt.set_deadline_after(std::chrono::seconds{5});
    return engine.run_write(
        storage::Durability::Lazy, interrupt, [&](storage::Transaction& transaction) -> Status {
            const auto collection = engine.collection(ns);
            if (!collection) {
                return {};
            }
            PLUMB_TRY(id, collection->insert(transaction, entry));
            static_cast<void>(id);
            return {};
        });
}

}  // namespace

std::string profile_namespace(std::string_view database) {
    std::string ns{database};
    ns += ".system.profile";
    return ns;
}

int Profiler::level(std::string_view database) const {
    if (!is_any_on()) {
        return 0;
    }
    const std::shared_lock lock{mutex_};
    const auto found = levels_.find(database);
    return found == levels_.end() ? 0 : found->second;
}

Status Profiler::set_level(storage::Engine& engine, std::string_view database, int level) {
    if (level > 0) {
        PLUMB_CHECK(ensure_collection(engine, profile_namespace(database)));
    }
    const std::unique_lock lock{mutex_};
    if (level == 0) {
        levels_.erase(std::string{database});
    } else {
        levels_.insert_or_assign(std::string{database}, level);
    }
    any_on_.store(!levels_.empty(), std::memory_order_relaxed);
    return {};
}

bool Profiler::is_sampled() {
    const double rate = sample_rate();
    if (rate >= 1.0) {
        return true;
    }
    std::minstd_rand draw{static_cast<std::uint32_t>(
        draws_.fetch_add(1, std::memory_order_relaxed) * 2'654'435'761U + 1U)};
    draw.discard(2);
    return std::uniform_real_distribution<double>{0.0, 1.0}(draw) < rate;
}

void Profiler::record(storage::Engine& engine,
                      const Clock& clock,
                      std::string_view database,
                      bson::View entry) {
    if (!insert(engine, clock, profile_namespace(database), entry).ok()) {
        lost_.fetch_add(1, std::memory_order_relaxed);
    }
}

}  // namespace plumb::commands
