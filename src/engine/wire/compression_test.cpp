// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/wire/compression.h"

#include "base/limits.h"
#include "engine/commands/compressors.h"
#include "engine/wire/message.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>

namespace plumb::wire {
namespace {

void put_int32(std::string& bytes, std::size_t offset, std::int32_t number) {
    std::memcpy(bytes.data() + offset, &number, sizeof number);
}

// An OP_MSG's header and this many bytes of body.
std::string message(std::size_t body_bytes) {
    std::string out(kHeaderBytes, '\0');
    for (std::size_t at = 0; at < body_bytes; ++at) {
        out.push_back(static_cast<char>(at % 7));
    }
    put_int32(out, 0, static_cast<std::int32_t>(out.size()));
    put_int32(out, 4, 11);
    put_int32(out, 12, static_cast<std::int32_t>(OpCode::Message));
    return out;
}

std::string packed(std::uint8_t compressor, const std::string& plain) {
    auto out = compress(compressor, plain);
    PLUMB_ASSERT(out.ok());
    return std::move(out).value();
}

TEST(Compression, EachCompressorReadsWhatItWrites) {
    for (const commands::Compressor& compressor : commands::kCompressors) {
        for (const std::size_t bytes : {std::size_t{1}, std::size_t{100}, std::size_t{300'000}}) {
            const std::string plain = message(bytes);
            const std::string sent = packed(compressor.id, plain);
            const Header header = read_header(sent);
            EXPECT_EQ(header.op_code, static_cast<std::int32_t>(OpCode::Compressed));
            EXPECT_EQ(static_cast<std::size_t>(header.length), sent.size());
            const auto opened = decompress(sent, std::size_t{kMessageBytesMax});
            ASSERT_TRUE(opened.ok()) << compressor.name;
            EXPECT_EQ(opened->message, plain);
            EXPECT_EQ(opened->compressor, compressor.id);
        }
    }
}

TEST(Compression, RefusesMoreThanTheLimitBeforeItAllocates) {
    for (const commands::Compressor& compressor : commands::kCompressors) {
        const std::string sent = packed(compressor.id, message(1000));
        EXPECT_TRUE(decompress(sent, kHeaderBytes + 1000).ok());
        EXPECT_FALSE(decompress(sent, kHeaderBytes + 999).ok());
    }
}

TEST(Compression, RefusesALengthThatDoesNotComeOut) {
    constexpr std::size_t kLengthAt = kHeaderBytes + 4;
    for (const commands::Compressor& compressor : commands::kCompressors) {
        for (const std::int32_t wrong : {999, 1001, 0, -1, 2'000'000'000}) {
            std::string sent = packed(compressor.id, message(1000));
            put_int32(sent, kLengthAt, wrong);
            const auto opened = decompress(sent, std::size_t{kMessageBytesMax});
            ASSERT_FALSE(opened.ok()) << compressor.name << ' ' << wrong;
            EXPECT_EQ(opened.error().code(), ErrorCode::ProtocolError);
        }
    }
}

TEST(Compression, RefusesBytesOfNoCompressor) {
    for (const int compressor : {0, 1, 2, 3, 4, 255}) {
        std::string sent = packed(1, message(1000));
        sent[kHeaderBytes + 8] = static_cast<char>(compressor);
        for (std::size_t at = kHeaderBytes + 9; at < sent.size(); ++at) {
            sent[at] = static_cast<char>(0xF7);
        }
        EXPECT_FALSE(decompress(sent, std::size_t{kMessageBytesMax}).ok());
    }
    EXPECT_FALSE(decompress(message(8), std::size_t{kMessageBytesMax}).ok());
}

}  // namespace
}  // namespace plumb::wire
