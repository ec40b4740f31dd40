// SPDX-License-Identifier: GPL-3.0-or-later
// Named places where a test can make the world fail. Off, one costs a predictable branch.
//
//   PLUMB_CHECK(faults.hit(FaultPoint::LedgerBeforeWrite));
//
// Armed from the command line of a program (`--fault ledger.before_write=kill@3`), never by a
// user's configuration. Actions: `fail` (the call returns an error), `kill` (SIGKILL to
// ourselves, as a crash would); `@n` means at the n-th hit, 1 without it.
//
// Threads  hit() from any thread; arm() before the threads start.
#pragma once

#include "base/result.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

namespace plumb {

enum class FaultPoint : std::uint8_t {
    LedgerBeforeWrite,
    LedgerAfterWrite,
    MigrateBeforeOperation,
    MigrateAfterOperation,
    MigrateBeforeBatch,
    MigrateInsideBatch,
    MigrateAfterBatch,
    IndexBuildAfterScan,
    IndexBuildAfterLoad,
    IndexBuildBeforeCommit,
    StorageBeforeCommit,
    StorageAfterCommit,
    kCount,
};

class FaultPoints {
  public:
    // Reads `name=action[@n]`. UsageError for an unknown name or action, naming what is known.
    [[nodiscard]] Status arm(std::string_view spec);

    // Does what was armed for this point at this hit; Ok otherwise.
    [[nodiscard]] Status hit(FaultPoint point) {
        if (!any_armed_) [[likely]] {
            return {};
        }
        return hit_armed(point);
    }

    // The name a point is armed by.
    [[nodiscard]] static std::string_view name(FaultPoint point);

  private:
    enum class Action : std::uint8_t { None, Fail, Kill };
    struct Arming {
        Action action = Action::None;
        std::uint64_t at_hit = 1;
        std::atomic<std::uint64_t> hits{0};
    };
    [[nodiscard]] Status hit_armed(FaultPoint point);

    bool any_armed_ = false;
    std::array<Arming, static_cast<std::size_t>(FaultPoint::kCount)> armings_;
};

}  // namespace plumb
