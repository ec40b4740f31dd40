// SPDX-License-Identifier: GPL-3.0-or-later
// One createIndexes: sent without a deadline, watched through currentOp, stopped by Ctrl-C.
//
// Threads  one thread; the command itself runs in a thread and on a connection of its own.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "project/index_definition.h"
#include "tool/migrate/deployment/deployment.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace plumb::migrate {

// {createIndexes: collection, indexes: [...], commitQuorum?}
[[nodiscard]] bson::Document create_command(const std::string& collection,
                                            const std::vector<project::IndexDefinition>& indexes,
                                            const bson::Value& commit_quorum = {});
// {dropIndexes: collection, index: [...]}
[[nodiscard]] bson::Document drop_command(const std::string& collection,
                                          const std::vector<std::string>& names);

enum class OnInterrupt : std::uint8_t { KillBuild, Ignore };

// Builds all these indexes of one collection in one scan, then reads from the server what is there:
// only that decides whether it worked. Returns how long it took, in milliseconds.
// `commit_quorum` is passed on where there are members to vote; Missing: that of the options.
//   errors  Interrupted after killOp; DuplicateKey …; HostUnreachable if the server does not
//           answer: the build may still be going on then
[[nodiscard]] Result<std::int64_t> build_indexes(
    const Deployment& deployment,
    const std::string& collection,
    const std::vector<project::IndexDefinition>& indexes,
    OnInterrupt on_interrupt,
    const bson::Value& commit_quorum = {});

// Drops these; those that are gone already are no error. Returns milliseconds.
[[nodiscard]] Result<std::int64_t> drop_indexes(const Deployment& deployment,
                                                const std::string& collection,
                                                const std::vector<std::string>& names);

// Waits until no createIndexes runs on the collection: the build of a runner that died goes on.
//   errors  Interrupted, unless that is to be ignored; HostUnreachable
[[nodiscard]] Status wait_for_builds(const Deployment& deployment,
                                     const std::string& collection,
                                     OnInterrupt on_interrupt);

// Bytes of each index by name, from collStats; empty where the server does not say.
[[nodiscard]] std::map<std::string, std::int64_t> index_sizes(const Deployment& deployment,
                                                              const std::string& collection);

}  // namespace plumb::migrate
