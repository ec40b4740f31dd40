// SPDX-License-Identifier: GPL-3.0-or-later
// A comparison as one document, for --json and the report's data.
#include "bson/builder.h"
#include "tool/bench/compare.h"

namespace plumb::bench {
namespace {

void append_interval(bson::Builder& out, std::string_view name, const Interval& interval) {
    out.begin_document(name);
    out.append("point", interval.point);
    out.append("low", interval.low);
    out.append("high", interval.high);
    out.end();
}

void append_reasons(bson::Builder& out, const std::vector<std::string>& reasons) {
    out.begin_array("reasons");
    for (const std::string& reason : reasons) {
        out.push(reason);
    }
    out.end();
}

void append_side(bson::Builder& out, std::string_view name, const Row& row) {
    out.begin_document(name);
    out.append("samples", row.samples);
    out.append("p50_ns", row.p50_ns);
    out.append("p95_ns", row.p95_ns);
    out.append("p99_ns", row.p99_ns);
    out.append("max_ns", row.max_ns);
    out.append("first_ns", row.first_ns);
    if (!row.cold_ns.empty()) {
        out.append("cold_ns", median(row.cold_ns));
    }
    out.append("documents", row.documents);
    out.append("keys_examined", row.keys_examined);
    out.append("docs_examined", row.docs_examined);
    out.append("bytes_received", row.bytes_received);
    out.append("server_cpu_ns", row.server_cpu_ns);
    out.append("plan", row.plan);
    out.append("error", row.error);
    out.end();
}

void append_row(bson::Builder& out, const RowComparison& row) {
    out.push_document();
    out.append("id", row.after.id);
    out.append("title", row.after.title);
    append_side(out, "before", row.before);
    append_side(out, "after", row.after);
    append_interval(out, "factor", row.factor);
    out.append("noise", row.noise);
    if (row.promise.has_value()) {
        out.begin_array("promised_factor");
        out.push(row.promise->range.low);
        out.push(row.promise->range.high);
        out.end();
    }
    out.append("verdict", verdict_text(row.verdict));
    append_reasons(out, row.reasons);
    out.begin_array("rules");
    for (const std::string& rule : row.rules) {
        out.push(rule);
    }
    out.end();
    out.end();
}

}  // namespace

bson::Document to_document(const Comparison& comparison) {
    bson::Builder out;
    out.append("schema", 1);
    out.append("server", comparison.after.server);
    out.append("database", comparison.after.database);
    out.append("before_at", comparison.before.at);
    out.append("after_at", comparison.after.at);
    out.append("noise", comparison.noise);
    out.append("noise_short", comparison.noise_short);
    out.begin_array("rows");
    for (const RowComparison& row : comparison.rows) {
        append_row(out, row);
    }
    out.end();
    out.begin_array("promises");
    for (const WholeComparison& whole : comparison.wholes) {
        out.push_document();
        out.append("name", whole.name);
        out.append("promised", whole.promised);
        out.append("measured", whole.measured);
        out.append("before", whole.before);
        out.append("after", whole.after);
        if (whole.ratio.has_value()) {
            append_interval(out, "ratio", *whole.ratio);
        }
        out.append("verdict", verdict_text(whole.verdict));
        append_reasons(out, whole.reasons);
        out.end();
    }
    out.end();
    out.begin_array("indexes");
    for (const IndexComparison& one : comparison.indexes) {
        out.push_document();
        out.append("collection", one.collection);
        out.append("name", one.index.name);
        out.append("key", one.index.key);
        out.append("bytes", one.index.bytes);
        out.append("uses", one.index.uses);
        out.append("new", one.is_new);
        out.append("gone", one.is_gone);
        out.end();
    }
    out.end();
    out.begin_array("warnings");
    for (const std::string& warning : comparison.warnings) {
        out.push(warning);
    }
    out.end();
    return out.finish();
}

}  // namespace plumb::bench
