// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/wire/connection.h"

#include "bson/builder.h"

#include <fmt/format.h>

#include <exception>

namespace plumb::wire {

namespace {

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

}  // namespace

Connection::Connection(Socket socket,
                       commands::ClientState client,
                       commands::Service& service,
                       TrafficCounters& traffic)
    : socket_(std::move(socket)),
      client_(std::move(client)),
      service_(service),
      traffic_(traffic) {}

void Connection::serve() {
    try {
        serve_until_end();
    } catch (const std::exception& problem) {
        log("Connection ended by an exception", fail(ErrorCode::InternalError, problem.what()));
    }
    service_.client_gone(client_);
    socket_.shut_down();
}

void Connection::serve_until_end() {
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
        PLUMB_TRY(got, read_some(socket_, room.data(), room.size()));
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
    PLUMB_CHECK(check_length(header));
    const auto length = static_cast<std::size_t>(header.length);
    PLUMB_TRY(has_all, receive(length));
    if (!has_all) {
        return std::optional<std::string_view>{};
    }
    traffic_.bytes_in.fetch_add(header.length, std::memory_order_relaxed);
    traffic_.requests.fetch_add(1, std::memory_order_relaxed);
    return std::optional{buffer_.filled().substr(0, length)};
}

Result<bool> Connection::handle(const Header& header, std::string_view message) {
    switch (static_cast<OpCode>(header.op_code)) {
        case OpCode::Message:
            return handle_op_msg(header, message);
        case OpCode::Query:
            return handle_op_query(header, message);
        case OpCode::Reply:
            break;
    }
    // The old opcodes have no reply in which one could complain.
    log("Connection closed: unknown opcode",
        fail(ErrorCode::ProtocolError, fmt::format("opcode {}", header.op_code)));
    return false;
}

Result<bool> Connection::handle_op_msg(const Header& header, std::string_view message) {
    PLUMB_TRY(request, parse_op_msg(message));
    const bson::Document reply = service_.run(client_, request.command, request.sequences);
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
    const bson::Document reply = service_.run(client_, command.finish(), {});
    const ReplyPrefix prefix = op_reply_prefix(
        next_reply_id_++, header.request_id, reply.view().byte_size(), !succeeded(reply));
    return send(prefix, reply).ok();
}

Status Connection::send(const ReplyPrefix& prefix, bson::View document) {
    PLUMB_CHECK(write_both(socket_, prefix.view(), document.raw()));
    traffic_.bytes_out.fetch_add(static_cast<std::int64_t>(prefix.size) + document.byte_size(),
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
    service_.log(commands::Severity::Warning,
                 "NETWORK",
                 fmt::format("conn{}", client_.connection_id),
                 message,
                 attributes.finish_view());
}

}  // namespace plumb::wire
