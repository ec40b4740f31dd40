// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/builder.h"
#include "client/mongoc_client.h"

#include <fmt/format.h>

#include <limits>

namespace plumb::client {
namespace {

// libmongoc wants one init before anything else and one cleanup after everything.
class Library {
  public:
    Library() {
        // What fails comes back as an Error; the library's own lines would break into the output.
        mongoc_log_set_handler(nullptr, nullptr);
        mongoc_init();
    }
    Library(const Library&) = delete;
    Library& operator=(const Library&) = delete;
    ~Library() { mongoc_cleanup(); }
};

void ensure_library() {
    static const Library library;
}

void set_defaults(mongoc_uri_t* uri, const ConnectOptions& options) {
    mongoc_uri_set_appname(uri, options.app_name.c_str());
    mongoc_uri_set_option_as_int32(
        uri,
        MONGOC_URI_SERVERSELECTIONTIMEOUTMS,
        static_cast<std::int32_t>(options.server_selection_timeout.count()));
    if (!mongoc_uri_has_option(uri, MONGOC_URI_SOCKETTIMEOUTMS)) {
        // An index build takes as long as it takes; the driver would give up after five minutes.
        mongoc_uri_set_option_as_int32(
            uri, MONGOC_URI_SOCKETTIMEOUTMS, std::numeric_limits<std::int32_t>::max());
    }
}

}  // namespace

Result<std::unique_ptr<Client>> Client::connect(const ConnectOptions& options) {
    ensure_library();
    const std::string redacted = redact_url(options.url);
    bson_error_t error{};
    const UriHandle uri{mongoc_uri_new_with_error(options.url.c_str(), &error)};
    if (!uri) {
        return fail(
            ErrorCode::UsageError,
            fmt::format(
                "{} is no MongoDB url: {}", redacted, static_cast<const char*>(error.message)));
    }
    set_defaults(uri.get(), options);
    ClientHandle handle{mongoc_client_new_from_uri_with_error(uri.get(), &error)};
    if (!handle) {
        return to_error(error, {}, redacted);
    }
    mongoc_client_set_error_api(handle.get(), MONGOC_ERROR_API_VERSION_2);
    auto client = std::make_unique<MongocClient>(std::move(handle), redacted);
    bson::Builder ping;
    ping.append("ping", 1);
    PLUMB_CHECK(client->command("admin", ping.finish()));
    return std::unique_ptr<Client>{std::move(client)};
}

}  // namespace plumb::client
