// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/write_trial.h"

#include "tool/bench/field_visitors_internal.h"
#include "tool/bench/json_file.h"
#include "tool/bench/recording_fields_internal.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::bench {

constexpr std::int32_t kSchema = 2;

template <class T, class Visitor>
void visit(T& interval, Visitor& field) requires std::is_same_v<std::remove_const_t<T>, Interval> {
    field("point", interval.point);
    field("low", interval.low);
    field("high", interval.high);
}

template <class T, class Visitor>
void visit(T& level, Visitor& field) requires std::is_same_v<std::remove_const_t<T>, WriteLevel> {
    field("indexes", level.indexes);
    field("samples", level.samples);
    field("p50_ns", level.p50_ns);
    field("p95_ns", level.p95_ns);
    field("max_ns", level.max_ns);
    field("ratio", level.ratio);
}

template <class T, class Visitor>
void visit(T& row, Visitor& field) requires std::is_same_v<std::remove_const_t<T>, WriteRow> {
    field("kind", row.kind);
    field("field", row.field);
    field("levels", row.levels);
    field("error", row.error);
}

template <class T, class Visitor>
void visit(T& index, Visitor& field) requires std::is_same_v<std::remove_const_t<T>, TrialIndex> {
    field("name", index.name);
    field("key", index.key);
    field("bytes", index.bytes);
    field("build_ms", index.build_ms);
    field("note", index.note);
}

template <class T, class Visitor>
void visit(T& collection,
           Visitor& field) requires std::is_same_v<std::remove_const_t<T>, TrialCollection> {
    field("name", collection.name);
    field("documents", collection.documents);
    field("indexes", collection.indexes);
    field("rows", collection.rows);
}

template <class T, class Visitor>
void visit(T& trial, Visitor& field) requires std::is_same_v<std::remove_const_t<T>, WriteTrial> {
    field("environment", trial.environment);
    field("collections", trial.collections);
}

const WriteRow* TrialCollection::row(std::string_view kind) const {
    const auto found = std::find_if(
        rows.begin(), rows.end(), [kind](const WriteRow& one) { return one.kind == kind; });
    return found == rows.end() ? nullptr : &*found;
}

const TrialCollection* WriteTrial::collection(std::string_view name) const {
    const auto found =
        std::find_if(collections.begin(), collections.end(), [name](const TrialCollection& one) {
            return one.name == name;
        });
    return found == collections.end() ? nullptr : &*found;
}

std::string scratch_name(std::string_view collection, std::size_t indexes) {
    return fmt::format("_plumb_bench_{}_{}", collection, indexes);
}

bson::Document to_document(const WriteTrial& trial) {
    bson::Builder out;
    out.append("schema", kSchema);
    out.append_all(written(trial));
    return out.finish();
}

Status save(const WriteTrial& trial, const std::filesystem::path& path) {
    return save_document(to_document(trial), path);
}

Result<WriteTrial> load_write_trial(const std::filesystem::path& path) {
    PLUMB_TRY(document, load_document(path));
    const bson::ValueView schema = document.find("schema");
    if (!schema.is_number() || bson::to_double(schema) != kSchema) {
        return fail(
            ErrorCode::FailedToParse,
            fmt::format("{}: these are no measured writes of schema {}", path.string(), kSchema));
    }
    WriteTrial out;
    PLUMB_CHECK(read_fields(document, out).context(path.string()));
    return out;
}

}  // namespace plumb::bench
