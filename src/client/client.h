// SPDX-License-Identifier: GPL-3.0-or-later
// The one path to a database: libmongoc behind our types. The embedded engine and a production
// cluster are reached by the same calls.
//
//   PLUMB_TRY(client, Client::connect({.url = "mongodb://127.0.0.1:27017"}));
//   PLUMB_TRY(reply, client->command("shop", ping));
//
// Threads  a Client is used by one thread; open one per thread from the same options.
#pragma once

#include "base/result.h"
#include "bson/document.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::client {

struct ConnectOptions {
    std::string url;
    std::string app_name = "plumbline";
    std::chrono::milliseconds server_selection_timeout{5000};
};

// The url without its password, for messages and reports.
[[nodiscard]] std::string redact_url(std::string_view url);

// What a write did.
struct WriteCounts {
    std::int64_t inserted = 0;
    std::int64_t matched = 0;
    std::int64_t modified = 0;
    std::int64_t deleted = 0;
    std::int64_t upserted = 0;
};

struct FindOptions {
    bson::Document sort;
    bson::Document projection;
    std::optional<std::int64_t> skip;
    std::optional<std::int64_t> limit;
    std::optional<std::int32_t> batch_size;
    bson::Value hint;          // Missing: none
    std::string read_concern;  // empty: the deployment's default
};

class Client {
  public:
    // Connects and pings. errors: HostUnreachable, AuthenticationFailed, …, naming the redacted url
    [[nodiscard]] static Result<std::unique_ptr<Client>> connect(const ConnectOptions& options);
    virtual ~Client() = default;

    // A raw command; {ok: 0} and writeErrors become Errors with the server's code, message, and the
    // reply in details. No deadline of ours.
    [[nodiscard]] virtual Result<bson::Document> command(std::string_view database,
                                                         bson::View command) = 0;

    using OnDocument = std::function<Status(bson::View)>;
    // Calls `each` for every document; stops at its first error and returns it.
    [[nodiscard]] virtual Status find(std::string_view database,
                                      std::string_view collection,
                                      bson::View filter,
                                      const FindOptions& options,
                                      const OnDocument& each) = 0;
    [[nodiscard]] virtual Status aggregate(std::string_view database,
                                           std::string_view collection,
                                           const std::vector<bson::Document>& pipeline,
                                           const OnDocument& each) = 0;
    [[nodiscard]] virtual Result<std::optional<bson::Document>> find_one(
        std::string_view database, std::string_view collection, bson::View filter) = 0;

    // Ordered; split into messages as the driver does.
    //   errors  DuplicateKey, … of the first document that failed; details: the driver's reply with
    //           writeErrors and nInserted
    [[nodiscard]] virtual Result<WriteCounts> insert(std::string_view database,
                                                     std::string_view collection,
                                                     const std::vector<bson::View>& documents) = 0;
    [[nodiscard]] virtual Result<WriteCounts> update(std::string_view database,
                                                     std::string_view collection,
                                                     bson::View filter,
                                                     bson::ValueView update,
                                                     bool multi,
                                                     bool upsert) = 0;
    [[nodiscard]] virtual Result<WriteCounts> remove(std::string_view database,
                                                     std::string_view collection,
                                                     bson::View filter,
                                                     bool only_one) = 0;

    // As listIndexes has them, without `ns`; empty if the collection does not exist.
    [[nodiscard]] virtual Result<std::vector<bson::Document>> list_indexes(
        std::string_view database, std::string_view collection) = 0;
    // As listCollections has them, sorted by name.
    [[nodiscard]] virtual Result<std::vector<bson::Document>> list_collections(
        std::string_view database) = 0;

    // Bytes received and sent by this connection: the BSON of replies and of commands, as the
    // driver's command monitoring shows them (libmongoc has no counter on the socket). Headers of
    // 16 to 21 bytes a message and compression are not in it.
    [[nodiscard]] virtual std::int64_t bytes_received() const = 0;
    [[nodiscard]] virtual std::int64_t bytes_sent() const = 0;

    [[nodiscard]] virtual const std::string& redacted_url() const = 0;
};

}  // namespace plumb::client
