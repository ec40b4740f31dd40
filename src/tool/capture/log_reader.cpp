// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/capture/log_reader.h"

#include "tool/capture/text_file_internal.h"

#include <system_error>
#include <vector>

namespace plumb::capture {
namespace {

constexpr std::size_t kBlockBytes = 1U << 20U;
// A server cuts its lines at 10 KB; what is longer than this is no log.
constexpr std::size_t kLineBytesMax = 4U << 20U;
constexpr std::int64_t kProgressEvery = 16 << 20U;

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
    LogSummary summary = lines.finish();
    summary.broken_off = text.broken_off();
    return summary;
}

}  // namespace plumb::capture
