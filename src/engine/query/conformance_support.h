// SPDX-License-Identifier: GPL-3.0-or-later
// Reads recorded groups of commands and replies for the tests of this folder, and runs find and
// update over documents in memory.
#pragma once

#include "base/result.h"
#include "bson/document.h"

#include <string>
#include <string_view>
#include <vector>

namespace plumb::query::conformance {

// One recorded command, or several, with what came back.
struct Step {
    std::string id;
    std::string how;
    std::vector<bson::Document> run;
    std::vector<bson::Document> expect;
};

struct Group {
    std::string name;
    std::vector<bson::Document> documents;  // of the one collection
    std::vector<Step> steps;
};

// The groups of tests/conformance/<file>.jsonl. A failure to read is a test failure.
[[nodiscard]] std::vector<Group> read_groups(std::string_view file);

// What a find gives, as the recorded reply has it: {cursor: {firstBatch, open}} or {ok: 0, code}.
[[nodiscard]] bson::Document run_find(const std::vector<bson::Document>& documents,
                                      bson::View command);
// True if run_find knows every option of the command.
[[nodiscard]] bool can_run_find(bson::View command);

// What an update gives; changes the documents.
[[nodiscard]] bson::Document run_update(std::vector<bson::Document>& documents, bson::View command);

// How many steps were run, and which of them differ.
struct Score {
    int run = 0;
    std::vector<std::string> failed;  // "id: expected … got …"
};

}  // namespace plumb::query::conformance
