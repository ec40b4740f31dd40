// SPDX-License-Identifier: GPL-3.0-or-later
// What can be read off a command template about how its work will grow. For examined.cpp.
//
// Threads  pure functions.
#pragma once

#include "bson/document.h"
#include "tool/rehearse/examined.h"
#include "tool/workload/workload.h"

namespace plumb::rehearse {

// Everything but what a plan says: scans, sorts.
[[nodiscard]] Traits traits_of(bson::View pattern, const workload::Workload& workload);

}  // namespace plumb::rehearse
