// SPDX-License-Identifier: GPL-3.0-or-later
// An engine of our own in a temporary folder, to build and drop indexes on as one likes; gone with
// all its data when this ends.
//
//   PLUMB_TRY(scratch, Scratch::start({}));
//   PLUMB_TRY(report, scratch->copy_from(*source, "shop", interrupt, progress));   // or load()
//   PLUMB_TRY(before, snapshot(scratch->client(), "shop", queries, {}, interrupt));
//   PLUMB_TRY(done, apply(scratch->client(), "shop", changes, interrupt));
//
// Threads  one thread.
#pragma once

#include "base/interrupt.h"
#include "base/result.h"
#include "client/client.h"
#include "client/embedded_server.h"
#include "project/index_definition.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::replan {

struct ScratchOptions {
    std::filesystem::path parent;   // the temporary folder is made in it; empty: the system's
    std::filesystem::path program;  // plumbd; found beside the running program if empty
};

class Scratch {
  public:
    // errors  IoError; ServerStartFailed
    [[nodiscard]] static Result<std::unique_ptr<Scratch>> start(const ScratchOptions& options);
    // One that runs nothing and owns this folder; start() makes those that do.
    explicit Scratch(std::filesystem::path folder) : folder_(std::move(folder)) {}
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    ~Scratch();

    [[nodiscard]] client::Client& client() { return *client_; }

    using Progress =
        std::function<void(std::string_view label, std::int64_t done, std::int64_t total)>;
    // Every collection of the database with its indexes; only reads the source.
    //   errors  the source's, Interrupted; OperationFailed if the copy is not equal
    [[nodiscard]] Status copy_from(client::Client& source,
                                   const std::string& database,
                                   Interrupt& interrupt,
                                   const Progress& progress);
    // These documents, then these indexes.
    [[nodiscard]] Status load(const std::string& database,
                              const std::string& collection,
                              const std::vector<bson::Document>& documents,
                              const std::vector<project::IndexDefinition>& indexes);

  private:
    std::filesystem::path folder_;
    std::unique_ptr<client::EmbeddedServer> server_;
    std::unique_ptr<client::Client> client_;  // after server_: closed before it stops
};

// One change of a collection's indexes.
struct IndexChange {
    std::string collection;
    project::IndexDefinition index;
    bool drop = false;  // false: create
};

// What a change took. A build that fails is an outcome, not an error.
struct IndexOutcome {
    IndexChange change;
    double ms = 0;            // of the command
    std::int64_t bytes = -1;  // of the index; -1 if dropped or not known
    std::string error;        // why it could not be done; empty: done
};

// Creates and drops one after the other, so that each build is timed alone: drops last, but for an
// index that one with its key or its name replaces.
//   errors  Interrupted, HostUnreachable …
[[nodiscard]] Result<std::vector<IndexOutcome>> apply(client::Client& client,
                                                      const std::string& database,
                                                      const std::vector<IndexChange>& changes,
                                                      Interrupt& interrupt);

}  // namespace plumb::replan
