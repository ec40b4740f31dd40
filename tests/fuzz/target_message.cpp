// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/json.h"
#include "engine/wire/compression.h"
#include "engine/wire/message.h"
#include "target.h"

#include <string>

namespace plumb::fuzz {
namespace {

constexpr std::size_t kInflatedBytesMax = 1U << 20;

void read_message(std::string_view message) {
    if (message.size() < wire::kHeaderBytes) {
        return;
    }
    const wire::Header header = wire::read_header(message);
    if (!wire::check_length(header).ok() ||
        static_cast<std::size_t>(header.length) != message.size()) {
        return;
    }
    if (const auto request = wire::parse_op_msg(message); request.ok()) {
        static_cast<void>(bson::to_json(request->command));
        for (const auto& sequence : request->sequences) {
            for (const bson::View document : sequence.documents) {
                static_cast<void>(bson::to_json(document));
            }
        }
    }
    if (const auto query = wire::parse_op_query(message); query.ok()) {
        static_cast<void>(bson::to_json(query->command));
    }
}

}  // namespace

void run_message(std::string_view bytes) {
    std::string own(bytes);
    if (own.size() >= wire::kHeaderBytes) {
        // The length is what the socket's reader has made sure of: most inputs would stop at it.
        const auto length = static_cast<std::uint32_t>(own.size());
        for (std::size_t i = 0; i < sizeof length; ++i) {
            own[i] = static_cast<char>(length >> (8 * i) & 0xFFU);
        }
    }
    read_message(own);
    if (own.size() >= wire::kHeaderBytes) {
        if (const auto inflated = wire::decompress(own, kInflatedBytesMax); inflated.ok()) {
            require(inflated->message.size() <= kInflatedBytesMax + wire::kHeaderBytes,
                    "no more than was allowed");
            read_message(inflated->message);
        }
    }
}

}  // namespace plumb::fuzz
