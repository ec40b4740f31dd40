// SPDX-License-Identifier: GPL-3.0-or-later
// WiredTiger's return codes as our errors.
//
//   PLUMB_CHECK(wiredtiger_status(cursor->insert(cursor), "inserting a record"));
//
// Threads  pure functions.
#pragma once

#include "base/result.h"

#include <string_view>

namespace plumb::storage {

// The error of a code that is not 0; `doing` says what was tried.
//   codes  WriteConflict for WT_ROLLBACK, OutOfDiskSpace for a full disk, IoError for the rest of
//          the operating system's, InternalError for what WiredTiger should never say to us
[[nodiscard]] Error wiredtiger_error(int code, std::string_view doing);

[[nodiscard]] inline Status wiredtiger_status(int code, std::string_view doing) {
    if (code == 0) [[likely]] {
        return {};
    }
    return wiredtiger_error(code, doing);
}

}  // namespace plumb::storage
