// SPDX-License-Identifier: GPL-3.0-or-later
// What a database says about itself, asked once each: indexes, sizes, samples, shard keys. Lint and
// forecasts read from here, so that a dozen checks cost one look.
//
//   DatabaseFacts facts{deployment};
//   PLUMB_TRY(indexes, facts.indexes("orders"));
//
// Reads only. Memory: one sample a collection that was asked for.
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "project/index_definition.h"
#include "tool/migrate/deployment/deployment.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace plumb::migrate {

inline constexpr std::int64_t kSampleDocuments = 500;

struct ServerVersion {
    int major = 0;
    int minor = 0;
    [[nodiscard]] bool at_least(int wanted_major, int wanted_minor) const {
        return major > wanted_major || (major == wanted_major && minor >= wanted_minor);
    }
    [[nodiscard]] std::string to_string() const;  // "4.2"
};

struct CollectionSize {
    std::int64_t documents = 0;
    std::int64_t bytes = 0;  // of the documents, not compressed
};

class DatabaseFacts {
  public:
    // requires that `deployment` lives as long
    explicit DatabaseFacts(const Deployment& deployment) : deployment_(deployment) {}

    // errors of all: what the server says
    [[nodiscard]] Result<ServerVersion> version();
    // Names of the database's collections, without Plumbline's own and the system's.
    [[nodiscard]] Result<std::vector<std::string>> collections();
    [[nodiscard]] Result<bool> has_collection(const std::string& name);
    // With _id_; none if there is no such collection. The reference lives as long as this object.
    [[nodiscard]] Result<const std::vector<project::IndexDefinition>*> indexes(
        const std::string& collection);
    [[nodiscard]] Result<CollectionSize> size(const std::string& collection);
    // At most kSampleDocuments, a few from each of many places; all of a small collection.
    [[nodiscard]] Result<const std::vector<bson::Document>*> sample(const std::string& collection);
    // Of a sharded collection; nothing for others, and where the routing tables may not be read.
    [[nodiscard]] Result<std::optional<bson::Document>> shard_key(const std::string& collection);

    [[nodiscard]] const Deployment& deployment() const { return deployment_; }

  private:
    [[nodiscard]] Result<std::vector<bson::Document>> draw_sample(const std::string& collection);

    const Deployment& deployment_;
    std::optional<ServerVersion> version_;
    std::optional<std::vector<std::string>> collections_;
    std::map<std::string, std::vector<project::IndexDefinition>> indexes_;
    std::map<std::string, CollectionSize> sizes_;
    std::map<std::string, std::vector<bson::Document>> samples_;
};

}  // namespace plumb::migrate
