// SPDX-License-Identifier: GPL-3.0-or-later
// Records written to disk and read back in order, for what exceeds its memory.
//
//   PLUMB_TRY(file, SpillFile::create(folder));
//   PLUMB_CHECK(file.append(key, bytes));
//   PLUMB_CHECK(file.rewind());
//   PLUMB_TRY(record, file.next());
//
// The file has no name once it is open, so that nothing is left behind, not even by a crash.
//
// Threads  one thread.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace plumb::query {

class SpillFile {
  public:
    struct Record {
        std::string_view key;  // valid until the next call of next()
        std::string_view bytes;
    };

    // errors  IoError if the folder takes no file
    [[nodiscard]] static Result<SpillFile> create(const std::string& folder);
    SpillFile(SpillFile&& other) noexcept;
    SpillFile& operator=(SpillFile&& other) noexcept;
    SpillFile(const SpillFile&) = delete;
    SpillFile& operator=(const SpillFile&) = delete;
    ~SpillFile();

    // errors  OutOfDiskSpace, IoError
    [[nodiscard]] Status append(std::string_view key, std::string_view bytes);
    // Ends writing, or starts reading again.
    [[nodiscard]] Status rewind();
    // The next record; nothing at the end.
    [[nodiscard]] Result<std::optional<Record>> next();

  private:
    explicit SpillFile(int descriptor) : descriptor_(descriptor) {}
    [[nodiscard]] Status flush();
    // Makes at least `wanted` bytes available at the read position; false at the end of the file.
    [[nodiscard]] Result<bool> fill(std::size_t wanted);

    int descriptor_;
    std::string buffer_;        // written and not flushed, or read and not consumed
    std::size_t position_ = 0;  // in the buffer, while reading
};

}  // namespace plumb::query
