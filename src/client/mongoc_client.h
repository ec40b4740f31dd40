// SPDX-License-Identifier: GPL-3.0-or-later
// Client on libmongoc. For the .cpp files of this folder only.
#pragma once

#include "client/byte_counter.h"
#include "client/client.h"
#include "client/mongoc_types.h"

namespace plumb::client {

class MongocClient final : public Client {
  public:
    MongocClient(ClientHandle handle, std::string redacted_url);

    Result<bson::Document> command(std::string_view database, bson::View command) override;
    Status find(std::string_view database,
                std::string_view collection,
                bson::View filter,
                const FindOptions& options,
                const OnDocument& each) override;
    Status aggregate(std::string_view database,
                     std::string_view collection,
                     const std::vector<bson::Document>& pipeline,
                     const OnDocument& each) override;
    Result<std::optional<bson::Document>> find_one(std::string_view database,
                                                   std::string_view collection,
                                                   bson::View filter) override;
    Result<WriteCounts> insert(std::string_view database,
                               std::string_view collection,
                               const std::vector<bson::View>& documents) override;
    Result<WriteCounts> update(std::string_view database,
                               std::string_view collection,
                               bson::View filter,
                               bson::ValueView update,
                               bool multi,
                               bool upsert) override;
    Result<WriteCounts> remove(std::string_view database,
                               std::string_view collection,
                               bson::View filter,
                               bool only_one) override;
    Result<std::vector<bson::Document>> list_indexes(std::string_view database,
                                                     std::string_view collection) override;
    Result<std::vector<bson::Document>> list_collections(std::string_view database) override;
    std::int64_t bytes_received() const override { return bytes_.received; }
    std::int64_t bytes_sent() const override { return bytes_.sent; }
    const std::string& redacted_url() const override { return redacted_url_; }

  private:
    [[nodiscard]] CollectionHandle collection(std::string_view database, std::string_view name);
    [[nodiscard]] Status drain(mongoc_cursor_t* cursor, const OnDocument& each) const;

    ByteCounter bytes_;
    ClientHandle handle_;
    std::string redacted_url_;
};

}  // namespace plumb::client
