// SPDX-License-Identifier: GPL-3.0-or-later
// Sorted runs of index keys on disk, for builds that do not fit in memory. The file has no name (it
// is unlinked as soon as it is open), so nothing is left of it whatever happens.
//
// Threads  RunFile: one thread writes; readers from any thread once the run is written.
#pragma once

#include "base/result.h"
#include "engine/storage/key_buffer_internal.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace plumb::storage {

// A part of the file.
struct Run {
    std::int64_t offset = 0;
    std::int64_t bytes = 0;
};

class RunFile {
  public:
    // errors  IoError, OutOfDiskSpace
    [[nodiscard]] static Result<std::unique_ptr<RunFile>> create(
        const std::filesystem::path& directory);
    // Takes over an open file; use create().
    explicit RunFile(int descriptor) : descriptor_(descriptor) {}
    RunFile(const RunFile&) = delete;
    RunFile& operator=(const RunFile&) = delete;
    ~RunFile();

    // Appends a sorted buffer.
    [[nodiscard]] Result<Run> write(const KeyBuffer& buffer);

    [[nodiscard]] int descriptor() const { return descriptor_; }

  private:
    [[nodiscard]] Status flush();

    int descriptor_;
    std::int64_t end_ = 0;
    std::string pending_;
};

// Reads one run from its beginning to its end.
class RunReader {
  public:
    RunReader(int descriptor, Run run, std::size_t buffer_bytes);

    // Moves to the next key; false at the end. key() is valid until the next call.
    [[nodiscard]] Result<bool> next();
    [[nodiscard]] const SortKey& key() const { return key_; }

  private:
    [[nodiscard]] Status fill(std::size_t wanted);

    int descriptor_;
    std::int64_t offset_;
    std::int64_t end_;
    std::vector<char> buffer_;
    std::size_t begin_ = 0;  // of what is in the buffer and not yet shown
    std::size_t filled_ = 0;
    SortKey key_;
};

}  // namespace plumb::storage
