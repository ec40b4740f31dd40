// SPDX-License-Identifier: GPL-3.0-or-later
// Names that begin with $ (a partial filter, a pipeline) in a form that every server stores: before
// MongoDB 5.0 such a name is refused inside a document.
//
// Threads  pure functions.
#pragma once

#include "bson/document.h"

namespace plumb::migrate {

// `document` with % before every name that begins with $ or %.
[[nodiscard]] bson::Document store_names(bson::View document);
// And back.
[[nodiscard]] bson::Document read_names(bson::View document);

}  // namespace plumb::migrate
