// SPDX-License-Identifier: GPL-3.0-or-later
// The indexes of a database against those of strategy.yaml.
//
//   PLUMB_TRY(found, read_indexes(client, "earlybird", strategy));
//   Report report = compare(strategy, found, options);   // report.drift: something differs
//
// Source   spec 03 "Verify and drift"
// Threads  read_indexes one thread; compare is a pure function.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "client/client.h"
#include "project/strategy.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::verify {

enum class Mark : std::uint8_t {
    Ok,         // declared and there, exactly so
    Adopted,    // declared and there under another name
    Builtin,    // _id_
    Missing,    // declared, not there
    Different,  // declared, there with another definition
    Extra,      // there, not declared
    Ignored,    // there, not declared, and fits a pattern of `ignore`
    Later,      // there, and declared with a priority that is not checked
};

[[nodiscard]] std::string_view mark_name(Mark mark);
// Missing, Different and Extra: the database is not what the strategy says.
[[nodiscard]] bool is_drift(Mark mark);

struct Line {
    Mark mark = Mark::Ok;
    std::string name;    // the name in the database; the declared one if it is missing
    bson::Document key;  // of the database; the declared one if it is missing
    bool unique = false;
    std::string detail;     // "declared as email_1", "unique: wanted true, found -"
    std::string purpose;    // of the strategy
    std::string redundant;  // "prefix of user_id_1_status_1", else empty
};

struct CollectionReport {
    std::string name;
    int indexes = 0;          // in the database, _id_ counts
    std::vector<Line> lines;  // in the database's order, missing ones last
};

struct Report {
    std::vector<CollectionReport> collections;  // the strategy's order, then others with extras
    int checked = 0;                            // declared indexes looked for
    std::map<Mark, int> counts;
    bool drift = false;
};

struct Options {
    int priority = 1;  // declared indexes up to this one are looked for
    bool extra_is_drift = true;
};

using FoundIndexes = std::map<std::string, std::vector<project::IndexDefinition>>;

// The indexes of all collections of the database and of the strategy; not those of system
// collections and of Plumbline's own.
[[nodiscard]] Result<FoundIndexes> read_indexes(client::Client& client,
                                                std::string_view database,
                                                const project::Strategy& strategy);

[[nodiscard]] Report compare(const project::Strategy& strategy,
                             const FoundIndexes& found,
                             const Options& options);

// {collections: [{name, indexes, lines: [...]}], checked, counts, drift}
[[nodiscard]] bson::Document to_document(const Report& report);

}  // namespace plumb::verify
