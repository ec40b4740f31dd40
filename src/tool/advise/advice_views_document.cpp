// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/builder.h"
#include "tool/advise/advice_document.h"
#include "tool/advise/advice_document_internal.h"

namespace plumb::advise {
namespace {

void append_set(std::string_view name, const SetFigures& set, bson::Builder& out) {
    out.begin_document(name);
    out.append("indexes", static_cast<std::int64_t>(set.indexes));
    out.append("bytes", static_cast<std::int64_t>(set.bytes));
    out.append("queries_us", set.queries_us);
    out.append("upkeep_us", set.upkeep_us);
    out.append("cost_us", set.cost_us);
    out.end();
}

void append_considered(const ConsideredIndex& each, bson::Builder& out) {
    out.push_document();
    append_candidate(each.candidate, out);
    append_access("access", each.access, each.candidate.text(), out);
    out.append("upkeep_us_a_minute", each.upkeep_us);
    out.append("chosen", each.chosen);
    out.append("why", each.why);
    out.end();
}

}  // namespace

void append_access(std::string_view name,
                   const Access& access,
                   const std::string& index,
                   bson::Builder& out) {
    out.begin_document(name);
    out.append("index", index);
    out.append("keys_examined", access.keys);
    out.append("docs_examined", access.docs);
    out.append("returned", access.returned);
    out.append("sorts_in_memory", access.sorts);
    out.append("covered", access.covered);
    out.append("us", access.us);
    out.end();
}

void append_candidate(const Candidate& candidate, bson::Builder& out) {
    out.append("key", candidate.key());
    if (candidate.partial) {
        out.append("partial", *candidate.partial);
    }
    if (candidate.sparse) {
        out.append("sparse", true);
    }
    out.append("bytes", static_cast<std::int64_t>(candidate.bytes));
}

void append_comparison(const Comparison& comparison, bson::Builder& out) {
    out.begin_document("against");
    out.append("file", comparison.file);
    out.append("priority", comparison.priority);
    append_set("document", comparison.document, out);
    append_set("advice", comparison.advised, out);
    out.begin_array("queries");
    for (const ComparedQuery& query : comparison.queries) {
        out.push_document();
        out.append("label", query.label);
        out.append("calls_a_minute", query.calls_a_minute);
        append_access("document", query.document, query.index_document, out);
        append_access("advice", query.advised, query.index_advised, out);
        out.end();
    }
    out.end();
    out.end();
}

bson::Document to_document(const QueryExplanation& explanation) {
    bson::Builder out;
    out.append("label", explanation.label);
    out.append("title", explanation.title);
    out.append("shape", explanation.shape);
    out.append("collection", explanation.collection);
    out.append("calls_a_minute", explanation.calls_a_minute);
    out.append("documents", explanation.documents);
    out.append("sampled", static_cast<std::int64_t>(explanation.sampled));
    out.append("document_bytes", explanation.document_bytes);
    out.begin_array("instances");
    for (const std::string& instance : explanation.instances) {
        out.push(instance);
    }
    out.end();
    out.begin_array("fields");
    for (const FieldStatistics& field : explanation.fields) {
        out.push(to_document(field));
    }
    out.end();
    append_access("scan", explanation.scan, "scan", out);
    append_access("before", explanation.before, explanation.index_before, out);
    append_access("after", explanation.after, explanation.index_after, out);
    out.begin_array("considered");
    for (const ConsideredIndex& each : explanation.considered) {
        append_considered(each, out);
    }
    out.end();
    out.append("not_usable", static_cast<std::int64_t>(explanation.not_usable));
    return out.finish();
}

}  // namespace plumb::advise
