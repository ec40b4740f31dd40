// SPDX-License-Identifier: GPL-3.0-or-later
// Logical sessions: drivers open and end them around everything. They carry nothing here, as there
// are neither transactions nor retryable writes.
#include "engine/commands/command_functions.h"

#include <array>
#include <random>
#include <string>

namespace plumb::commands {

namespace {

constexpr std::uint8_t kUuidSubtype = 4;
constexpr std::int32_t kSessionMinutes = 30;

// A random UUID. Source: RFC 4122, version 4
std::string random_uuid() {
    std::random_device device;
    std::string bytes;
    for (int word = 0; word < 4; ++word) {
        const unsigned random = device();
        for (unsigned shift = 0; shift < 32; shift += 8) {
            bytes.push_back(static_cast<char>((random >> shift) & 0xFFU));
        }
    }
    bytes[6] = static_cast<char>((static_cast<unsigned>(bytes[6]) & 0x0FU) | 0x40U);
    bytes[8] = static_cast<char>((static_cast<unsigned>(bytes[8]) & 0x3FU) | 0x80U);
    return bytes;
}

}  // namespace

Status run_start_session(CommandContext&, bson::Builder& reply) {
    reply.begin_document("id");
    reply.append_binary("id", {kUuidSubtype, random_uuid()});
    reply.end();
    reply.append("timeoutMinutes", kSessionMinutes);
    return {};
}

Status run_session_ok(CommandContext& context, bson::Builder&) {
    const bson::ValueView argument = context.command.front().value;
    if (argument.type() != bson::Type::Array && !argument.is_number()) {
        return fail(ErrorCode::TypeMismatch, "the sessions must be an array");
    }
    return {};
}

}  // namespace plumb::commands
