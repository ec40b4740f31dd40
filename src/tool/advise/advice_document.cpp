// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/advice_document.h"

#include "bson/builder.h"
#include "tool/advise/advice_document_internal.h"

namespace plumb::advise {
std::string_view word(IndexAdvice::What what) {
    switch (what) {
        case IndexAdvice::What::Add:
            return "add";
        case IndexAdvice::What::Keep:
            return "keep";
        case IndexAdvice::What::Drop:
            return "drop";
    }
    return {};
}

namespace {

std::string_view word(Severity severity) {
    switch (severity) {
        case Severity::Info:
            return "info";
        case Severity::Warning:
            return "warning";
        case Severity::Problem:
            return "problem";
    }
    return {};
}

void append_index(const IndexAdvice& index, bson::Builder& out) {
    out.push_document();
    out.append("what", word(index.what));
    out.append("collection", index.collection);
    out.append("name", index.name);
    append_candidate(index.candidate, out);
    out.append("priority", index.priority);
    out.begin_array("serves");
    for (const std::string& label : index.serves) {
        out.push(label);
    }
    out.end();
    out.append("gain_us_a_minute", index.gain_us);
    out.append("upkeep_us_a_minute", index.upkeep_us);
    out.append("gain_share_of_workload", index.gain_share);
    out.append("docs_examined_before", index.docs_before);
    out.append("docs_examined_after", index.docs_after);
    out.append("build_us", index.build_us);
    out.append("why", index.why);
    out.end();
}

}  // namespace

std::string join_labels(const std::vector<std::string>& labels) {
    std::string out;
    for (const std::string& label : labels) {
        out += (out.empty() ? "" : ", ") + label;
    }
    return out;
}

bson::Document to_document(const Advice& advice) {
    bson::Builder out;
    out.append("cost_before_us", advice.cost_before_us);
    out.append("cost_after_us", advice.cost_after_us);
    out.append("writes_us", advice.writes_us);
    out.begin_array("indexes");
    for (const IndexAdvice& index : advice.indexes) {
        append_index(index, out);
    }
    out.end();
    out.begin_array("queries");
    for (const QueryAdvice& query : advice.queries) {
        out.push_document();
        out.append("label", query.asked.label);
        out.append("shape", query.asked.shape.text);
        out.append("calls_a_minute", query.asked.calls_a_minute);
        append_access("before", query.before, query.index_before, out);
        append_access("after", query.after, query.index_after, out);
        out.end();
    }
    out.end();
    out.begin_array("findings");
    for (const Finding& finding : advice.findings) {
        out.push_document();
        out.append("code", finding.code);
        out.append("severity", word(finding.severity));
        out.append("collection", finding.collection);
        out.append("about", finding.about);
        out.append("text", finding.text);
        out.append("evidence", finding.evidence);
        out.append("fix", finding.fix);
        out.end();
    }
    out.end();
    out.begin_document("statistics");
    for (const auto& [collection, fields] : advice.statistics) {
        const CollectionSample& sample = advice.samples.at(collection);
        out.begin_document(collection);
        out.append("documents", sample.documents);
        out.append("data_bytes", sample.data_bytes);
        out.append("sampled", static_cast<std::int64_t>(sample.rows.size()));
        out.begin_array("fields");
        for (const FieldStatistics& field : fields) {
            out.push(to_document(field));
        }
        out.end();
        out.end();
    }
    out.end();
    if (advice.comparison) {
        append_comparison(*advice.comparison, out);
    }
    return out.finish();
}

}  // namespace plumb::advise
