// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/wire/connection.h"

#include "base/limits.h"
#include "bson/builder.h"
#include "engine/commands/client_login.h"
#include "engine/commands/compressors.h"
#include "engine/wire/compression.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <exception>

namespace plumb::wire {

namespace {

// Every driver greets at once. As long for the TLS handshake and the first message together.
constexpr std::chrono::seconds kGreetingTime{30};
// Who has not logged in has nothing larger to say than a greeting and a log-in.
constexpr std::size_t kBeforeLoginBytesMax = 64 * 1024;

bson::Document error_document(const Error& error) {
    const ErrorCode code =
        error.code() == ErrorCode::ChecksumMismatch ? ErrorCode::ProtocolError : error.code();
    bson::Builder out;
    out.append("ok", 0.0);
    out.append("errmsg", error.message());
    out.append("code", static_cast<std::int32_t>(code));
    out.append("codeName", error_code_name(code));
    return out.finish();
}

bool succeeded(bson::View reply) {
    const bson::ValueView ok = reply.find("ok");
    return ok.type() == bson::Type::Double && ok.as_double() == 1.0;
}

// Secrets, and what surrounds them, must not be guessed from the sizes of replies.
bool may_compress(bson::View command) {
    return command.empty() || std::ranges::find(commands::kNeverCompressed, command.front().name) ==
                                  commands::kNeverCompressed.end();
}

// How a TLS handshake begins, taken for a message. A real message may begin with the same length.
bool looks_like_tls(std::string_view bytes, const Header& header) {
    constexpr auto kOpCodes =
        std::to_array<OpCode>({OpCode::Reply, OpCode::Query, OpCode::Compressed, OpCode::Message});
    return bytes[0] == 0x16 && bytes[1] == 0x03 &&
           std::ranges::find(kOpCodes, static_cast<OpCode>(header.op_code)) == kOpCodes.end();
}

}  // namespace

Connection::Connection(Socket socket, commands::ClientState client, const ConnectionSetup& setup)
    : socket_(std::move(socket)), client_(std::move(client)), setup_(setup) {
    setup_.watcher.add(client_.connection_id, socket_, kGreetingTime);
}

Connection::~Connection() {
    static_cast<void>(setup_.watcher.remove(client_.connection_id));
}

void Connection::serve() {
    try {
        serve_until_end();
    } catch (const std::exception& problem) {
        log("Connection ended by an exception", fail(ErrorCode::InternalError, problem.what()));
    }
    if (setup_.watcher.remove(client_.connection_id)) {
        log("Connection closed",
            fail(ErrorCode::NetworkTimeout,
                 fmt::format("no message came within {} s", kGreetingTime.count())));
    }
    setup_.service.client_gone(client_);
    stream_.reset();
    socket_.shut_down();
}

Status Connection::open_stream() {
    if (setup_.tls == nullptr) {
        stream_ = plain_stream(socket_);
        return {};
    }
    PLUMB_TRY(stream, setup_.tls->accept(socket_));
    stream_ = std::move(stream);
    return {};
}

void Connection::serve_until_end() {
    if (const Status opened = open_stream(); !opened.ok()) {
        log("Connection closed", opened.error());
        return;
    }
    while (true) {
        Header header;
        const auto message = next_message(header);
        if (!message.ok()) {
            refuse(header, message.error());
            return;
        }
        if (!*message) {
            return;
        }
        const auto goes_on = handle(header, **message);
        if (!goes_on.ok()) {
            refuse(header, goes_on.error());
            return;
        }
        if (!*goes_on) {
            return;
        }
        buffer_.consume(static_cast<std::size_t>(header.length));
    }
}

Result<bool> Connection::receive(std::size_t wanted) {
    while (buffer_.filled().size() < wanted) {
        const std::span<char> room = buffer_.room(wanted);
        PLUMB_TRY(got, stream_->read_some(room.data(), room.size()));
        if (got == 0) {
            return false;
        }
        buffer_.added(got);
    }
    return true;
}

Result<std::optional<std::string_view>> Connection::next_message(Header& header) {
    PLUMB_TRY(has_header, receive(kHeaderBytes));
    if (!has_header) {
        return std::optional<std::string_view>{};
    }
    header = read_header(buffer_.filled());
    if (!greeted_ && looks_like_tls(buffer_.filled(), header)) {
        return fail(ErrorCode::ProtocolError,
                    "the client speaks TLS, which this server was not started with");
    }
    PLUMB_CHECK(check_length(header));
    const auto length = static_cast<std::size_t>(header.length);
    if (length > message_bytes_max()) {
        return fail(ErrorCode::InvalidLength,
                    fmt::format("a message of {} bytes before the log-in", length));
    }
    PLUMB_TRY(has_all, receive(length));
    if (!has_all) {
        return std::optional<std::string_view>{};
    }
    if (!greeted_) {
        greeted_ = true;
        setup_.watcher.greeted(client_.connection_id);
    }
    setup_.traffic.bytes_in.fetch_add(header.length, std::memory_order_relaxed);
    setup_.traffic.requests.fetch_add(1, std::memory_order_relaxed);
    return std::optional{buffer_.filled().substr(0, length)};
}

std::size_t Connection::message_bytes_max() const {
    const bool stranger = setup_.require_login && !commands::is_logged_in(client_);
    return stranger ? kBeforeLoginBytesMax : std::size_t{kMessageBytesMax};
}

Result<bool> Connection::handle(const Header& header, std::string_view message) {
    switch (static_cast<OpCode>(header.op_code)) {
        case OpCode::Message:
            return handle_op_msg(header, message);
        case OpCode::Query:
            return handle_op_query(header, message);
        case OpCode::Compressed:
            return handle_compressed(message);
        case OpCode::Reply:
            break;
    }
    // The old opcodes have no reply in which one could complain.
    log("Connection closed: unknown opcode",
        fail(ErrorCode::ProtocolError, fmt::format("opcode {}", header.op_code)));
    return false;
}

Result<bool> Connection::handle_compressed(std::string_view message) {
    PLUMB_TRY(inner, decompress(message, message_bytes_max()));
    const Header header = read_header(inner.message);
    const bool nested = header.op_code == static_cast<std::int32_t>(OpCode::Compressed);
    if (nested) {
        return fail(ErrorCode::ProtocolError, "a compressed message inside of another");
    }
    reply_compressor_ = inner.compressor;
    auto goes_on = handle(header, inner.message);
    reply_compressor_ = 0;
    return goes_on;
}

Result<bool> Connection::handle_op_msg(const Header& header, std::string_view message) {
    PLUMB_TRY(request, parse_op_msg(message));
    if (!may_compress(request.command)) {
        reply_compressor_ = 0;
    }
    const bson::Document reply = setup_.service.run(client_, request.command, request.sequences);
    if (!request.wants_reply) {
        return true;
    }
    const ReplyPrefix prefix =
        op_msg_prefix(next_reply_id_++, header.request_id, reply.view().byte_size());
    return send(prefix, reply).ok();
}

Result<bool> Connection::handle_op_query(const Header& header, std::string_view message) {
    PLUMB_TRY(query, parse_op_query(message));
    bson::Builder command;
    command.append_all(query.command);
    if (!query.command.has("$db")) {
        command.append("$db", query.database);
    }
    if (!may_compress(query.command)) {
        reply_compressor_ = 0;
    }
    const bson::Document reply = setup_.service.run(client_, command.finish(), {});
    const ReplyPrefix prefix = op_reply_prefix(
        next_reply_id_++, header.request_id, reply.view().byte_size(), !succeeded(reply));
    return send(prefix, reply).ok();
}

Status Connection::send(const ReplyPrefix& prefix, bson::View document) {
    if (reply_compressor_ == 0) {
        return send_bytes(prefix.view(), document.raw());
    }
    PLUMB_TRY(packed,
              compress(reply_compressor_, fmt::format("{}{}", prefix.view(), document.raw())));
    return send_bytes(packed, {});
}

Status Connection::send_bytes(std::string_view first, std::string_view second) {
    PLUMB_CHECK(stream_->write_both(first, second));
    setup_.traffic.bytes_out.fetch_add(static_cast<std::int64_t>(first.size() + second.size()),
                                       std::memory_order_relaxed);
    return {};
}

// Says what was wrong if there is somebody to hear it; the connection ends in any case, because
// where the next message begins is no longer certain.
void Connection::refuse(const Header& header, const Error& error) {
    log("Connection closed", error);
    if (error.code() == ErrorCode::IoError) {
        return;
    }
    const bson::Document reply = error_document(error);
    const std::size_t bytes = reply.view().byte_size();
    const bool old_form = header.op_code == static_cast<std::int32_t>(OpCode::Query);
    const ReplyPrefix prefix =
        old_form ? op_reply_prefix(next_reply_id_++, header.request_id, bytes, true)
                 : op_msg_prefix(next_reply_id_++, header.request_id, bytes);
    static_cast<void>(send(prefix, reply));
}

void Connection::log(std::string_view message, const Error& error) {
    bson::Builder attributes;
    attributes.append("remote", client_.remote_address);
    attributes.append("connectionId", client_.connection_id);
    attributes.append("error", error.message());
    setup_.service.log(commands::Severity::Warning,
                       "NETWORK",
                       fmt::format("conn{}", client_.connection_id),
                       message,
                       attributes.finish_view());
}

}  // namespace plumb::wire
