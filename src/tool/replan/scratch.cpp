// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/replan/scratch.h"

#include "bson/builder.h"
#include "tool/copy/copy.h"

#include <fmt/format.h>
#include <stdlib.h>

#include <cerrno>
#include <system_error>

namespace plumb::replan {
namespace {

bson::Document create_command(const std::string& collection,
                              const std::vector<project::IndexDefinition>& indexes) {
    bson::Builder out;
    out.append("createIndexes", collection);
    out.begin_array("indexes");
    for (const project::IndexDefinition& index : indexes) {
        out.push(project::index_to_command(index));
    }
    out.end();
    return out.finish();
}

}  // namespace

Result<std::unique_ptr<Scratch>> Scratch::start(const ScratchOptions& options) {
    std::error_code failed;
    const std::filesystem::path parent =
        options.parent.empty() ? std::filesystem::temp_directory_path(failed) : options.parent;
    std::filesystem::create_directories(parent, failed);
    std::string pattern = (parent / "plumb-scratch-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
        return fail(ErrorCode::IoError,
                    fmt::format("{}: no temporary folder can be made: {}",
                                parent.string(),
                                std::generic_category().message(errno)));
    }
    auto out = std::make_unique<Scratch>(pattern);
    client::EmbeddedOptions server;
    server.program = options.program;
    server.data_directory = out->folder_ / "data";
    PLUMB_TRY(started, client::EmbeddedServer::start(server));
    out->server_ = std::move(started);
    PLUMB_TRY(connected, client::Client::connect({.url = out->server_->url()}));
    out->client_ = std::move(connected);
    return out;
}

Scratch::~Scratch() {
    client_.reset();
    server_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

Status Scratch::copy_from(client::Client& source,
                          const std::string& database,
                          Interrupt& interrupt,
                          const Progress& progress) {
    copy::Options options;
    options.database = database;
    PLUMB_TRY(report, copy::run(source, *client_, options, interrupt, progress));
    for (const copy::Line& line : report.lines) {
        // What is written at the source meanwhile makes its later hash another one; plans do not
        // mind a few documents.
        if (!line.equal && line.target.documents == 0 && line.source.documents > 0) {
            return fail(ErrorCode::OperationFailed,
                        fmt::format("{} could not be copied: {}", line.name, line.difference));
        }
    }
    return {};
}

Status Scratch::load(const std::string& database,
                     const std::string& collection,
                     const std::vector<bson::Document>& documents,
                     const std::vector<project::IndexDefinition>& indexes) {
    std::vector<bson::View> views;
    views.reserve(documents.size());
    for (const bson::Document& document : documents) {
        views.push_back(document.view());
    }
    if (!views.empty()) {
        PLUMB_TRY(counts, client_->insert(database, collection, views));
        static_cast<void>(counts);
    }
    std::vector<project::IndexDefinition> wanted;
    for (const project::IndexDefinition& index : indexes) {
        if (index.name != "_id_") {
            wanted.push_back(index);
        }
    }
    if (wanted.empty()) {
        return {};
    }
    PLUMB_TRY(reply, client_->command(database, create_command(collection, wanted)));
    static_cast<void>(reply);
    return {};
}

}  // namespace plumb::replan
