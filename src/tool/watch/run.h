// SPDX-License-Identifier: GPL-3.0-or-later
// A watch from its first sample to its last, and a recorded one once more.
//
//   PLUMB_TRY(observer, watch(options, sampler, world, listener));
//   const Summary summary = summarise(*observer);
//
// Threads  one thread.
#pragma once

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/result.h"
#include "tool/watch/observer.h"
#include "tool/watch/sampler.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

namespace plumb::watch {

struct WatchOptions {
    std::filesystem::path folder;  // .plumbline/watch
    SessionFacts facts;            // of this session; its interval and length among them
    std::int64_t samples_max = 0;  // of this session; 0: no limit but its length
};

// The world outside, for tests to turn.
struct World {
    const Clock& clock;
    Interrupt& interrupt;
};

// After each sample: what there is to show, and what there is to tell. `live` is false while the
// samples of earlier sessions are gone through again.
struct Heard {
    const Observer& observer;
    const Sample& sample;
    const std::vector<AlertEvent>& events;
    bool live = true;
};
using OnSample = std::function<void(const Heard&)>;

// Takes samples until the series is as long as `facts.for_ms`, `samples_max` are taken, or the
// interrupt is killed, which is a good end, too. Continues the series of the folder if there is
// one.
//   errors  RefusedForSafety if that is of another database; LockHeld; IoError; FailedToParse
[[nodiscard]] Result<std::unique_ptr<Observer>> watch(const WatchOptions& options,
                                                      Sampler& sampler,
                                                      World world,
                                                      const OnSample& on_sample);

// Goes through a recorded series without any server or waiting.
//   errors  IoError; FailedToParse; NonExistentPath if it has no sample
[[nodiscard]] Result<std::unique_ptr<Observer>> replay(const std::filesystem::path& file,
                                                       const OnSample& on_sample);

}  // namespace plumb::watch
