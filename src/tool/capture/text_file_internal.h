// SPDX-License-Identifier: GPL-3.0-or-later
// The text of a file or of standard input, decompressed if it begins as gzip does (several members
// after each other are one text, as rotated logs are joined).
//
//   TextFile text{"-"};
//   PLUMB_CHECK(text.open());
//   PLUMB_TRY(got, text.read(block.data(), block.size()));      // 0 at the end
//
// Memory   two blocks while packed, else none of its own.
// Threads  one thread.
#pragma once

#include "base/result.h"

#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::capture {

class TextFile {
  public:
    // `path`: "-" is standard input.
    explicit TextFile(std::filesystem::path path);
    TextFile(const TextFile&) = delete;
    TextFile& operator=(const TextFile&) = delete;
    ~TextFile();

    // errors  IoError naming the file
    [[nodiscard]] Status open();

    // Bytes put into `to`; 0 at the end. Packed data that is cut short or damaged ends the text,
    // and broken_off() says so: what came before it is good.
    //   errors  IoError naming the file
    [[nodiscard]] Result<std::size_t> read(char* to, std::size_t bytes);

    // Why the text ends before its end; empty if it does not.
    [[nodiscard]] const std::string& broken_off() const { return broken_off_; }
    // Bytes of the file itself that were read, for progress.
    [[nodiscard]] std::int64_t position() const { return position_; }

  private:
    Result<std::size_t> read_raw(char* to, std::size_t bytes);
    Result<std::size_t> read_packed(char* to, std::size_t bytes);
    Status start_unpacking();
    Error problem(std::string_view what) const;

    std::filesystem::path path_;
    int descriptor_ = -1;
    bool owns_ = false;
    bool packed_ = false;
    bool at_end_ = false;
    std::int64_t position_ = 0;
    std::string broken_off_;
    std::vector<char> raw_;   // what was read ahead: the first bytes, later packed data
    std::size_t raw_at_ = 0;  // how much of it is used
    z_stream stream_{};
    bool member_open_ = false;  // within a gzip member
};

}  // namespace plumb::capture
