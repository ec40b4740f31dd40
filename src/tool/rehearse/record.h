// SPDX-License-Identifier: GPL-3.0-or-later
// What a rehearsal found, kept as a file for the runbook and the report.
//
//   PLUMB_CHECK(save(rehearsal, ".plumbline/rehearsal.json"));
//   PLUMB_TRY(rehearsal, load(".plumbline/rehearsal.json"));
//
// Format   docs/formats/rehearsal.md, schema 1
// Threads  value types, pure functions.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "tool/rehearse/estimate.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace plumb::rehearse {

struct CollectionLine {
    std::string name;
    std::int64_t documents = 0;  // of the source
    std::int64_t bytes = 0;      // of the source, not compressed
    std::int64_t copied = 0;     // documents
    std::string how;             // "whole", "every document of a random 2.0 %", "view" …
    std::string hash;            // of what was copied, before anything was changed

    // The part of the documents that was copied: 1 for all, also of an empty collection.
    [[nodiscard]] double share() const;
};

struct MigrationLine {
    std::int64_t version = 0;
    std::string name;
    std::string title;
    std::string state = "not run";  // "applied", "refused", "rolled back", "failed"
    std::int64_t up_ms = 0;
    std::int64_t down_ms = 0;
    std::int64_t again_ms = 0;
    std::int64_t created = 0;  // indexes
    std::int64_t dropped = 0;
    std::int64_t steps = 0;      // other things done
    std::int64_t documents = 0;  // changed
    bool went_down = false;
    bool went_up_again = false;
};

// The indexes that one createIndexes command builds together.
struct BuildLine {
    std::int64_t version = 0;
    std::string collection;
    std::vector<std::string> indexes;
    std::int64_t measured_ms = 0;
    Estimate ms;  // of the whole collection
};

struct IndexLine {
    std::int64_t version = 0;
    std::string collection;
    std::string name;
    std::string key;  // "{ user_id: 1 }"
    bool unique = false;
    bool multikey = false;
    std::int64_t measured_entries = 0;
    std::int64_t measured_bytes = 0;
    Estimate entries;  // of the whole collection
    Estimate bytes;
};

// One side of a query: with the indexes of before, or of after.
struct QuerySide {
    std::string plan;
    bool collection_scan = false;
    Estimate docs;  // examined a call
    Estimate keys;
    Estimate ms;  // a call
};

struct QueryLine {
    std::string id;
    std::string title;
    std::string collection;
    double frequency = 0;
    bool critical = false;
    bool writes = false;
    QuerySide before;
    QuerySide after;
    Estimate factor;     // before / after of the times: above 1 is faster
    std::string scales;  // "stays", "grows with the collection" …: how the sample was scaled
    std::string error;   // why there are no figures; empty if there are
};

// What one inserted document costs in index entries.
struct WriteLine {
    std::string collection;
    Estimate entries_before;
    Estimate entries_after;
    Estimate factor;  // after / before of the time of a write; 1 if none was measured
};

struct LintLine {
    std::string code;
    bool error = false;
    std::string migration;
    std::string file;
    std::int64_t line = 0;
    std::string text;
};

struct Failure {
    std::string what;  // "lint", "duplicates", "up", "verify", "validator", "down", "again"
    std::int64_t version = 0;
    std::string collection;
    std::string index;
    std::string text;
    std::vector<std::string> ids;  // of documents that are in the way
};

struct Difference {
    std::string after;  // "down" or "again"
    std::string collection;
    std::string text;
};

// The way back of all migrations, as far as it was gone.
struct Rollback {
    bool done = false;
    std::int64_t ms = 0;
    bool same_content = false;  // every document as it was
    bool same_indexes = false;  // and every index and option
};

// Whose milliseconds the times are.
enum class Times : std::uint8_t { Engine, Target };

struct Rehearsal {
    std::string at;        // ISO 8601, UTC
    std::string source;    // without its password
    std::string database;  // of the source
    std::string engine;    // "plumbd 0.1.0 (as MongoDB 4.2.0)"
    double share = 1;      // asked for; 1: everything
    double seconds = 0;
    Times times = Times::Engine;
    std::int64_t peak_memory_bytes = 0;  // of the scratch engine during `up`
    Rollback rollback;
    std::vector<CollectionLine> collections;
    std::vector<MigrationLine> migrations;
    std::vector<BuildLine> builds;
    std::vector<IndexLine> indexes;
    std::vector<QueryLine> queries;
    std::vector<WriteLine> writes;
    std::vector<LintLine> lint;
    std::vector<Failure> failures;
    std::vector<Difference> differences;
    std::vector<std::string> notes;
    std::optional<bson::Document> target;  // costs of the probed target

    [[nodiscard]] bool sampled() const { return share < 1; }
    [[nodiscard]] bool would_work() const { return failures.empty(); }
    // Null if there is none of this name.
    [[nodiscard]] const CollectionLine* collection(std::string_view name) const;
};

[[nodiscard]] bson::Document to_document(const Rehearsal& rehearsal);
// errors  FailedToParse if the document is no rehearsal of this schema
[[nodiscard]] Result<Rehearsal> from_document(bson::View document);

// errors  IoError; for load: also FailedToParse, naming the file
[[nodiscard]] Status save(const Rehearsal& rehearsal, const std::filesystem::path& path);
[[nodiscard]] Result<Rehearsal> load(const std::filesystem::path& path);

}  // namespace plumb::rehearse
