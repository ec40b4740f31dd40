// SPDX-License-Identifier: GPL-3.0-or-later
// A server's log as a source of shapes: JSON lines (4.4 and newer) and the older text form, plain
// or gzipped, told apart line by line.
//
//   ShapeTable table;
//   PLUMB_TRY(summary, read_log("mongod.log.gz", table, {}));
//
// A line is passed over once; a command is parsed only if its skeleton (the command with its
// constants masked) has not been seen, so that reading is bound by memory speed.
//
// Memory   bounded, whatever the file's size: one block, the shapes, and at most kSkeletonsMax
//          skeletons.
// Threads  one thread.
#pragma once

#include "base/interrupt.h"
#include "base/result.h"
#include "tool/capture/shape_table.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace plumb::capture {

struct LogSummary {
    std::int64_t bytes = 0;  // of text, after decompression
    std::int64_t lines = 0;
    std::int64_t operations = 0;  // that became calls of shapes or later batches of them
    std::int64_t ignored = 0;     // operations that ask no collection
    std::int64_t truncated = 0;   // commands that the server cut short: not counted as calls
    std::int64_t malformed = 0;
    std::int64_t own = 0;  // of Plumbline's own connections (app_name.h): no application's workload
    std::int64_t first_ms = 0;  // times of the first and the last operation, since the epoch
    std::int64_t last_ms = 0;
    std::string broken_off;  // why a packed file ends before its end; empty if it does not
};

struct LogOptions {
    std::string database;  // only its operations; empty: all but admin, config and local
    // Called every few megabytes with the bytes read of the file so far and its size (-1: not
    // known).
    std::function<void(std::int64_t done, std::int64_t total)> on_progress;
    Interrupt* interrupt = nullptr;  // not owned
};

// `file`: "-" is standard input. What has been read so far goes into `table` and counts also if an
// error ends the reading.
//   errors  IoError naming the file; Interrupted
[[nodiscard]] Result<LogSummary> read_log(const std::filesystem::path& file,
                                          ShapeTable& table,
                                          const LogOptions& options);

// Lines that are there already, for pipes and tests: add() any number of whole lines, then
// finish().
class LogLines {
  public:
    LogLines(ShapeTable& table, std::string database);
    ~LogLines();
    LogLines(const LogLines&) = delete;
    LogLines& operator=(const LogLines&) = delete;

    void add(std::string_view line);
    // Where calls a minute are known now that the time is.
    LogSummary finish();

    static constexpr std::size_t kSkeletonsMax = 1U << 17U;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace plumb::capture
