// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/wire/message.h"

#include "base/limits.h"
#include "bson/builder.h"
#include "engine/wire/crc32c.h"

#include <gtest/gtest.h>

#include <cstring>

namespace plumb::wire {
namespace {

std::string int32(std::int32_t number) {
    std::string out(4, '\0');
    std::memcpy(out.data(), &number, 4);
    return out;
}

std::string document(std::string_view name, std::int32_t number) {
    bson::Builder builder;
    builder.append(name, number);
    return builder.finish().bytes();
}

std::string message(OpCode code, const std::string& body) {
    return int32(static_cast<std::int32_t>(kHeaderBytes + body.size())) + int32(7) + int32(0) +
           int32(static_cast<std::int32_t>(code)) + body;
}

std::string op_msg(std::int32_t flags, const std::string& sections) {
    return message(OpCode::Message, int32(flags) + sections);
}

std::string body_section(const std::string& bytes) {
    return std::string(1, '\0') + bytes;
}

std::string sequence_section(const std::string& name, const std::string& documents) {
    const auto length = static_cast<std::int32_t>(4 + name.size() + 1 + documents.size());
    return std::string(1, '\1') + int32(length) + name + std::string(1, '\0') + documents;
}

TEST(Message, ReadsABodyAndItsSequences) {
    const std::string bytes =
        op_msg(0,
               body_section(document("insert", 1)) +
                   sequence_section("documents", document("a", 1) + document("b", 2)));
    const auto request = parse_op_msg(bytes);
    ASSERT_TRUE(request.ok());
    EXPECT_EQ(request->command.front().name, "insert");
    ASSERT_EQ(request->sequences.size(), 1U);
    EXPECT_EQ(request->sequences[0].name, "documents");
    ASSERT_EQ(request->sequences[0].documents.size(), 2U);
    EXPECT_EQ(request->sequences[0].documents[1].front().name, "b");
    EXPECT_TRUE(request->wants_reply);
}

TEST(Message, ReadsABodyBehindItsSequence) {
    const auto request = parse_op_msg(
        op_msg(0, sequence_section("documents", "") + body_section(document("insert", 1))));
    ASSERT_TRUE(request.ok());
    EXPECT_TRUE(request->sequences[0].documents.empty());
}

TEST(Message, MoreToComeWantsNoReply) {
    const auto request = parse_op_msg(op_msg(2, body_section(document("insert", 1))));
    ASSERT_TRUE(request.ok());
    EXPECT_FALSE(request->wants_reply);
}

TEST(Message, IgnoresFlagsThatAreOptional) {
    EXPECT_TRUE(parse_op_msg(op_msg(1 << 16, body_section(document("hello", 1)))).ok());
}

TEST(Message, ChecksAChecksum) {
    std::string bytes = op_msg(1, body_section(document("ping", 1)) + std::string(4, '\0'));
    const std::uint32_t sum = crc32c(std::string_view{bytes}.substr(0, bytes.size() - 4));
    std::memcpy(bytes.data() + bytes.size() - 4, &sum, 4);
    EXPECT_TRUE(parse_op_msg(bytes).ok());
    bytes.back() = static_cast<char>(bytes.back() ^ 1);
    const auto wrong = parse_op_msg(bytes);
    ASSERT_FALSE(wrong.ok());
    EXPECT_EQ(wrong.error().code(), ErrorCode::ChecksumMismatch);
}

struct MalformedCase {
    const char* name;
    std::string bytes;
    ErrorCode code;
};

std::string with_length(std::string document_bytes, std::int32_t length) {
    std::memcpy(document_bytes.data(), &length, 4);
    return document_bytes;
}

TEST(Message, RefusesWhatIsMalformed) {
    const std::string ping = document("ping", 1);
    const MalformedCase cases[] = {
        {"no flags", message(OpCode::Message, "ab"), ErrorCode::ProtocolError},
        {"no section", op_msg(0, ""), ErrorCode{40587}},
        {"required flag 2", op_msg(4, body_section(ping)), ErrorCode::ProtocolError},
        {"required flag 15", op_msg(1 << 15, body_section(ping)), ErrorCode::ProtocolError},
        {"section kind 2", op_msg(0, "\2" + ping), ErrorCode::ProtocolError},
        {"two bodies", op_msg(0, body_section(ping) + body_section(ping)), ErrorCode{40432}},
        {"empty body section", op_msg(0, body_section("")), ErrorCode::InvalidBson},
        {"body cut", op_msg(0, body_section(ping.substr(0, 9))), ErrorCode::InvalidBson},
        {"body longer than message",
         op_msg(0, body_section(with_length(ping, 1000))),
         ErrorCode::InvalidBson},
        {"negative document length",
         op_msg(0, body_section(with_length(ping, -5))),
         ErrorCode::InvalidBson},
        {"document of four bytes", op_msg(0, body_section(int32(4))), ErrorCode::InvalidBson},
        {"bytes behind the body", op_msg(0, body_section(ping) + "\7"), ErrorCode::ProtocolError},
        {"sequence without length", op_msg(0, std::string("\1ab")), ErrorCode::ProtocolError},
        {"sequence length negative",
         op_msg(0, body_section(ping) + "\1" + int32(-1) + "documents" + '\0'),
         ErrorCode::ProtocolError},
        {"sequence length too large",
         op_msg(0, body_section(ping) + "\1" + int32(5000) + "documents" + '\0'),
         ErrorCode::ProtocolError},
        {"sequence name without end",
         op_msg(0, body_section(ping) + "\1" + int32(7) + "abc"),
         ErrorCode::ProtocolError},
        {"broken document in sequence",
         op_msg(0, body_section(ping) + sequence_section("documents", with_length(ping, 90))),
         ErrorCode::InvalidBson},
        {"same sequence twice",
         op_msg(0,
                body_section(ping) + sequence_section("documents", ping) +
                    sequence_section("documents", ping)),
         ErrorCode{40431}},
        {"checksum without room", op_msg(1, "ab"), ErrorCode::ProtocolError},
    };
    for (const MalformedCase& malformed : cases) {
        const auto request = parse_op_msg(malformed.bytes);
        ASSERT_FALSE(request.ok()) << malformed.name;
        EXPECT_EQ(request.error().code(), malformed.code) << malformed.name;
    }
}

TEST(Message, ChecksTheLengthOfAMessage) {
    const auto with = [](std::int32_t length) {
        return check_length({.length = length, .op_code = 2013}).ok();
    };
    EXPECT_TRUE(with(16));
    EXPECT_TRUE(with(kMessageBytesMax));
    EXPECT_FALSE(with(15));
    EXPECT_FALSE(with(0));
    EXPECT_FALSE(with(-1));
    EXPECT_FALSE(with(kMessageBytesMax + 1));
    EXPECT_FALSE(with(2'000'000'000));
}

std::string op_query(const std::string& ns, const std::string& document_bytes) {
    return message(OpCode::Query,
                   int32(0) + ns + std::string(1, '\0') + int32(0) + int32(-1) + document_bytes);
}

TEST(Message, ReadsACommandFromAnOldQuery) {
    const std::string plain_bytes = op_query("admin.$cmd", document("isMaster", 1));
    const auto plain = parse_op_query(plain_bytes);
    ASSERT_TRUE(plain.ok());
    EXPECT_EQ(plain->database, "admin");
    EXPECT_EQ(plain->command.front().name, "isMaster");

    bson::Builder wrapped;
    wrapped.begin_document("$query").append("isMaster", 1).end();
    wrapped.begin_document("$readPreference").append("mode", "primary").end();
    const std::string wrapped_bytes = op_query("admin.$cmd", wrapped.finish().bytes());
    const auto unwrapped = parse_op_query(wrapped_bytes);
    ASSERT_TRUE(unwrapped.ok());
    EXPECT_EQ(unwrapped->command.front().name, "isMaster");
}

TEST(Message, RefusesOldQueriesOnCollections) {
    const auto query = parse_op_query(op_query("shop.orders", document("a", 1)));
    ASSERT_FALSE(query.ok());
    EXPECT_EQ(query.error().code(), ErrorCode::IllegalOperation);
    EXPECT_FALSE(parse_op_query(message(OpCode::Query, int32(0) + "admin.$cmd")).ok());
}

TEST(Message, WritesPrefixes) {
    const ReplyPrefix prefix = op_msg_prefix(3, 9, 100);
    const Header header = read_header(prefix.view());
    EXPECT_EQ(prefix.size, 21U);
    EXPECT_EQ(header.length, 121);
    EXPECT_EQ(header.request_id, 3);
    EXPECT_EQ(header.response_to, 9);
    EXPECT_EQ(header.op_code, 2013);

    const ReplyPrefix old_prefix = op_reply_prefix(4, 9, 100, false);
    EXPECT_EQ(old_prefix.size, 36U);
    EXPECT_EQ(read_header(old_prefix.view()).length, 136);
    EXPECT_EQ(read_header(old_prefix.view()).op_code, 1);
}

}  // namespace
}  // namespace plumb::wire
