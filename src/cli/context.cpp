// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/context.h"

#include <fmt/format.h>

namespace plumb::cli {
namespace {

// The path of mongodb://host/PATH?options, empty if there is none.
std::string database_of_url(std::string_view url) {
    const auto scheme = url.find("://");
    if (scheme == std::string_view::npos) {
        return {};
    }
    url = url.substr(scheme + 3);
    url = url.substr(0, url.find('?'));
    const auto slash = url.rfind('/');
    return slash == std::string_view::npos ? std::string{} : std::string{url.substr(slash + 1)};
}

// What a server would refuse much later, and not as a mistake in the command line.
Result<std::string> checked_name(std::string name) {
    constexpr std::size_t kBytesMax = 63;
    constexpr std::string_view kForbidden{"/\\. \"$\0", 7};
    if (name.size() > kBytesMax || name.find_first_of(kForbidden) != std::string::npos) {
        return fail(ErrorCode::UsageError,
                    fmt::format("'{}' cannot be the name of a database: at most {} bytes, none of "
                                "/ \\ . $ \" and blank",
                                name,
                                kBytesMax));
    }
    return name;
}

}  // namespace

Context::Context(Environment environment) : environment_(std::move(environment)) {}

Status Context::prepare() {
    PLUMB_TRY(from_file, load_dotenv(".env"));
    environment_.merge(from_file);
    const auto or_environment = [this](std::string& option, std::string_view name) {
        const auto variable = environment_.find(name);
        if (option.empty() && variable != environment_.end()) {
            option = variable->second;
        }
    };
    or_environment(options.url, "MONGO_URL");
    or_environment(options.database, "DB_NAME");
    const auto no_color = environment_.find("NO_COLOR");
    console_.configure(
        {.quiet = options.quiet,
         .colours_allowed = no_color == environment_.end() || no_color->second.empty()});
    for (const std::string& fault : options.faults) {
        PLUMB_CHECK(faults_.arm(fault));
    }
    return {};
}

Result<const project::Project*> Context::project() {
    if (!project_.has_value()) {
        PLUMB_TRY(opened, project::Project::open(options.project));
        project_ = std::move(opened);
    }
    return &*project_;
}

Result<std::string> Context::url() {
    if (!options.url.empty()) {
        return options.url;
    }
    if (!server_) {
        client::EmbeddedOptions embedded;
        embedded.data_directory = options.data;
        PLUMB_TRY(server, client::EmbeddedServer::start(embedded));
        server_ = std::move(server);
    }
    return server_->url();
}

Result<client::Client*> Context::client() {
    if (!client_) {
        PLUMB_TRY(connected, another_client());
        client_ = std::move(connected);
    }
    return client_.get();
}

Result<std::unique_ptr<client::Client>> Context::another_client() {
    PLUMB_TRY(target, url());
    client::ConnectOptions connect;
    connect.url = target;
    return client::Client::connect(connect);
}

Result<std::string> Context::database() {
    if (!options.database.empty()) {
        return checked_name(options.database);
    }
    if (std::string named = database_of_url(options.url); !named.empty()) {
        return checked_name(std::move(named));
    }
    auto opened = project();
    if (opened.ok() && !(*opened)->database.empty()) {
        return checked_name((*opened)->database);
    }
    if (!opened.ok() && opened.error().code() != ErrorCode::ProjectNotFound) {
        return std::move(opened).error();
    }
    return fail(ErrorCode::UsageError,
                "no database is named; use --db NAME, DB_NAME, or `database:` in plumbline.yaml");
}

}  // namespace plumb::cli
