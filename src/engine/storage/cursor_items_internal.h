// SPDX-License-Identifier: GPL-3.0-or-later
// Keys and values of WiredTiger cursors with format `u`, as string views.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "engine/storage/wiredtiger_error_internal.h"

#include <wiredtiger.h>

#include <string_view>

namespace plumb::storage {

[[nodiscard]] inline WT_ITEM item_of(std::string_view bytes) {
    WT_ITEM item{};
    item.data = bytes.data();
    item.size = bytes.size();
    return item;
}

[[nodiscard]] inline std::string_view bytes_of(const WT_ITEM& item) {
    return {static_cast<const char*>(item.data), item.size};
}

// `bytes` must live until the cursor's next call.
inline void set_key(WT_CURSOR* cursor, std::string_view bytes) {
    const WT_ITEM item = item_of(bytes);
    cursor->set_key(cursor, &item);
}
inline void set_value(WT_CURSOR* cursor, std::string_view bytes) {
    const WT_ITEM item = item_of(bytes);
    cursor->set_value(cursor, &item);
}

// The current value; valid until the cursor's next call.
[[nodiscard]] inline Status get_value(WT_CURSOR* cursor, std::string_view& out) {
    WT_ITEM item{};
    PLUMB_CHECK(wiredtiger_status(cursor->get_value(cursor, &item), "reading a value"));
    out = bytes_of(item);
    return {};
}
[[nodiscard]] inline Status get_key(WT_CURSOR* cursor, std::string_view& out) {
    WT_ITEM item{};
    PLUMB_CHECK(wiredtiger_status(cursor->get_key(cursor, &item), "reading a key"));
    out = bytes_of(item);
    return {};
}

}  // namespace plumb::storage
