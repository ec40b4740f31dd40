// SPDX-License-Identifier: GPL-3.0-or-later
// The declared workload: which commands an application sends, how often, with which parameters, and
// what was promised for them.
//
//   PLUMB_TRY(workload, load_workload(project.workload_file()));
//   for (const Query& query : workload.queries) { … query.frequency … }
//
// Format   docs/formats/workload.md, schema 1
// Threads  value types.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "project/yaml_document.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::workload {

// Where the values of a parameter come from.
enum class Source : std::uint8_t {
    Sample,  // a document of a collection: {{name.field}}; owners of many are drawn often
    OneOf,   // one of the listed values: {{name}}
    Day,     // a day as text, relative to the workload's today: {{name}}
    Month,   // a month relative to today's: {{name.first}}, {{name.last}}, {{name.text}}
    Copy,    // a whole document, as a new one: {{name}}
    Range,   // two values of a field with some of its values between: {{name.low}}, {{name.high}}
    Prefix,  // a pattern that the first characters of a field's text match: {{name}}
};

// Days or months back from today; drawn evenly from both ends inclusive.
struct Span {
    std::int32_t from = 0;
    std::int32_t to = 0;
};

struct Parameter {
    std::string name;
    Source source = Source::OneOf;
    std::string collection;           // Sample, Copy, Range, Prefix
    std::vector<std::string> fields;  // Sample: those that templates use; Range, Prefix: the one
    bool elements = false;            // Sample: of an array one of its elements
    double misses = 0;                // Sample: share of draws whose texts match nothing
    std::vector<bson::Value> values;  // OneOf
    Span span;                        // Day, Month
    // Copy: fields that get a fresh `<prefix><uuid>`.
    std::vector<std::pair<std::string, std::string>> fresh;
    // Range: how far the ends are apart, as days (of dates and of days as text) or, if there are
    // none, as a share of all values.
    std::int32_t days = 0;
    double share = 0;
    std::int32_t length = 0;  // Prefix: characters
    bool anchored = true;     // Prefix: ^ before them
};

// What a promise is about; its range is in the unit named.
enum class PromiseKind : std::uint8_t {
    Latency,       // before / after of the median: a factor
    Cpu,           // server CPU of the whole workload: per cent less
    Network,       // bytes received for the whole workload: per cent less
    WriteCost,     // median of the rows: per cent slower at most
    IndexBytes,    // size of each index: megabytes
    IndexesBytes,  // size of all indexes: megabytes
    Memory,        // what the new indexes take of the cache: megabytes
    Rollback,      // the way back of a migration: minutes at most
    Scale          // documents of the largest collection: at least
};

struct Range {
    double low = 0;
    double high = 0;
};

struct Promise {
    std::string name;
    PromiseKind kind = PromiseKind::Latency;
    Range range;
    std::optional<Range> before_ms;
    std::optional<Range> after_ms;
    std::vector<std::string> rows;  // ids of queries; the one it stands in for a Latency promise
};

struct Query {
    std::string id;
    std::string collection;  // of the first command
    std::string title;
    std::string used_by;
    std::string purpose;
    double frequency = 0;  // calls a minute, relative to the others
    bool critical = false;
    bool writes = false;       // some command changes data
    std::string scan_allowed;  // why a scan of the whole collection is right; empty: it is not
    // Templates; one after the other they are one sample, as a page that asks several things.
    std::vector<bson::Document> commands;
    project::Position position;
};

struct Workload {
    std::string file;
    std::string today;  // YYYY-MM-DD
    std::uint64_t seed = 1;
    std::vector<Parameter> parameters;
    std::vector<Query> queries;
    std::vector<Promise> promises;

    // Null if there is none of this id or name.
    [[nodiscard]] const Query* query(std::string_view id) const;
    [[nodiscard]] const Parameter* parameter(std::string_view name) const;
};

// errors  ProjectFileInvalid with file, line and column; IoError
[[nodiscard]] Result<Workload> load_workload(const std::filesystem::path& path);

// The same from text; `file` is the name that errors carry.
[[nodiscard]] Result<Workload> parse_workload(std::string_view text, std::string_view file);

// True for the commands that change data: insert, update, delete, findAndModify.
[[nodiscard]] bool is_write(bson::View command);

}  // namespace plumb::workload
