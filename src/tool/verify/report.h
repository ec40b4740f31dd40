// SPDX-License-Identifier: GPL-3.0-or-later
// What a comparison of a database's indexes with the strategy found, one line an index.
//
// Threads  value types, pure functions.
#pragma once

#include "bson/document.h"
#include "project/index_definition.h"
#include "tool/index_facts/members.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::verify {

enum class Mark : std::uint8_t {
    Ok,            // declared and there, exactly so
    Adopted,       // declared and there under another name
    Builtin,       // _id_
    Missing,       // declared, not there
    Different,     // declared, there with another definition
    Extra,         // there, not declared
    Ignored,       // there, not declared, and fits a pattern of `ignore`
    Later,         // there, and declared with a priority that is not checked
    Building,      // declared, and the server is still at work on it
    Inconsistent,  // not the same on every member or shard
    Invalid,       // the server's validate found it broken
};

[[nodiscard]] std::string_view mark_name(Mark mark);
// True if the database is not what the strategy says.
[[nodiscard]] bool is_drift(Mark mark);

struct Line {
    Mark mark = Mark::Ok;
    std::string name;    // the name in the database; the declared one if it is missing
    bson::Document key;  // of the database; the declared one if it is missing
    bool unique = false;
    std::string detail;     // "declared as email_1", "unique: wanted true, found -"
    std::string purpose;    // of the strategy
    std::string owner;      // of the strategy
    std::string declared;   // the name in the strategy; empty if it is not declared
    std::string redundant;  // "prefix of user_id_1_status_1", else empty
    std::string kept;       // "kept: unique" where another index begins with its key, else empty
    std::string usage;      // a tier's name ("unused"); empty if nobody was asked
    std::string usage_reason;
    std::vector<std::string> way_out;              // how it leaves without a risk, if it may go
    std::vector<project::Difference> differences;  // Different
};

struct CollectionReport {
    std::string name;
    int indexes = 0;          // in the database, _id_ counts
    std::vector<Line> lines;  // in the database's order, missing ones last
    std::string validity;     // what validate said, if it was asked
    bool valid = true;
};

// An index that is not the same everywhere.
struct Inconsistency {
    std::string collection;
    std::string name;
    std::vector<std::string> lacking;    // members or shards without it
    std::vector<std::string> having;     // members or shards with it
    std::vector<std::string> different;  // "b:27018: unique: wanted -, found true"
};

struct Report {
    std::vector<CollectionReport> collections;  // the strategy's order, then others with extras
    int checked = 0;                            // declared indexes looked for
    std::map<Mark, int> counts;
    bool drift = false;
    std::vector<std::string> asked;  // members or shards; empty if only the deployment was asked
    std::vector<index_facts::Unreached> not_asked;
    std::vector<Inconsistency> inconsistent;
    std::vector<std::string> notes;  // what could not be looked at, and why
};

// {collections: [{name, indexes, lines: [...]}], checked, counts, drift, members, notes}
[[nodiscard]] bson::Document to_document(const Report& report);

// Counts the marks anew and says whether there is drift; after a line was changed.
void count_marks(Report& report, bool extra_is_drift);

}  // namespace plumb::verify
