// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/watch/series_file.h"

#include "tool/watch/time_text.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace plumb::watch {
namespace {

constexpr std::string_view kMagic{"PLWATCH\x01", 8};
constexpr std::size_t kCrcBytes = 4;
constexpr std::size_t kRecordBytesMax = std::size_t{16} * 1024 * 1024;

Error io_error(const std::filesystem::path& file, std::string_view what) {
    return fail(ErrorCode::IoError,
                fmt::format("{}: cannot {}: {}", file.string(), what, std::strerror(errno)));
}

std::string framed(std::string_view payload) {
    std::string out;
    put_varint(out, payload.size());
    const std::uint32_t crc = crc32(payload);
    for (unsigned shift = 0; shift < 32; shift += 8) {
        out += static_cast<char>((crc >> shift) & 0xFFU);
    }
    out += payload;
    return out;
}

std::uint32_t stored_crc(std::string_view bytes) {
    std::uint32_t crc = 0;
    for (std::size_t at = 0; at < kCrcBytes; ++at) {
        crc |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at])) << (8 * at);
    }
    return crc;
}

// What stands at the front of `rest`: a whole record, one that was cut short at the end of the
// file, or damage.
struct Frame {
    enum class State : std::uint8_t { Whole, Cut, Damaged } state = State::Cut;
    std::string_view payload{};
    std::size_t bytes = 0;
};

Frame next_frame(std::string_view rest) {
    std::string_view after = rest;
    const auto length = take_varint(after);
    if (!length.ok()) {
        return {.state = after.empty() ? Frame::State::Cut : Frame::State::Damaged};
    }
    if (*length > kRecordBytesMax) {
        return {.state = Frame::State::Damaged};
    }
    if (after.size() < kCrcBytes + *length) {
        return {};
    }
    const std::string_view payload = after.substr(kCrcBytes, *length);
    const std::size_t bytes = rest.size() - after.size() + kCrcBytes + *length;
    if (stored_crc(after) == crc32(payload) && !payload.empty()) {
        return {.state = Frame::State::Whole, .payload = payload, .bytes = bytes};
    }
    // The last write of a machine that lost its power: its length came to disk, its bytes did not.
    const bool nothing_follows = rest.find_first_not_of('\0', bytes) == std::string_view::npos;
    return {.state = nothing_follows ? Frame::State::Cut : Frame::State::Damaged};
}

Status visit(Record record, SeriesRead& read, const SeriesVisitor& visitor) {
    if (const auto* session = std::get_if<SessionRecord>(&record)) {
        ++read.sessions;
        return visitor.session ? visitor.session(session->facts) : Status{};
    }
    if (const auto* info = std::get_if<SeriesInfo>(&record)) {
        read.catalogue.id_of(*info);
        return read.catalogue.size() > kSeriesMax
                   ? Status{fail(ErrorCode::FailedToParse, "more series than there can be")}
                   : Status{};
    }
    const auto& sample = std::get<Sample>(record);
    if (sample.values.size() > read.catalogue.size()) {
        return fail(ErrorCode::FailedToParse, "a sample of series that have no name");
    }
    ++read.samples;
    return visitor.sample ? visitor.sample(read.catalogue, sample) : Status{};
}

Result<std::string> whole_file(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    if (!in) {
        return io_error(file, "read");
    }
    return std::string{std::istreambuf_iterator<char>{in}, {}};
}

}  // namespace

std::filesystem::path series_file(const std::filesystem::path& folder) {
    return folder / "series.plw";
}

Result<SeriesRead> read_series(const std::filesystem::path& file, const SeriesVisitor& visitor) {
    PLUMB_TRY(bytes, whole_file(file));
    const std::string_view all{bytes};
    const std::string_view head = all.substr(0, std::min(all.size(), kMagic.size()));
    if (head != kMagic.substr(0, head.size())) {
        return fail(ErrorCode::FailedToParse,
                    fmt::format("{}: no series of a watch, or of another version; move it away to "
                                "begin a new one",
                                file.string()));
    }
    SeriesRead read;
    std::size_t at = head.size() < kMagic.size() ? 0 : kMagic.size();
    while (at != 0 && at < all.size()) {
        const Frame frame = next_frame(all.substr(at));
        if (frame.state == Frame::State::Cut) {
            break;
        }
        const std::string where = fmt::format("{}: at byte {}", file.string(), at);
        if (frame.state == Frame::State::Damaged) {
            return fail(
                ErrorCode::FailedToParse,
                fmt::format("{}: damaged; move the file away to begin a new series", where));
        }
        PLUMB_TRY(record, decode_record(frame.payload, read.state).context(where));
        PLUMB_CHECK(visit(std::move(record), read, visitor).context(where));
        at += frame.bytes;
    }
    read.bytes = static_cast<std::int64_t>(at);
    read.bytes_dropped = static_cast<std::int64_t>(all.size() - at);
    return read;
}

namespace {

// Held until the returned descriptor is closed.
Result<int> take_lock(const std::filesystem::path& folder) {
    const std::filesystem::path path = folder / "lock";
    const int lock = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (lock < 0) {
        return io_error(path, "open");
    }
    if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
        char holder[32] = {};
        const ssize_t got = ::read(lock, holder, sizeof holder - 1);
        ::close(lock);
        return fail(ErrorCode::LockHeld,
                    fmt::format("{}: another watch writes this series (process {}); stop it, or "
                                "give this one its own --data",
                                folder.string(),
                                got > 0 ? holder : "unknown"));
    }
    const std::string mine = fmt::format("{}", ::getpid());
    if (::ftruncate(lock, 0) != 0 ||
        ::pwrite(lock, mine.data(), mine.size(), 0) != static_cast<ssize_t>(mine.size())) {
        ::close(lock);
        return io_error(path, "write");
    }
    return lock;
}

Status write_all(int file, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(file, bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR) {
            return io_error("series.plw", "write");
        }
        bytes.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(written, 0)));
    }
    return ::fdatasync(file) == 0 ? Status{} : Status{io_error("series.plw", "write")};
}

// "series-2026-01-27T043000Z.plw", with a number if that is taken.
std::filesystem::path unused_name(const std::filesystem::path& folder, std::int64_t now_ms) {
    std::string stamp = utc_text(now_ms);
    std::erase(stamp, ':');
    std::filesystem::path out = folder / fmt::format("series-{}.plw", stamp);
    for (int number = 2; std::filesystem::exists(out); ++number) {
        out = folder / fmt::format("series-{}-{}.plw", stamp, number);
    }
    return out;
}

}  // namespace

SeriesWriter::SeriesWriter(int lock, int file, SeriesRead read)
    : lock_(lock),
      file_(file),
      read_(std::move(read)),
      series_written_(read_.catalogue.size()),
      bytes_(read_.bytes) {}

SeriesWriter::~SeriesWriter() {
    ::close(file_);
    ::close(lock_);
}

Result<std::unique_ptr<SeriesWriter>> SeriesWriter::open(const std::filesystem::path& folder,
                                                         const SeriesVisitor& visitor) {
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    PLUMB_TRY(lock, take_lock(folder));
    const std::filesystem::path path = series_file(folder);
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (file < 0) {
        ::close(lock);
        return io_error(path, "open");
    }
    std::unique_ptr<SeriesWriter> writer{new SeriesWriter{lock, file, {}}};
    PLUMB_TRY(read, read_series(path, visitor));
    if (read.bytes_dropped > 0 && ::ftruncate(file, read.bytes) != 0) {
        return io_error(path, "cut the broken end off");
    }
    writer->read_ = std::move(read);
    writer->series_written_ = writer->read_.catalogue.size();
    writer->bytes_ = writer->read_.bytes;
    if (writer->bytes_ == 0) {
        PLUMB_CHECK(writer->write(std::string{kMagic}));
    }
    return writer;
}

Status SeriesWriter::write(const std::string& records) {
    if (Status written = write_all(file_, records); !written.ok()) {
        // Half a record must not stay in the middle of what a later write appends.
        return ::ftruncate(file_, bytes_) == 0 ? std::move(written)
                                               : Status{io_error("series.plw", "cut")};
    }
    bytes_ += static_cast<std::int64_t>(records.size());
    return {};
}

Status SeriesWriter::append_session(bson::View facts) {
    return write(framed(encode_session(facts)));
}

Status SeriesWriter::append(const Sample& sample) {
    std::string records;
    for (std::size_t id = series_written_; id < read_.catalogue.size(); ++id) {
        records += framed(encode_series(read_.catalogue.at(id)));
    }
    DeltaState next = read_.state;
    records += framed(encode_sample(sample, next));
    PLUMB_CHECK(write(records));
    read_.state = std::move(next);
    series_written_ = read_.catalogue.size();
    return {};
}

Result<std::optional<std::filesystem::path>> put_aside(const std::filesystem::path& folder,
                                                       std::int64_t now_ms) {
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    PLUMB_TRY(lock, take_lock(folder));
    std::optional<std::filesystem::path> aside;
    if (std::filesystem::exists(series_file(folder), failed)) {
        aside = unused_name(folder, now_ms);
        std::filesystem::rename(series_file(folder), *aside, failed);
    }
    ::close(lock);
    if (failed) {
        return fail(
            ErrorCode::IoError,
            fmt::format("cannot move {} away: {}", series_file(folder).string(), failed.message()));
    }
    return aside;
}

}  // namespace plumb::watch
