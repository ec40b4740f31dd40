// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/data_directory_internal.h"
#include "engine/storage/engine_impl_internal.h"
#include "engine/storage/index_build_internal.h"

#include <malloc.h>

#include <mutex>
#include <thread>
#include <utility>

namespace plumb::storage {

namespace {

constexpr std::chrono::milliseconds kInterruptPoll{10};

}  // namespace

Status EngineImpl::with_build(std::string_view ns,
                              const BuildOptions& options,
                              Interrupt& interrupt,
                              const std::function<Status(IndexBuild&)>& work) {
    // What loads have left free is the system's again before the sort takes more.
    ::malloc_trim(0);
    PLUMB_CHECK(pool_.disk_room().check());
    std::vector<std::string> left_over;
    Status built;
    {
        const std::optional<Collection> held = collection(ns);
        if (!held.has_value()) {
            return fail(ErrorCode::NamespaceNotFound, "ns not found: " + std::string{ns});
        }
        PLUMB_TRY(live, need(ns));
        std::unique_lock one_build{live->build_mutex, std::defer_lock};
        while (!one_build.try_lock()) {
            PLUMB_CHECK(interrupt.check_now());
            std::this_thread::sleep_for(kInterruptPoll);
        }
        IndexBuild build{
            {pool_, catalog_, faults_, predicates_, temporary_directory(options_.directory)},
            live,
            options,
            interrupt};
        built = work(build);
        left_over = build.tables_left_over();
    }
    drops_.add(std::move(left_over));
    drops_.sweep();
    // The sort has freed a great many pieces; without this the process keeps their memory for ever.
    ::malloc_trim(0);
    return built;
}

Status EngineImpl::build_indexes(std::string_view ns,
                                 std::vector<IndexSpec> specs,
                                 const BuildOptions& options,
                                 Interrupt& interrupt) {
    return with_build(
        ns, options, interrupt, [&](IndexBuild& build) { return build.run(std::move(specs)); });
}

Status EngineImpl::rebuild_indexes(std::string_view ns,
                                   const BuildOptions& options,
                                   Interrupt& interrupt) {
    return with_build(
        ns, options, interrupt, [](IndexBuild& build) { return build.run_rebuild(); });
}

}  // namespace plumb::storage
