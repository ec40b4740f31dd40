// SPDX-License-Identifier: GPL-3.0-or-later
// The names of all fields of a kept rehearsal, once for writing and reading. For record.cpp.
//
// Threads  pure functions.
#pragma once

#include "tool/rehearse/record.h"

#include <concepts>
#include <type_traits>

namespace plumb::rehearse {

template <class T, class Wanted>
concept Is = std::same_as<std::remove_const_t<T>, Wanted>;

template <Is<Estimate> T, class Visitor>
void visit(T& one, Visitor& with) {
    with("value", one.value);
    with("low", one.low);
    with("high", one.high);
}

template <Is<CollectionLine> T, class Visitor>
void visit(T& one, Visitor& with) {
    with("name", one.name);
    with("documents", one.documents);
    with("bytes", one.bytes);
    with("copied", one.copied);
    with("how", one.how);
    with("hash", one.hash);
}

template <Is<MigrationLine> T, class Visitor>
void visit(T& one, Visitor& with) {
    with("version", one.version);
    with("name", one.name);
    with("title", one.title);
    with("state", one.state);
    with("upMs", one.up_ms);
    with("downMs", one.down_ms);
    with("againMs", one.again_ms);
    with("created", one.created);
    with("dropped", one.dropped);
    with("steps", one.steps);
    with("documents", one.documents);
    with("restored", one.went_down);
    with("again", one.went_up_again);
}

template <Is<BuildLine> T, class Visitor>
void visit(T& one, Visitor& with) {
    with("migration", one.version);
    with("collection", one.collection);
    with("indexes", one.indexes);
    with("measuredMs", one.measured_ms);
    with("ms", one.ms);
}

template <Is<IndexLine> T, class Visitor>
void visit(T& one, Visitor& with) {
    with("migration", one.version);
    with("collection", one.collection);
    with("name", one.name);
    with("key", one.key);
    with("unique", one.unique);
    with("multikey", one.multikey);
    with("measuredEntries", one.measured_entries);
    with("measuredBytes", one.measured_bytes);
    with("entries", one.entries);
    with("bytes", one.bytes);
}

template <Is<QuerySide> T, class Visitor>
void visit(T& one, Visitor& with) {
    with("plan", one.plan);
    with("collectionScan", one.collection_scan);
    with("docs", one.docs);
    with("keys", one.keys);
    with("ms", one.ms);
}

template <Is<QueryLine> T, class Visitor>
void visit(T& one, Visitor& with) {
    with("id", one.id);
    with("title", one.title);
    with("collection", one.collection);
    with("frequency", one.frequency);
    with("critical", one.critical);
    with("writes", one.writes);
    with("before", one.before);
    with("after", one.after);
    with("factor", one.factor);
    with("scales", one.scales);
    with("error", one.error);
}

template <Is<WriteLine> T, class Visitor>
void visit(T& one, Visitor& with) {
    with("collection", one.collection);
    with("entriesBefore", one.entries_before);
    with("entriesAfter", one.entries_after);
    with("factor", one.factor);
}

template <Is<LintLine> T, class Visitor>
void visit(T& one, Visitor& with) {
    with("code", one.code);
    with("error", one.error);
    with("migration", one.migration);
    with("file", one.file);
    with("line", one.line);
    with("text", one.text);
}

template <Is<Failure> T, class Visitor>
void visit(T& one, Visitor& with) {
    with("what", one.what);
    with("migration", one.version);
    with("collection", one.collection);
    with("index", one.index);
    with("text", one.text);
    with("ids", one.ids);
}

template <Is<Difference> T, class Visitor>
void visit(T& one, Visitor& with) {
    with("after", one.after);
    with("collection", one.collection);
    with("text", one.text);
}

template <Is<Rehearsal> T, class Visitor>
void visit(T& one, Visitor& with) {
    with("at", one.at);
    with("source", one.source);
    with("database", one.database);
    with("engine", one.engine);
    with("share", one.share);
    with("seconds", one.seconds);
    with("times", one.times);
    with("peakMemoryBytes", one.peak_memory_bytes);
    with("rollback", one.rollback);
    with("collections", one.collections);
    with("migrations", one.migrations);
    with("builds", one.builds);
    with("indexes", one.indexes);
    with("queries", one.queries);
    with("writeCost", one.writes);
    with("lint", one.lint);
    with("wouldFail", one.failures);
    with("differences", one.differences);
    with("notes", one.notes);
}

template <Is<Rollback> T, class Visitor>
void visit(T& one, Visitor& with) {
    with("done", one.done);
    with("ms", one.ms);
    with("sameContent", one.same_content);
    with("sameIndexes", one.same_indexes);
}

}  // namespace plumb::rehearse
