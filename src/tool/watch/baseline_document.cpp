// SPDX-License-Identifier: GPL-3.0-or-later
// The baseline as it is kept in a series.
#include "bson/builder.h"
#include "tool/watch/baseline.h"
#include "tool/watch/fields.h"

namespace plumb::watch {
namespace {

void append_indexes(const Baseline& baseline, bson::Builder& out) {
    out.begin_array("indexes");
    for (const BaselineIndex& index : baseline.indexes) {
        out.push_document();
        out.append("collection", index.collection);
        out.append("name", index.name);
        out.begin_array("usedBy");
        for (const std::string& id : index.used_by) {
            out.push(id);
        }
        out.end();
        out.append("callsAMinute", index.calls_a_minute);
        out.append("new", index.is_new);
        out.append("unique", index.unique);
        out.append("expires", index.expires);
        out.append("wanted", index.wanted);
        out.end();
    }
    out.end();
}

void append_shapes(const Baseline& baseline, bson::Builder& out) {
    out.begin_array("shapes");
    for (const BaselineShape& shape : baseline.shapes) {
        out.push_document();
        out.append("shape", shape.shape);
        out.append("query", shape.query);
        out.append("title", shape.title);
        if (shape.has_figures) {
            out.append("docsExamined", shape.docs_examined);
            out.append("returned", shape.returned);
            out.append("p95Ms", shape.p95_ms);
            out.append("collectionScan", shape.collection_scan);
        }
        out.end();
    }
    out.end();
}

BaselineIndex index_from(bson::View document) {
    BaselineIndex index;
    index.collection = text_at(document, "collection");
    index.name = text_at(document, "name");
    for (const bson::Element& id : array_at(document, "usedBy")) {
        if (id.value.type() == bson::Type::String) {
            index.used_by.emplace_back(id.value.as_string());
        }
    }
    index.calls_a_minute = number_at(document, "callsAMinute");
    index.is_new = flag_at(document, "new");
    index.unique = flag_at(document, "unique");
    index.expires = flag_at(document, "expires");
    index.wanted = flag_at(document, "wanted");
    return index;
}

BaselineShape shape_from(bson::View document) {
    BaselineShape shape;
    shape.shape = text_at(document, "shape");
    shape.query = text_at(document, "query");
    shape.title = text_at(document, "title");
    shape.has_figures = document.has("docsExamined");
    shape.docs_examined = number_at(document, "docsExamined");
    shape.returned = number_at(document, "returned");
    shape.p95_ms = number_at(document, "p95Ms");
    shape.collection_scan = flag_at(document, "collectionScan");
    return shape;
}

MeasuredPromise promise_from(bson::View document) {
    return {.item = text_at(document, "item"),
            .promised = text_at(document, "promised"),
            .measured = text_at(document, "measured"),
            .verdict = text_at(document, "verdict"),
            .evidence = text_at(document, "evidence")};
}

template <class T>
void read_each(bson::ArrayView array, T (*read)(bson::View), std::vector<T>& out) {
    for (const bson::Element& element : array) {
        if (element.value.type() == bson::Type::Document) {
            out.push_back(read(element.value.as_document()));
        }
    }
}

}  // namespace

bson::Document to_document(const Baseline& baseline) {
    bson::Builder out;
    out.append("recordedAt", baseline.recorded_at);
    append_indexes(baseline, out);
    append_shapes(baseline, out);
    out.begin_array("promises");
    for (const MeasuredPromise& promise : baseline.promises) {
        out.push_document();
        out.append("item", promise.item);
        out.append("promised", promise.promised);
        out.append("measured", promise.measured);
        out.append("verdict", promise.verdict);
        out.append("evidence", promise.evidence);
        out.end();
    }
    out.end();
    out.append("docsPerReturned", baseline.docs_per_returned);
    return out.finish();
}

Baseline baseline_from(bson::View document) {
    Baseline baseline;
    baseline.recorded_at = text_at(document, "recordedAt");
    read_each(array_at(document, "indexes"), index_from, baseline.indexes);
    read_each(array_at(document, "shapes"), shape_from, baseline.shapes);
    read_each(array_at(document, "promises"), promise_from, baseline.promises);
    baseline.docs_per_returned = number_at(document, "docsPerReturned");
    return baseline;
}

}  // namespace plumb::watch
