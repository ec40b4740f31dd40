// SPDX-License-Identifier: GPL-3.0-or-later
// Views: the collection that is really read, and the stages in front of what is asked.
//
// Threads  pure functions over the engine's catalog.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "engine/exec/find.h"
#include "engine/storage/engine.h"

#include <string>
#include <string_view>
#include <vector>

namespace plumb::exec {

// MongoDB's limit of views upon views.
inline constexpr int kViewDepthMax = 20;

// What a name stands for now. The collection is not held open: who asks may take it afterwards.
enum class NamespaceKind : std::uint8_t { Missing, Collection, View };
[[nodiscard]] NamespaceKind kind_of(const storage::Engine& engine, std::string_view ns);

struct ResolvedNamespace {
    std::string ns;                        // a collection, which may not exist
    std::vector<bson::Document> pipeline;  // of all views on the way, the deepest first
    bool is_view = false;
};

// errors  ViewDepthLimitExceeded (165)
[[nodiscard]] Result<ResolvedNamespace> resolve_namespace(const storage::Engine& engine,
                                                          std::string_view ns);

// A find as the stages that do the same.
[[nodiscard]] std::vector<bson::Document> find_as_pipeline(const FindRequest& request);

}  // namespace plumb::exec
