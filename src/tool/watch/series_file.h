// SPDX-License-Identifier: GPL-3.0-or-later
// The file a watch keeps: appended to only, readable after any crash.
//
//   PLUMB_TRY(writer, SeriesWriter::open(".plumbline/watch", visitor));   // takes the lock, reads
//   PLUMB_CHECK(writer->append(catalogue, sample));
//
// A record that a crash cut short is dropped when the file is opened next; damage in the middle is
// an error and never guessed over.
//
// Format   docs/formats/watch.md, version 1
// Threads  one thread. One writer a folder, by an flock that ends with its process.
#pragma once

#include "base/result.h"
#include "tool/watch/record_codec.h"
#include "tool/watch/series.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace plumb::watch {

// Who gets to hear what a file holds, in its order.
struct SeriesVisitor {
    std::function<Status(bson::View facts)> session;
    std::function<Status(const Catalogue& catalogue, const Sample& sample)> sample;
};

struct SeriesRead {
    Catalogue catalogue;
    DeltaState state;
    std::int64_t samples = 0;
    std::int64_t sessions = 0;
    std::int64_t bytes = 0;          // of whole records
    std::int64_t bytes_dropped = 0;  // of a record that was cut short at the end
};

// errors  IoError; FailedToParse naming file and place; what the visitor says
[[nodiscard]] Result<SeriesRead> read_series(const std::filesystem::path& file,
                                             const SeriesVisitor& visitor);

[[nodiscard]] std::filesystem::path series_file(const std::filesystem::path& folder);

class SeriesWriter {
  public:
    // Makes the folder and the file if they are not there; reads what is; drops a cut record.
    //   errors  LockHeld naming the process that watches; else as read_series
    [[nodiscard]] static Result<std::unique_ptr<SeriesWriter>> open(
        const std::filesystem::path& folder, const SeriesVisitor& visitor);
    SeriesWriter(const SeriesWriter&) = delete;
    SeriesWriter& operator=(const SeriesWriter&) = delete;
    ~SeriesWriter();

    // Each is on disk when it returns. errors: IoError
    [[nodiscard]] Status append_session(bson::View facts);
    [[nodiscard]] Status append(const Sample& sample);

    // Where new series are named; those not yet written go out with the next sample.
    [[nodiscard]] Catalogue& catalogue() { return read_.catalogue; }
    [[nodiscard]] const SeriesRead& found() const { return read_; }
    [[nodiscard]] std::int64_t file_bytes() const { return bytes_; }

  private:
    SeriesWriter(int lock, int file, SeriesRead read);
    [[nodiscard]] Status write(const std::string& records);

    int lock_ = -1;
    int file_ = -1;
    SeriesRead read_;
    std::size_t series_written_ = 0;
    std::int64_t bytes_ = 0;
};

// Puts the series of `folder` aside as series-DATE.plw, so that the next watch begins anew; nothing
// if there is none.
//   errors  LockHeld; IoError
[[nodiscard]] Result<std::optional<std::filesystem::path>> put_aside(
    const std::filesystem::path& folder, std::int64_t now_ms);

}  // namespace plumb::watch
