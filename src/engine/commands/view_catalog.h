// SPDX-License-Identifier: GPL-3.0-or-later
// The collection system.views that MongoDB keeps the definitions of a database's views in, and that
// clients see in listCollections. The engine's own catalog is what counts; this is its reflection.
//
// Threads  under the lock of the view's namespace.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "engine/commands/command.h"

#include <string_view>

namespace plumb::commands {

// Writes {_id: "shop.cheap", viewOn, pipeline}, in place of an older one.
[[nodiscard]] Status record_view(CommandContext& context, std::string_view ns, bson::View options);
// Takes the definition of a dropped view out.
[[nodiscard]] Status forget_view(CommandContext& context, std::string_view ns);

}  // namespace plumb::commands
