// SPDX-License-Identifier: GPL-3.0-or-later
// The checklist of a deployment, with this database's own figures: what to run, what to expect, how
// to go back, who watches, when to stop. Every figure says where it is from; one that nobody
// recorded says which command records it.
//
//   const Runbook runbook = write_runbook(facts);
//   std::string text = to_markdown(runbook);
//
// Threads  pure functions.
#pragma once

#include "bson/document.h"
#include "tool/runbook/facts.h"

#include <string>
#include <vector>

namespace plumb::runbook {

// One line to tick off.
struct Step {
    std::string text;
    std::string command{};              // as it is typed; may be empty
    std::vector<std::string> expect{};  // what to see
    std::string source{};               // where the figures are from; "not recorded: plumb …"
};

struct Section {
    std::string name;   // "window", "forecast", "run", "checks", "back", "watch", "abort"
    std::string title;  // "Way back"
    std::vector<Step> steps;
};

struct Runbook {
    std::string title;
    std::vector<std::string> about;  // lines under the title
    std::vector<Section> sections;
};

[[nodiscard]] Runbook write_runbook(const Facts& facts);
[[nodiscard]] std::string to_markdown(const Runbook& runbook);
[[nodiscard]] bson::Document to_document(const Runbook& runbook);

}  // namespace plumb::runbook
