// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/mongoc_types.h"

#include "bson/validate.h"

#include <fmt/format.h>

namespace plumb::client {
namespace {

ErrorCode code_of(const bson_error_t& error) {
    switch (error.domain) {
        case MONGOC_ERROR_SERVER:
        case MONGOC_ERROR_WRITE_CONCERN:
            return ErrorCode{static_cast<std::int32_t>(error.code)};
        case MONGOC_ERROR_CLIENT:
            return error.code == MONGOC_ERROR_CLIENT_AUTHENTICATE ? ErrorCode::AuthenticationFailed
                                                                  : ErrorCode::BadValue;
        case MONGOC_ERROR_SASL:
        case MONGOC_ERROR_SCRAM:
            return ErrorCode::AuthenticationFailed;
        case MONGOC_ERROR_STREAM:
        case MONGOC_ERROR_SERVER_SELECTION:
        case MONGOC_ERROR_PROTOCOL:
            return ErrorCode::HostUnreachable;
        case MONGOC_ERROR_BSON:
            return ErrorCode::InvalidBson;
        case MONGOC_ERROR_COMMAND:
        case MONGOC_ERROR_NAMESPACE:
            return ErrorCode::BadValue;
        default:
            return error.code == 0 ? ErrorCode::UnknownError
                                   : ErrorCode{static_cast<std::int32_t>(error.code)};
    }
}

}  // namespace

bson::View Reply::view() const {
    return bson::View{
        std::string_view{reinterpret_cast<const char*>(bson_get_data(&bson_)), bson_.len}};
}

bson_t borrowed(bson::View document) {
    bson_t out;
    const std::string_view raw = document.raw();
    bson_init_static(&out, reinterpret_cast<const std::uint8_t*>(raw.data()), raw.size());
    return out;
}

Result<bson::View> checked_view(const bson_t* document) {
    return bson::validate(
        std::string_view{reinterpret_cast<const char*>(bson_get_data(document)), document->len});
}

Error to_error(const bson_error_t& error, bson::View reply, const std::string& url) {
    const ErrorCode code = code_of(error);
    std::string message = static_cast<const char*>(error.message);
    if (code == ErrorCode::HostUnreachable || code == ErrorCode::AuthenticationFailed) {
        message = fmt::format("{}: {}", url, message);
    }
    Error out = fail(code, std::move(message));
    if (reply.empty()) {
        return out;
    }
    return std::move(out).with_details(std::string{reply.raw()});
}

}  // namespace plumb::client
