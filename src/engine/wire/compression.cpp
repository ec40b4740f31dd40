// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/wire/compression.h"

#include "base/limits.h"
#include "engine/commands/compressors.h"
#include "engine/wire/message.h"

#include <fmt/format.h>
#include <snappy-c.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace plumb::wire {

namespace {

constexpr std::size_t kOwnHeaderBytes = 4 + 4 + 1;  // opcode, length, compressor
constexpr int kZlibLevel = 6;
constexpr int kZstdLevel = 3;

// Fills `out`, whose size is what must come out. False if the bytes give anything else.
using Open = bool (*)(std::string_view from, std::string& out);
// The compressed bytes; empty on failure.
using Pack = std::string (*)(std::string_view from);

bool open_snappy(std::string_view from, std::string& out) {
    std::size_t length = 0;
    // Asked first: snappy writes as much as its own header says.
    if (snappy_uncompressed_length(from.data(), from.size(), &length) != SNAPPY_OK ||
        length != out.size()) {
        return false;
    }
    return snappy_uncompress(from.data(), from.size(), out.data(), &length) == SNAPPY_OK &&
           length == out.size();
}

std::string pack_snappy(std::string_view from) {
    std::size_t length = snappy_max_compressed_length(from.size());
    std::string out(length, '\0');
    if (snappy_compress(from.data(), from.size(), out.data(), &length) != SNAPPY_OK) {
        return {};
    }
    out.resize(length);
    return out;
}

// zlib takes bytes as unsigned char.
const Bytef* bytes_of(std::string_view text) {
    return reinterpret_cast<const Bytef*>(text.data());
}

bool open_zlib(std::string_view from, std::string& out) {
    uLongf length = out.size();
    uLong used = from.size();
    const int done =
        ::uncompress2(reinterpret_cast<Bytef*>(out.data()), &length, bytes_of(from), &used);
    return done == Z_OK && length == out.size() && used == from.size();
}

std::string pack_zlib(std::string_view from) {
    uLongf length = ::compressBound(from.size());
    std::string out(length, '\0');
    const int done = ::compress2(
        reinterpret_cast<Bytef*>(out.data()), &length, bytes_of(from), from.size(), kZlibLevel);
    if (done != Z_OK) {
        return {};
    }
    out.resize(length);
    return out;
}

bool open_zstd(std::string_view from, std::string& out) {
    const std::size_t got = ZSTD_decompress(out.data(), out.size(), from.data(), from.size());
    return ZSTD_isError(got) == 0 && got == out.size();
}

std::string pack_zstd(std::string_view from) {
    std::string out(ZSTD_compressBound(from.size()), '\0');
    const std::size_t got =
        ZSTD_compress(out.data(), out.size(), from.data(), from.size(), kZstdLevel);
    if (ZSTD_isError(got) != 0) {
        return {};
    }
    out.resize(got);
    return out;
}

struct CompressorRow {
    std::string_view name;
    Open open;
    Pack pack;
};
// In the order of commands::kCompressors, whose numbers begin with 1.
constexpr auto kRows = std::to_array<CompressorRow>({
    {"snappy", open_snappy, pack_snappy},
    {"zlib", open_zlib, pack_zlib},
    {"zstd", open_zstd, pack_zstd},
});
static_assert(std::ranges::equal(
    kRows, commands::kCompressors, {}, &CompressorRow::name, &commands::Compressor::name));

const CompressorRow* find_row(std::uint8_t id) {
    const auto known = std::ranges::find(commands::kCompressors, id, &commands::Compressor::id);
    return known == commands::kCompressors.end()
               ? nullptr
               : &kRows[static_cast<std::size_t>(known - commands::kCompressors.begin())];
}

std::int32_t load_int32(std::string_view bytes, std::size_t offset) {
    std::int32_t out = 0;
    std::memcpy(&out, bytes.data() + offset, sizeof out);
    return out;
}

void append_int32(std::string& out, std::int32_t number) {
    std::array<char, sizeof number> bytes{};
    std::memcpy(bytes.data(), &number, sizeof number);
    out.append(bytes.data(), bytes.size());
}

std::string header_bytes(const Header& like, std::size_t length, std::int32_t op_code) {
    std::string out;
    append_int32(out, static_cast<std::int32_t>(length));
    append_int32(out, like.request_id);
    append_int32(out, like.response_to);
    append_int32(out, op_code);
    return out;
}

Error broken(std::string_view what) {
    return fail(ErrorCode::ProtocolError, fmt::format("malformed compressed message: {}", what));
}

}  // namespace

Result<Decompressed> decompress(std::string_view message, std::size_t bytes_max) {
    if (message.size() < kHeaderBytes + kOwnHeaderBytes) {
        return broken("it is too short");
    }
    const Header header = read_header(message);
    const std::int32_t op_code = load_int32(message, kHeaderBytes);
    const std::int32_t length = load_int32(message, kHeaderBytes + 4);
    const auto id = static_cast<std::uint8_t>(message[kHeaderBytes + 8]);
    const CompressorRow* row = find_row(id);
    if (row == nullptr) {
        return broken(fmt::format("compressor {} is not known", id));
    }
    if (length < 0 || static_cast<std::size_t>(length) + kHeaderBytes > bytes_max) {
        return broken(fmt::format("{} bytes would come out; at most {} may", length, bytes_max));
    }
    std::string body(static_cast<std::size_t>(length), '\0');
    if (!row->open(message.substr(kHeaderBytes + kOwnHeaderBytes), body)) {
        return broken(fmt::format("no {} bytes of {} come out", length, row->name));
    }
    Decompressed out;
    out.message = header_bytes(header, kHeaderBytes + body.size(), op_code);
    out.message += body;
    out.compressor = id;
    return out;
}

Result<std::string> compress(std::uint8_t compressor, std::string_view message) {
    const CompressorRow* row = find_row(compressor);
    PLUMB_ASSERT(row != nullptr && message.size() >= kHeaderBytes);
    const Header header = read_header(message);
    const std::string_view body = message.substr(kHeaderBytes);
    const std::string packed = row->pack(body);
    if (packed.empty()) {
        return fail(ErrorCode::InternalError, fmt::format("{} cannot compress", row->name));
    }
    std::string out = header_bytes(header,
                                   kHeaderBytes + kOwnHeaderBytes + packed.size(),
                                   static_cast<std::int32_t>(OpCode::Compressed));
    append_int32(out, header.op_code);
    append_int32(out, static_cast<std::int32_t>(body.size()));
    out.push_back(static_cast<char>(compressor));
    out += packed;
    return out;
}

}  // namespace plumb::wire
