// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/capture/log_reader.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <vector>

namespace plumb::capture {
namespace {

constexpr std::size_t kBlockBytes = 1U << 20U;
// A server cuts its lines at 10 KB; what is longer than this is no log.
constexpr std::size_t kLineBytesMax = 4U << 20U;
constexpr std::int64_t kProgressEvery = 16 << 20U;

// A file's text: decompressed if it begins as gzip does. zlib reads plain files too, but through a
// copy of its own, so that plain ones are read straight.
class TextFile {
  public:
    explicit TextFile(const std::filesystem::path& path) : path_(path) {}
    TextFile(const TextFile&) = delete;
    TextFile& operator=(const TextFile&) = delete;
    ~TextFile() {
        if (packed_ != nullptr) {
            gzclose(packed_);
        } else if (descriptor_ >= 0) {
            ::close(descriptor_);
        }
    }

    Status open() {
        descriptor_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
        if (descriptor_ < 0) {
            return problem(std::strerror(errno));
        }
        unsigned char magic[2] = {};
        const bool packed =
            ::pread(descriptor_, magic, 2, 0) == 2 && magic[0] == 0x1F && magic[1] == 0x8B;
        if (packed) {
            packed_ = gzdopen(descriptor_, "rb");
            if (packed_ == nullptr) {
                return problem("out of memory");
            }
            gzbuffer(packed_, 1U << 17U);
        }
        return {};
    }

    // Bytes read into `to`; 0 at the end.
    Result<std::size_t> read(char* to, std::size_t bytes) {
        if (packed_ != nullptr) {
            const int got = gzread(packed_, to, static_cast<unsigned>(bytes));
            if (got < 0) {
                int number = 0;
                return problem(gzerror(packed_, &number));
            }
            return static_cast<std::size_t>(got);
        }
        const ssize_t got = ::read(descriptor_, to, bytes);
        if (got < 0) {
            return problem(std::strerror(errno));
        }
        return static_cast<std::size_t>(got);
    }

    // Where the file itself is read, for progress.
    [[nodiscard]] std::int64_t position() const {
        return packed_ != nullptr ? gzoffset(packed_) : ::lseek(descriptor_, 0, SEEK_CUR);
    }

  private:
    Error problem(std::string_view what) const {
        return fail(ErrorCode::IoError, fmt::format("{}: {}", path_.string(), what));
    }

    std::filesystem::path path_;
    int descriptor_ = -1;
    gzFile packed_ = nullptr;  // owns descriptor_ if it is not null
};

// Cuts blocks into lines; a line across two blocks is kept until its end comes.
class LineCutter {
  public:
    explicit LineCutter(LogLines& lines) : lines_(lines) {}

    void add(std::string_view block) {
        while (!block.empty()) {
            const std::size_t end = block.find('\n');
            if (end == std::string_view::npos) {
                keep(block);
                return;
            }
            const std::string_view part = block.substr(0, end);
            if (kept_.empty() && !too_long_) {
                lines_.add(part);
            } else {
                keep(part);
                give_kept();
            }
            block.remove_prefix(end + 1);
        }
    }

    void finish() {
        if (!kept_.empty() || too_long_) {
            give_kept();
        }
    }

  private:
    void keep(std::string_view part) {
        if (too_long_ || kept_.size() + part.size() > kLineBytesMax) {
            too_long_ = true;
            kept_.clear();
            return;
        }
        kept_ += part;
    }

    void give_kept() {
        lines_.add(too_long_ ? std::string_view{"?"} : std::string_view{kept_});
        kept_.clear();
        too_long_ = false;
    }

    LogLines& lines_;
    std::string kept_;
    bool too_long_ = false;
};

}  // namespace

Result<LogSummary> read_log(const std::filesystem::path& file,
                            ShapeTable& table,
                            const LogOptions& options) {
    std::error_code unknown_size;
    const auto size = std::filesystem::file_size(file, unknown_size);
    const std::int64_t total = unknown_size ? -1 : static_cast<std::int64_t>(size);
    TextFile text{file};
    PLUMB_CHECK(text.open());
    LogLines lines{table, options.database};
    LineCutter cutter{lines};
    std::vector<char> block(kBlockBytes);
    std::int64_t told = 0;
    while (true) {
        if (options.interrupt != nullptr) {
            PLUMB_CHECK(options.interrupt->check());
        }
        PLUMB_TRY(got, text.read(block.data(), block.size()));
        if (got == 0) {
            break;
        }
        cutter.add({block.data(), got});
        const std::int64_t done = text.position();
        if (options.on_progress && done - told >= kProgressEvery) {
            options.on_progress(done, total);
            told = done;
        }
    }
    cutter.finish();
    return lines.finish();
}

}  // namespace plumb::capture
