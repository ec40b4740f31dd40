// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/watch/run.h"

#include "tool/watch/series_file.h"
#include "tool/watch/time_text.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>

namespace plumb::watch {
namespace {

constexpr std::int64_t kLookForInterruptMs = 50;

SeriesVisitor feeding(Observer& observer, const OnSample& on_sample) {
    SeriesVisitor visitor;
    visitor.session = [&observer](bson::View facts) -> Status {
        observer.begin(session_facts_from(facts));
        return {};
    };
    visitor.sample = [&observer, &on_sample](const Catalogue& catalogue,
                                             const Sample& sample) -> Status {
        const auto events = observer.feed(catalogue, sample);
        on_sample({observer, sample, events, false});
        return {};
    };
    return visitor;
}

Status is_the_same(const WatchOptions& options, const Observer& observer) {
    if (observer.sessions() > 0 && observer.facts().database != options.facts.database) {
        return fail(ErrorCode::RefusedForSafety,
                    fmt::format("{} is a series of database {}, not of {}; `--new` puts it aside "
                                "and begins another one",
                                series_file(options.folder).string(),
                                observer.facts().database,
                                options.facts.database));
    }
    return {};
}

// The profiler goes on where the last sample stopped reading.
void resume_profiler(const SeriesRead& found, Sampler& sampler) {
    for (const std::size_t id : found.catalogue.named("profile_until_ms")) {
        if (id < found.state.values.size()) {
            sampler.profile_read_until(found.catalogue.at(id).member, found.state.values[id]);
        }
    }
}

// Until `deadline` of the monotonic clock, or the interrupt.
void wait_until(World world, std::chrono::nanoseconds deadline) {
    while (!world.interrupt.killed()) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            deadline - world.clock.monotonic());
        if (left.count() <= 0) {
            return;
        }
        ::poll(nullptr,
               0,
               static_cast<int>(std::min<std::int64_t>(left.count(), kLookForInterruptMs)));
    }
}

}  // namespace

Result<std::unique_ptr<Observer>> watch(const WatchOptions& options,
                                        Sampler& sampler,
                                        World world,
                                        const OnSample& on_sample) {
    auto observer = std::make_unique<Observer>();
    PLUMB_TRY(writer, SeriesWriter::open(options.folder, feeding(*observer, on_sample)));
    PLUMB_CHECK(is_the_same(options, *observer));
    resume_profiler(writer->found(), sampler);
    const std::int64_t began_ms =
        observer->sessions() > 0 ? observer->began_ms() : options.facts.started_ms;
    const std::int64_t end_ms = began_ms + options.facts.for_ms;
    if (options.facts.for_ms > 0 && end_ms <= world.clock.now().count()) {
        return fail(ErrorCode::RefusedForSafety,
                    fmt::format("{} has been watched for {} already, since {}; `--report` shows "
                                "what was found, `--new` begins another series",
                                options.facts.database,
                                span_text(options.facts.for_ms),
                                utc_text(began_ms)));
    }
    observer->begin(options.facts);
    PLUMB_CHECK(writer->append_session(to_document(options.facts)));
    const std::chrono::milliseconds every{options.facts.every_ms};
    std::chrono::nanoseconds next = world.clock.monotonic();
    for (std::int64_t taken = 0; !world.interrupt.killed(); ++taken) {
        const Sample sample = sampler.take(writer->catalogue(), world.interrupt);
        if (world.interrupt.killed()) {
            break;  // it may be half a sample
        }
        PLUMB_CHECK(writer->append(sample));
        const auto events = observer->feed(writer->catalogue(), sample);
        on_sample({*observer, sample, events, true});
        const bool is_last = taken + 1 == options.samples_max;
        if (is_last || (options.facts.for_ms > 0 && world.clock.now().count() >= end_ms)) {
            break;
        }
        // On a grid, so that slow samples do not make the intervals longer.
        do {
            next += every;
        } while (next < world.clock.monotonic());
        wait_until(world, next);
    }
    observer->keep(writer->catalogue());
    return observer;
}

Result<std::unique_ptr<Observer>> replay(const std::filesystem::path& file,
                                         const OnSample& on_sample) {
    auto observer = std::make_unique<Observer>();
    PLUMB_TRY(read, read_series(file, feeding(*observer, on_sample)));
    if (read.samples == 0) {
        return fail(ErrorCode::NonExistentPath, fmt::format("{} holds no sample", file.string()));
    }
    observer->keep(std::move(read.catalogue));
    return observer;
}

}  // namespace plumb::watch
