// SPDX-License-Identifier: GPL-3.0-or-later
// Parts of the advice's JSON that several of its forms have.
//
// Threads  pure functions.
#pragma once

#include "bson/builder.h"
#include "tool/advise/advice.h"

#include <string>
#include <string_view>

namespace plumb::advise {

// "add", "keep" or "drop"
[[nodiscard]] std::string_view word(IndexAdvice::What what);

// name: {index, keys_examined, docs_examined, returned, sorts_in_memory, covered, us}
void append_access(std::string_view name,
                   const Access& access,
                   const std::string& index,
                   bson::Builder& out);

// key, partial, sparse, bytes: into the document that is open.
void append_candidate(const Candidate& candidate, bson::Builder& out);

// against: {document: …, advice: …, queries: [...]}
void append_comparison(const Comparison& comparison, bson::Builder& out);

}  // namespace plumb::advise
