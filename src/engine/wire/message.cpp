// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/wire/message.h"

#include "base/limits.h"
#include "bson/validate.h"
#include "engine/wire/crc32c.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace plumb::wire {

namespace {

constexpr std::uint32_t kChecksumPresent = 1U << 0U;
constexpr std::uint32_t kMoreToCome = 1U << 1U;
constexpr std::uint32_t kRequiredFlags = 0xFFFFU;  // a receiver must know each of these bits
constexpr std::int32_t kQueryFailure = 1 << 1;
constexpr std::int32_t kAwaitCapable = 1 << 3;
constexpr char kBodySection = 0;
constexpr char kSequenceSection = 1;
constexpr std::size_t kChecksumBytes = 4;
constexpr std::size_t kLengthBytes = 4;
constexpr ErrorCode kSecondBody{40432};
constexpr ErrorCode kNoBody{40587};
constexpr ErrorCode kSequenceTwice{40431};

// requires at least 4 bytes at `offset`
std::int32_t load_int32(std::string_view bytes, std::size_t offset) {
    std::int32_t out = 0;
    std::memcpy(&out, bytes.data() + offset, sizeof out);
    return out;
}

void store_int32(ReplyPrefix& out, std::int32_t number) {
    std::memcpy(out.bytes.data() + out.size, &number, sizeof number);
    out.size += sizeof number;
}

Error broken(std::string_view what) {
    return fail(ErrorCode::ProtocolError, fmt::format("malformed message: {}", what));
}

// Walks forward over a message's bytes.
class Reader {
  public:
    explicit Reader(std::string_view rest) : rest_(rest) {}
    [[nodiscard]] bool at_end() const { return rest_.empty(); }
    [[nodiscard]] std::string_view rest() const { return rest_; }

    Result<std::int32_t> int32() {
        if (rest_.size() < sizeof(std::int32_t)) {
            return broken("it ends inside a number");
        }
        const std::int32_t out = load_int32(rest_, 0);
        rest_.remove_prefix(sizeof out);
        return out;
    }
    Result<std::string_view> text() {
        const std::size_t end = rest_.find('\0');
        if (end == std::string_view::npos) {
            return broken("a name without its end");
        }
        const std::string_view out = rest_.substr(0, end);
        rest_.remove_prefix(end + 1);
        return out;
    }
    Result<bson::View> document() {
        PLUMB_TRY(out, bson::validate(rest_));
        rest_.remove_prefix(out.byte_size());
        return out;
    }
    // requires !at_end()
    char byte() {
        const char out = rest_.front();
        rest_.remove_prefix(1);
        return out;
    }
    // requires bytes <= rest().size()
    Reader take(std::size_t bytes) {
        const Reader out{rest_.substr(0, bytes)};
        rest_.remove_prefix(bytes);
        return out;
    }

  private:
    std::string_view rest_;
};

Status check_checksum(std::string_view message) {
    if (message.size() < kHeaderBytes + sizeof(std::uint32_t) + kChecksumBytes) {
        return broken("no room for the checksum");
    }
    const std::size_t covered = message.size() - kChecksumBytes;
    std::uint32_t sent = 0;
    std::memcpy(&sent, message.data() + covered, sizeof sent);
    if (sent != crc32c(message.substr(0, covered))) {
        return fail(ErrorCode::ChecksumMismatch, "the message's checksum is wrong");
    }
    return {};
}

Status read_sequence(Reader& reader, Request& out) {
    if (reader.rest().size() < kLengthBytes) {
        return broken("a sequence without its length");
    }
    const std::int32_t length = load_int32(reader.rest(), 0);
    if (length < std::int32_t{kLengthBytes} + 1 ||
        static_cast<std::size_t>(length) > reader.rest().size()) {
        return broken("a sequence's length does not fit");
    }
    Reader section = reader.take(static_cast<std::size_t>(length));
    PLUMB_CHECK(section.int32());
    PLUMB_TRY(name, section.text());
    const auto same = std::ranges::find(out.sequences, name, &commands::DocumentSequence::name);
    if (same != out.sequences.end()) {
        return fail(kSequenceTwice, fmt::format("Duplicate document sequence: {}", name));
    }
    commands::DocumentSequence sequence;
    sequence.name = name;
    while (!section.at_end()) {
        PLUMB_TRY(document, section.document());
        sequence.documents.push_back(document);
    }
    out.sequences.push_back(std::move(sequence));
    return {};
}

}  // namespace

Header read_header(std::string_view bytes) {
    PLUMB_ASSERT(bytes.size() >= kHeaderBytes);
    Header out;
    out.length = load_int32(bytes, 0);
    out.request_id = load_int32(bytes, 4);
    out.response_to = load_int32(bytes, 8);
    out.op_code = load_int32(bytes, 12);
    return out;
}

Status check_length(const Header& header) {
    if (header.length < std::int32_t{kHeaderBytes} || header.length > kMessageBytesMax) {
        return fail(ErrorCode::InvalidLength,
                    fmt::format("a message of {} bytes; between {} and {} are allowed",
                                header.length,
                                kHeaderBytes,
                                kMessageBytesMax));
    }
    return {};
}

Result<Request> parse_op_msg(std::string_view message) {
    Reader reader{message.substr(kHeaderBytes)};
    PLUMB_TRY(flag_bits, reader.int32());
    const auto flags = static_cast<std::uint32_t>(flag_bits);
    if ((flags & kRequiredFlags & ~(kChecksumPresent | kMoreToCome)) != 0) {
        return broken("it has flags that nobody knows");
    }
    if ((flags & kChecksumPresent) != 0) {
        PLUMB_CHECK(check_checksum(message));
        reader = reader.take(reader.rest().size() - kChecksumBytes);
    }
    Request out;
    out.wants_reply = (flags & kMoreToCome) == 0;
    bool has_body = false;
    while (!reader.at_end()) {
        const char kind = reader.byte();
        if (kind == kSequenceSection) {
            PLUMB_CHECK(read_sequence(reader, out));
            continue;
        }
        if (kind != kBodySection) {
            return broken(fmt::format("a section of kind {}", static_cast<int>(kind)));
        }
        if (has_body) {
            return fail(kSecondBody, "Multiple body sections in message");
        }
        PLUMB_TRY(body, reader.document());
        out.command = body;
        has_body = true;
    }
    if (!has_body) {
        return fail(kNoBody, "OP_MSG messages must have a body");
    }
    return out;
}

Result<QueryRequest> parse_op_query(std::string_view message) {
    constexpr std::string_view kCommandCollection = ".$cmd";
    Reader reader{message.substr(kHeaderBytes)};
    PLUMB_CHECK(reader.int32());  // flags: none matters for a command
    PLUMB_TRY(ns, reader.text());
    PLUMB_CHECK(reader.int32());  // to skip
    PLUMB_CHECK(reader.int32());  // to return
    PLUMB_TRY(query, reader.document());
    if (!ns.ends_with(kCommandCollection)) {
        return fail(ErrorCode::IllegalOperation,
                    fmt::format("OP_QUERY on {} is not available; use the find command", ns));
    }
    QueryRequest out;
    out.database = ns.substr(0, ns.size() - kCommandCollection.size());
    out.command = query;
    for (const std::string_view wrapper : {"$query", "query"}) {
        const bool wrapped = !query.empty() && query.front().name == wrapper &&
                             query.front().value.type() == bson::Type::Document;
        if (wrapped) {
            out.command = query.front().value.as_document();
        }
    }
    return out;
}

ReplyPrefix op_msg_prefix(std::int32_t request_id,
                          std::int32_t response_to,
                          std::size_t document_bytes) {
    ReplyPrefix out;
    constexpr std::size_t kPrefixBytes = kHeaderBytes + 4 + 1;
    store_int32(out, static_cast<std::int32_t>(kPrefixBytes + document_bytes));
    store_int32(out, request_id);
    store_int32(out, response_to);
    store_int32(out, static_cast<std::int32_t>(OpCode::Message));
    store_int32(out, 0);
    out.bytes[out.size++] = kBodySection;
    return out;
}

ReplyPrefix op_reply_prefix(std::int32_t request_id,
                            std::int32_t response_to,
                            std::size_t document_bytes,
                            bool failed) {
    ReplyPrefix out;
    constexpr std::size_t kPrefixBytes = kHeaderBytes + 20;
    store_int32(out, static_cast<std::int32_t>(kPrefixBytes + document_bytes));
    store_int32(out, request_id);
    store_int32(out, response_to);
    store_int32(out, static_cast<std::int32_t>(OpCode::Reply));
    store_int32(out, failed ? kAwaitCapable | kQueryFailure : kAwaitCapable);
    store_int32(out, 0);  // the cursor, 64 bits: there is none
    store_int32(out, 0);
    store_int32(out, 0);  // starting from
    store_int32(out, 1);  // documents
    return out;
}

}  // namespace plumb::wire
