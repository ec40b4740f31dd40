// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/watch/baseline.h"

#include "tool/capture/shape.h"
#include "tool/watch/promises.h"

#include <algorithm>

namespace plumb::watch {
namespace {

// The collection of an index that a row's plan names: the row's own, else the one that has it.
const bench::CollectionInfo* collection_with(const bench::Recording& recording,
                                             const bench::Row& row,
                                             std::string_view index) {
    const auto has = [index](const bench::CollectionInfo& collection) {
        return std::any_of(collection.indexes.begin(),
                           collection.indexes.end(),
                           [index](const bench::IndexInfo& each) { return each.name == index; });
    };
    const bench::CollectionInfo* own = recording.collection(row.collection);
    if (own != nullptr && has(*own)) {
        return own;
    }
    const auto at = std::find_if(recording.collections.begin(), recording.collections.end(), has);
    return at == recording.collections.end() ? nullptr : &*at;
}

BaselineIndex& index_of(Baseline& baseline, std::string_view collection, std::string_view name) {
    for (BaselineIndex& index : baseline.indexes) {
        if (index.collection == collection && index.name == name) {
            return index;
        }
    }
    BaselineIndex made;
    made.collection = collection;
    made.name = name;
    baseline.indexes.push_back(std::move(made));
    return baseline.indexes.back();
}

void add_strategy(const BaselineSources& sources, Baseline& out) {
    for (const project::StrategyIndex& wanted : sources.strategy->indexes) {
        if (wanted.priority > sources.priority) {
            continue;
        }
        BaselineIndex& index = index_of(out, wanted.collection, wanted.index.name);
        index.unique = wanted.index.unique;
        index.expires = wanted.index.expire_after.has_value();
        index.wanted = true;
        index.is_new = true;
    }
}

// Of one collection of the later recording; `earlier` is null if there was no run before.
void add_indexes(const bench::CollectionInfo& collection,
                 const bench::Recording* earlier,
                 Baseline& out) {
    const bench::CollectionInfo* before =
        earlier == nullptr ? nullptr : earlier->collection(collection.name);
    for (const bench::IndexInfo& index : collection.indexes) {
        const bool was_there =
            before != nullptr &&
            std::any_of(before->indexes.begin(),
                        before->indexes.end(),
                        [&index](const bench::IndexInfo& each) { return each.name == index.name; });
        BaselineIndex& known = index_of(out, collection.name, index.name);
        known.is_new = earlier == nullptr ? known.is_new : !was_there && index.name != "_id_";
    }
}

void add_uses(const bench::Recording& after, Baseline& out) {
    double examined = 0;
    double returned = 0;
    for (const bench::Row& row : after.rows) {
        for (const std::string& name : row.indexes) {
            if (const auto* collection = collection_with(after, row, name)) {
                BaselineIndex& index = index_of(out, collection->name, name);
                if (std::find(index.used_by.begin(), index.used_by.end(), row.id) ==
                    index.used_by.end()) {
                    index.used_by.push_back(row.id);
                    index.calls_a_minute += row.frequency;
                }
            }
        }
        if (row.counted && row.error.empty()) {
            examined += row.frequency * row.docs_examined;
            returned += row.frequency * row.documents;
        }
    }
    out.docs_per_returned = returned > 0 ? examined / returned : 0;
}

void add_shapes(const BaselineSources& sources, Baseline& out) {
    constexpr double kNsPerMs = 1e6;
    for (const workload::Query& query : sources.workload->queries) {
        const bench::Row* row = sources.after ? sources.after->row(query.id) : nullptr;
        const bool measured = row != nullptr && row->counted && row->error.empty();
        for (const bson::Document& command : query.commands) {
            for (const capture::Shape& shape : capture::shapes_of("", command)) {
                BaselineShape known{.shape = shape.id, .query = query.id, .title = query.title};
                if (measured && query.commands.size() == 1) {
                    known.has_figures = true;
                    known.docs_examined = row->docs_examined;
                    known.returned = row->documents;
                    known.p95_ms = row->p95_ns / kNsPerMs;
                    known.collection_scan = row->collection_scan;
                }
                // Several queries may have one shape: the one with figures is worth more.
                const BaselineShape* other = out.shape(shape.id);
                if (other == nullptr || (!other->has_figures && known.has_figures)) {
                    std::erase_if(out.shapes,
                                  [&shape](const auto& each) { return each.shape == shape.id; });
                    out.shapes.push_back(std::move(known));
                }
            }
        }
    }
}

}  // namespace

const BaselineIndex* Baseline::index(std::string_view subject) const {
    const auto at = std::find_if(indexes.begin(), indexes.end(), [subject](const auto& each) {
        return each.subject() == subject;
    });
    return at == indexes.end() ? nullptr : &*at;
}

const BaselineShape* Baseline::shape(std::string_view id) const {
    const auto at = std::find_if(
        shapes.begin(), shapes.end(), [id](const auto& each) { return each.shape == id; });
    return at == shapes.end() ? nullptr : &*at;
}

Baseline make_baseline(const BaselineSources& sources) {
    Baseline out;
    if (sources.strategy) {
        add_strategy(sources, out);
    }
    if (sources.after) {
        out.recorded_at = sources.after->environment.at;
        const bench::Recording* before = sources.before ? &*sources.before : nullptr;
        for (const bench::CollectionInfo& collection : sources.after->collections) {
            add_indexes(collection, before, out);
        }
        add_uses(*sources.after, out);
    }
    if (sources.workload) {
        add_shapes(sources, out);
        out.promises = measured_promises(sources);
    }
    return out;
}

}  // namespace plumb::watch
