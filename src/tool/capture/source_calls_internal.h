// SPDX-License-Identifier: GPL-3.0-or-later
// Calls of driver methods in a file's tokens.
//
// Threads  pure functions.
#pragma once

#include "bson/document.h"
#include "tool/capture/source_tokens_internal.h"

#include <span>
#include <vector>

namespace plumb::capture {

struct SourceCall {
    int line = 0;
    // What the driver would send: two where a filter is built step by step. None: the collection
    // is not known.
    std::vector<bson::Document> commands;
};

[[nodiscard]] std::vector<SourceCall> find_calls(std::span<const Token> tokens, Language language);

}  // namespace plumb::capture
