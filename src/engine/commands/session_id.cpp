// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/session_id.h"

#include "bson/type.h"

#include <fmt/format.h>

#include <cstdint>
#include <random>

namespace plumb::commands {

namespace {

constexpr std::uint8_t kUuidSubtype = 4;
constexpr std::size_t kUuidBytes = 16;
constexpr ErrorCode kMissingField{40414};
constexpr ErrorCode kInvalidUuid{207};

}  // namespace

Result<std::string> session_id(bson::View session) {
    const bson::ValueView id = session.find("id");
    if (id.missing()) {
        return fail(kMissingField,
                    "BSON field 'OperationSessionInfo.lsid.id' is missing but a required field");
    }
    if (id.type() != bson::Type::Binary || id.as_binary().subtype != kUuidSubtype) {
        return fail(ErrorCode::TypeMismatch,
                    fmt::format("BSON field 'OperationSessionInfo.lsid.id' is the wrong type '{}', "
                                "expected type 'UUID'",
                                bson::type_name(id.type())));
    }
    if (id.as_binary().bytes.size() != kUuidBytes) {
        return fail(kInvalidUuid, "uuid must be a 16-byte binary field with UUID (4) subtype");
    }
    return std::string{id.as_binary().bytes};
}

// Source: RFC 4122, version 4
std::string random_session_id() {
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

void append_session_id(bson::Builder& out, std::string_view name, std::string_view id) {
    out.begin_document(name);
    out.append_binary("id", {kUuidSubtype, id});
    out.end();
}

std::string session_id_text(std::string_view id) {
    std::string out;
    for (std::size_t at = 0; at < id.size(); ++at) {
        if (at == 4 || at == 6 || at == 8 || at == 10) {
            out.push_back('-');
        }
        out += fmt::format("{:02x}", static_cast<unsigned char>(id[at]));
    }
    return out;
}

}  // namespace plumb::commands
