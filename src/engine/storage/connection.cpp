// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/limits.h"
#include "engine/storage/connection_internal.h"
#include "engine/storage/wiredtiger_error_internal.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

namespace plumb::storage {

namespace {

constexpr std::int64_t kCacheBytesMin = 8LL * 1024 * 1024;

// One session for each connection's operation, as many again for catalog changes inside of them,
// and some for our own threads and WiredTiger's.
constexpr int kSessionsMax = 2 * kConnectionsMax + 100;

std::string config_text(std::int64_t cache_bytes) {
    // eviction_dirty_*: changed pages wait for the checkpoint as long as there is room. With
    // WiredTiger's own 5 % and 20 % random inserts into several indexes write the same pages again
    // and again, at a third of the speed.
    // file_max: the last journal file is read to its end at each start, also where it is still
    // empty.
    // cache_cursors: sessions keep their cursors themselves; kept twice, they would keep a dropped
    // table's files open.
    return fmt::format(
        "create,config_base=false,use_environment=false,cache_cursors=false,"
        "cache_size={},session_max={},statistics=(fast),"
        "log=(enabled=true,path=journal,compressor=snappy,file_max=16MB,prealloc=false),"
        "transaction_sync=(enabled=false,method=fsync),"
        "eviction=(threads_min=1,threads_max=4),eviction_dirty_target=60,eviction_dirty_trigger=80,"
        "file_manager=(close_idle_time=600,close_handle_minimum=1000),"
        "extensions=[{}]",
        std::max(cache_bytes, kCacheBytesMin),
        kSessionsMax,
        PLUMB_WIREDTIGER_SNAPPY);
}

}  // namespace

int Connection::on_error(WT_EVENT_HANDLER* handler,
                         WT_SESSION* /*session*/,
                         int error,
                         const char* message) {
    auto* events = reinterpret_cast<Events*>(handler);
    const std::lock_guard lock{events->mutex};
    if (error == WT_PANIC) {
        // The message before it says what went wrong, and with which file.
        std::fprintf(
            stderr,
            "plumb storage: the data files can no longer be read or written safely: %s (%s). The "
            "process ends and leaves them as they are; the next start recovers every write that "
            "was acknowledged as journaled, once a full disk has room again or a damaged file is "
            "replaced from a backup.\n",
            events->last_message.c_str(),
            message);
        std::_Exit(static_cast<int>(ExitCode::NoServer));
    }
    events->last_message = message;
    return 0;
}

int Connection::on_message(WT_EVENT_HANDLER* /*handler*/,
                           WT_SESSION* /*session*/,
                           const char* /*message*/) {
    return 0;
}

Error Connection::open_error(int code, const std::filesystem::path& directory) {
    const std::lock_guard lock{events_.mutex};
    if (code == EBUSY) {
        return fail(ErrorCode::DataDirectoryInUse,
                    fmt::format("{} is in use by another process; stop that one, or name another "
                                "directory",
                                directory.string()));
    }
    return wiredtiger_error(code,
                            fmt::format("opening the data directory {}{}{}",
                                        directory.string(),
                                        events_.last_message.empty() ? "" : ": ",
                                        events_.last_message));
}

Error Connection::file_error(int code, const std::filesystem::path& file) {
    const std::lock_guard lock{events_.mutex};
    return wiredtiger_error(code,
                            fmt::format("{} is damaged or missing; replace the data directory "
                                        "from a backup: {}",
                                        file.string(),
                                        events_.last_message));
}

Result<std::unique_ptr<Connection>> Connection::open(const std::filesystem::path& directory,
                                                     std::int64_t cache_bytes) {
    auto connection = std::make_unique<Connection>();
    connection->events_.handler.handle_error = on_error;
    connection->events_.handler.handle_message = on_message;
    const int code = wiredtiger_open(directory.c_str(),
                                     &connection->events_.handler,
                                     config_text(cache_bytes).c_str(),
                                     &connection->connection_);
    if (code != 0) {
        connection->connection_ = nullptr;
        return connection->open_error(code, directory);
    }
    return connection;
}

Connection::~Connection() {
    if (connection_ != nullptr) {
        // What could not be written now is in the journal and comes back at the next start.
        static_cast<void>(connection_->close(connection_, nullptr));
    }
}

}  // namespace plumb::storage
