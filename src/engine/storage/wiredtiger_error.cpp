// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/wiredtiger_error_internal.h"

#include <fmt/format.h>
#include <wiredtiger.h>

#include <cerrno>

namespace plumb::storage {

namespace {

ErrorCode code_of(int wiredtiger_code) {
    switch (wiredtiger_code) {
        case WT_ROLLBACK:
            return ErrorCode::WriteConflict;
        case WT_DUPLICATE_KEY:
            return ErrorCode::DuplicateKey;
        case ENOSPC:
        case EDQUOT:
            return ErrorCode::OutOfDiskSpace;
        case EINVAL:
        case WT_NOTFOUND:
        case WT_PANIC:
        case WT_RUN_RECOVERY:
            return ErrorCode::InternalError;
        default:
            return ErrorCode::IoError;
    }
}

}  // namespace

Error wiredtiger_error(int code, std::string_view doing) {
    if (code == WT_ROLLBACK) {
        return fail(ErrorCode::WriteConflict,
                    "the operation met another write of the same data; run it again");
    }
    return fail(code_of(code), fmt::format("{}: {}", doing, wiredtiger_strerror(code)));
}

}  // namespace plumb::storage
