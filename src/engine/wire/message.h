// SPDX-License-Identifier: GPL-3.0-or-later
// Messages of the wire protocol: bytes from a socket into a command, a reply into bytes.
//
//   Header header = read_header(bytes);                   // the first 16 bytes
//   PLUMB_CHECK(check_length(header));
//   PLUMB_TRY(request, parse_op_msg(bytes));              // all header.length bytes
//
// Format   MongoDB manual, "MongoDB Wire Protocol"; little-endian throughout
// Memory   a parsed request points into the message's bytes.
// Threads  pure functions.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "engine/commands/service.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::wire {

inline constexpr std::size_t kHeaderBytes = 16;

enum class OpCode : std::int32_t { Reply = 1, Query = 2004, Compressed = 2012, Message = 2013 };

struct Header {
    std::int32_t length = 0;  // of the whole message
    std::int32_t request_id = 0;
    std::int32_t response_to = 0;
    std::int32_t op_code = 0;
};

// requires at least kHeaderBytes bytes
[[nodiscard]] Header read_header(std::string_view bytes);
// errors  InvalidLength (16) for a length that is negative, too small or over kMessageBytesMax
[[nodiscard]] Status check_length(const Header& header);

// A request: one command document and the sequences beside it.
struct Request {
    bson::View command;
    std::vector<commands::DocumentSequence> sequences;
    bool wants_reply = true;  // false if moreToCome was set
};

// OP_MSG. `message` is the whole message, header included.
//   errors  InvalidBson (22); ProtocolError (17) for broken sections or unknown required flags;
//           40432 for two command documents, ChecksumMismatch for a wrong CRC-32C
[[nodiscard]] Result<Request> parse_op_msg(std::string_view message);

// OP_QUERY on a "….$cmd" collection: the old way to run a command, which drivers still greet by.
struct QueryRequest {
    std::string_view database;
    bson::View command;  // $query unwrapped, without $db
};
//   errors  as above; IllegalOperation (20) for a query on any other collection
[[nodiscard]] Result<QueryRequest> parse_op_query(std::string_view message);

// What stands before the document of a reply. OP_MSG: header, flags, section kind; OP_REPLY:
// header, flags, cursor, counts.
struct ReplyPrefix {
    std::array<char, 36> bytes{};
    std::size_t size = 0;
    [[nodiscard]] std::string_view view() const { return {bytes.data(), size}; }
};
[[nodiscard]] ReplyPrefix op_msg_prefix(std::int32_t request_id,
                                        std::int32_t response_to,
                                        std::size_t document_bytes);
[[nodiscard]] ReplyPrefix op_reply_prefix(std::int32_t request_id,
                                          std::int32_t response_to,
                                          std::size_t document_bytes,
                                          bool failed);

}  // namespace plumb::wire
