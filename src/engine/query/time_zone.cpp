// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/time_zone.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace plumb::query {

namespace {

constexpr std::string_view kZoneFolder = "/usr/share/zoneinfo/";
constexpr std::size_t kZoneFileBytesMax = 1 << 20;

// Big-endian numbers from the front of the bytes.
class ByteReader {
  public:
    explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

    std::int64_t number(std::size_t width) {
        if (bytes_.size() < width) {
            failed_ = true;
            return 0;
        }
        std::uint64_t value = 0;
        for (std::size_t index = 0; index < width; ++index) {
            value = (value << 8U) | static_cast<unsigned char>(bytes_[index]);
        }
        bytes_.remove_prefix(width);
        return width == 4 ? static_cast<std::int32_t>(value) : static_cast<std::int64_t>(value);
    }
    void skip(std::size_t bytes) {
        failed_ = failed_ || bytes > bytes_.size();
        bytes_.remove_prefix(std::min(bytes, bytes_.size()));
    }
    [[nodiscard]] std::string_view rest() const { return bytes_; }
    [[nodiscard]] bool failed() const { return failed_; }

  private:
    std::string_view bytes_;
    bool failed_ = false;
};

struct Header {
    char version = '\0';
    std::size_t utc_flags = 0;
    std::size_t wall_flags = 0;
    std::size_t leap_seconds = 0;
    std::size_t transitions = 0;
    std::size_t types = 0;
    std::size_t name_bytes = 0;

    // Bytes of the block behind the header, with times of this width.
    [[nodiscard]] std::size_t block_bytes(std::size_t width) const {
        return transitions * (width + 1) + types * 6 + name_bytes + leap_seconds * (width + 4) +
               wall_flags + utc_flags;
    }
};

std::optional<Header> read_header(ByteReader& reader) {
    if (!reader.rest().starts_with("TZif") || reader.rest().size() < 44) {
        return std::nullopt;
    }
    Header out;
    out.version = reader.rest()[4];
    reader.skip(20);
    for (std::size_t* count : {&out.utc_flags,
                               &out.wall_flags,
                               &out.leap_seconds,
                               &out.transitions,
                               &out.types,
                               &out.name_bytes}) {
        const std::int64_t number = reader.number(4);
        if (number < 0 || static_cast<std::size_t>(number) > kZoneFileBytesMax) {
            return std::nullopt;
        }
        *count = static_cast<std::size_t>(number);
    }
    return out;
}

// "+05:30", "-0800", "+5" as seconds.
std::optional<std::int64_t> parse_offset(std::string_view text) {
    if (text.empty() || (text.front() != '+' && text.front() != '-')) {
        return std::nullopt;
    }
    const bool negative = text.front() == '-';
    std::string digits;
    for (const char c : text.substr(1)) {
        if (c >= '0' && c <= '9') {
            digits.push_back(c);
        } else if (c != ':' || digits.size() != 2) {
            return std::nullopt;
        }
    }
    const bool colon = text.find(':') != std::string_view::npos;
    if (digits.size() != 4 && (digits.size() != 2 || colon)) {
        return std::nullopt;
    }
    const auto two = [&](std::size_t at) {
        return std::int64_t{digits[at] - '0'} * 10 + (digits[at + 1] - '0');
    };
    const std::int64_t seconds = two(0) * 3600 + (digits.size() == 4 ? two(2) * 60 : 0);
    return negative ? -seconds : seconds;
}

// A name that cannot lead out of the folder.
bool is_zone_name(std::string_view name) {
    const bool characters = std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '/' || c == '_' || c == '-' || c == '+';
    });
    return characters && !name.empty() && name.front() != '/' && name.size() < 64;
}

std::optional<std::string> read_zone_file(std::string_view name) {
    std::ifstream file{std::string{kZoneFolder} + std::string{name}, std::ios::binary};
    if (!file) {
        return std::nullopt;
    }
    std::string bytes(kZoneFileBytesMax, '\0');
    file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(file.gcount()));
    return bytes;
}

}  // namespace

std::optional<TimeZone> TimeZone::parse(std::string_view bytes) {
    ByteReader reader{bytes};
    auto header = read_header(reader);
    if (!header) {
        return std::nullopt;
    }
    std::size_t width = 4;
    if (header->version >= '2') {
        // The first block is for readers of 32 bits; a second one with 64 follows.
        reader.skip(header->block_bytes(4));
        header = read_header(reader);
        if (!header) {
            return std::nullopt;
        }
        width = 8;
    }
    TimeZone out;
    for (std::size_t index = 0; index < header->transitions && !reader.failed(); ++index) {
        out.transitions_.push_back({reader.number(width), 0});
    }
    std::vector<std::size_t> types;
    for (std::size_t index = 0; index < header->transitions && !reader.failed(); ++index) {
        types.push_back(static_cast<std::size_t>(reader.number(1)));
    }
    std::vector<std::int64_t> offsets;
    for (std::size_t index = 0; index < header->types && !reader.failed(); ++index) {
        offsets.push_back(reader.number(4));
        reader.skip(2);
    }
    if (reader.failed() || offsets.empty()) {
        return std::nullopt;
    }
    for (std::size_t index = 0; index < types.size(); ++index) {
        if (types[index] >= offsets.size()) {
            return std::nullopt;
        }
        out.transitions_[index].offset = offsets[types[index]];
    }
    out.first_offset_ = offsets.front();
    reader.skip(header->name_bytes + header->leap_seconds * (width + 4) + header->wall_flags +
                header->utc_flags);
    const std::string_view footer = reader.rest();
    if (width == 8 && footer.starts_with('\n')) {
        out.rule_ = parse_zone_rule(footer.substr(1, footer.find('\n', 1) - 1));
    }
    return out;
}

Result<std::shared_ptr<const TimeZone>> TimeZone::find(std::string_view name) {
    TimeZone zone;
    if (name.empty() || name == "UTC" || name == "GMT" || name == "Z") {
        return std::make_shared<const TimeZone>(zone);
    }
    if (const auto offset = parse_offset(name)) {
        zone.first_offset_ = *offset;
        return std::make_shared<const TimeZone>(zone);
    }
    const auto bytes = is_zone_name(name) ? read_zone_file(name) : std::nullopt;
    auto parsed = bytes ? parse(*bytes) : std::nullopt;
    if (!parsed) {
        return fail(ErrorCode{40485},
                    fmt::format("unrecognized time zone identifier: \"{}\"", name));
    }
    return std::make_shared<const TimeZone>(std::move(*parsed));
}

std::int64_t TimeZone::offset_at(std::int64_t ms) const {
    const std::int64_t seconds = ms >= 0 ? ms / 1000 : -((-ms + 999) / 1000);
    const auto next = std::upper_bound(
        transitions_.begin(),
        transitions_.end(),
        seconds,
        [](std::int64_t moment, const Transition& each) { return moment < each.at; });
    if (next == transitions_.end() && rule_) {
        return rule_->offset_at(seconds);
    }
    return next == transitions_.begin() ? first_offset_ : std::prev(next)->offset;
}

std::int64_t TimeZone::to_utc(std::int64_t wall_ms) const {
    // No zone is more than a day away, so the offsets a day before and after are all there can be.
    const std::int64_t before = offset_at(wall_ms - 86'400'000);
    const std::int64_t after = offset_at(wall_ms + 86'400'000);
    const std::int64_t guess = wall_ms - before * 1000;
    if (offset_at(guess) == before) {
        return guess;
    }
    const std::int64_t other = wall_ms - after * 1000;
    return offset_at(other) == after ? other : guess;
}

Result<const TimeZone*> TimeZoneCache::find(std::string_view name) const {
    const std::lock_guard lock{mutex_};
    if (const auto known = zones_.find(name); known != zones_.end()) {
        return known->second.get();
    }
    PLUMB_TRY(zone, TimeZone::find(name));
    return zones_.emplace(std::string{name}, std::move(zone)).first->second.get();
}

}  // namespace plumb::query
