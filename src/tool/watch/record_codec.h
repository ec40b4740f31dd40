// SPDX-License-Identifier: GPL-3.0-or-later
// Records of a series file as bytes. A sample is written as differences to the one before, and what
// did not change takes a byte for many series together.
//
// Format   docs/formats/watch.md, version 1
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "tool/watch/series.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace plumb::watch {

// A watch began or went on.
struct SessionRecord {
    bson::Document facts;
};

using Record = std::variant<SessionRecord, SeriesInfo, Sample>;

// What the next sample is written against: the same on the writing and on the reading side.
struct DeltaState {
    std::int64_t at_ms = 0;
    std::vector<std::int64_t> values;  // by series; the last that was there
};

[[nodiscard]] std::string encode_session(bson::View facts);
[[nodiscard]] std::string encode_series(const SeriesInfo& info);
[[nodiscard]] std::string encode_sample(const Sample& sample, DeltaState& state);

// errors  FailedToParse: bytes that none of the above writes
[[nodiscard]] Result<Record> decode_record(std::string_view payload, DeltaState& state);

// Seven bits a byte, low ones first; the highest bit says that more follow.
void put_varint(std::string& out, std::uint64_t number);
// Takes a number off the front of `bytes`. errors: FailedToParse
[[nodiscard]] Result<std::uint64_t> take_varint(std::string_view& bytes);

// CRC-32 (polynomial 0xEDB88320), as in zip files.
[[nodiscard]] std::uint32_t crc32(std::string_view bytes);

}  // namespace plumb::watch
