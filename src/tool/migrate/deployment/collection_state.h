// SPDX-License-Identifier: GPL-3.0-or-later
// What a collection is now: whether it is there, with which options.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "tool/migrate/deployment/deployment.h"
#include "tool/migrate/deployment/problem.h"

#include <optional>
#include <string>
#include <string_view>

namespace plumb::migrate {

// The options of a collection as listCollections has them; nothing if it is not there.
[[nodiscard]] Result<std::optional<bson::Document>> collection_options(const Deployment& deployment,
                                                                       std::string_view name);

// A Problem of this code about a collection.
[[nodiscard]] Problem collection_problem(std::string code,
                                         const std::string& collection,
                                         std::string text);

// {renameCollection: "db.from", to: "db.to"}, for the database admin.
[[nodiscard]] bson::Document rename_command(const Deployment& deployment,
                                            const std::string& from,
                                            const std::string& to);
[[nodiscard]] Status rename_collection(const Deployment& deployment,
                                       const std::string& from,
                                       const std::string& to);

}  // namespace plumb::migrate
