// SPDX-License-Identifier: GPL-3.0-or-later
// Advice in the forms that leave the program: JSON for machines, strategy.yaml, and the strategy
// document that teams write by hand.
//
// Threads  pure functions. The same advice gives the same text.
#pragma once

#include "bson/document.h"
#include "tool/advise/advice.h"

#include <string>

namespace plumb::advise {

// {cost_before_us, cost_after_us, indexes: [...], queries: [...], findings: [...]}
[[nodiscard]] bson::Document to_document(const Advice& advice);

[[nodiscard]] bson::Document to_document(const QueryExplanation& explanation);

// The indexes to have, in the form of project/strategy.h.
[[nodiscard]] std::string strategy_yaml(const Advice& advice, const std::string& title);

// Summary, queries, indexes with purpose, expectations, caveats, rollback: Markdown.
[[nodiscard]] std::string strategy_document(const Advice& advice, const std::string& title);

// "Q1, Q5.2"
[[nodiscard]] std::string join_labels(const std::vector<std::string>& labels);

}  // namespace plumb::advise
