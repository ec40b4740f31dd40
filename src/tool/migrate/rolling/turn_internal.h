// SPDX-License-Identifier: GPL-3.0-or-later
// The turn of one member: out of the set, build, back. For this folder.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "tool/migrate/rolling/member.h"

#include <chrono>
#include <string>
#include <vector>

namespace plumb::migrate {

class Turn {
  public:
    // All of it outlives the turn.
    Turn(const Deployment& deployment,
         const MemberAccess& access,
         std::chrono::seconds limit,
         const std::vector<Wanted>& wanted)
        : deployment_(deployment), access_(access), limit_(limit), wanted_(wanted) {}

    // Ok if the member is in service and has all that is wanted. After an error it may be out of
    // service: bring_back() is to be called.
    [[nodiscard]] Status take();

  private:
    [[nodiscard]] Status leave();
    [[nodiscard]] Status step_down();
    [[nodiscard]] Status build_alone(const std::vector<Wanted>& missing);
    [[nodiscard]] Status come_back();
    [[nodiscard]] Status run(const std::string& command);
    void tell(const std::string& text);

    const Deployment& deployment_;
    const MemberAccess& access_;
    std::chrono::seconds limit_;
    const std::vector<Wanted>& wanted_;
    bool was_in_a_set_ = false;
};

// Puts a member back in service from wherever it is; no Ctrl-C ends this.
//   errors  OperationFailed if its commands fail or it does not answer
[[nodiscard]] Status bring_back(const Deployment& deployment,
                                const MemberAccess& access,
                                std::chrono::seconds limit);

}  // namespace plumb::migrate
