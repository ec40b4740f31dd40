// SPDX-License-Identifier: GPL-3.0-or-later
// A proof as findings, and as a document for machines.
#include "bson/builder.h"
#include "tool/advise/advice_document_internal.h"
#include "tool/advise/prove.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace plumb::advise {
namespace {

// The planner's own choice may examine so much more than the index that was meant.
constexpr double kWorseShare = 0.2;
constexpr double kWorseExamined = 10;

constexpr auto kAlwaysFail =
    std::to_array<std::string_view>({"near_equal_plans", "slower_query", "winner_changed"});
static_assert(std::ranges::is_sorted(kAlwaysFail));

Severity severity_of(replan::Weight weight) {
    switch (weight) {
        case replan::Weight::Info:
            return Severity::Info;
        case replan::Weight::Warning:
            return Severity::Warning;
        case replan::Weight::Problem:
            return Severity::Problem;
    }
    return Severity::Info;
}

bool is_worse(const ProvenQuery& query) {
    const double more = query.after.examined() - query.examined_as_meant;
    return query.examined_as_meant >= 0 && more > kWorseExamined &&
           more > kWorseShare * query.examined_as_meant;
}

Finding not_chosen(const ProvenQuery& query) {
    const bool worse = is_worse(query);
    return {"not_chosen",
            worse ? Severity::Problem : Severity::Info,
            query.collection,
            query.label,
            fmt::format("{} takes {} and not {}, which is there for it",
                        query.label,
                        query.after.winner,
                        query.index_meant),
            query.examined_as_meant >= 0
                ? fmt::format("{:.0f} keys and documents examined a call, {:.0f} with a hint on {}",
                              query.after.examined(),
                              query.examined_as_meant,
                              query.index_meant)
                : fmt::format("{:.0f} keys and documents examined a call", query.after.examined()),
            worse ? fmt::format("hint {} where {} is asked, or leave {} out",
                                query.index_meant,
                                query.label,
                                query.after.winner)
                  : std::string{"nothing: what it takes does as well"}};
}

void append_plan(std::string_view name, const replan::QueryPlan& plan, bson::Builder& out) {
    out.begin_document(name);
    out.append("winner", plan.winner);
    out.append("plan", plan.stages);
    out.append("keys_examined", plan.keys);
    out.append("docs_examined", plan.docs);
    out.append("returned", plan.returned);
    out.append("ms", plan.ms);
    out.append("calls", static_cast<std::int64_t>(plan.calls));
    out.append("contests", static_cast<std::int64_t>(plan.contests));
    out.append("near_equal", static_cast<std::int64_t>(plan.close));
    if (!plan.error.empty()) {
        out.append("error", plan.error);
    }
    out.end();
}

}  // namespace

void append_findings(const Proof& proof, std::vector<Finding>& out) {
    for (const replan::PlanChange& change : proof.changes) {
        if (change.fails_gate()) {
            out.push_back({std::string{replan::code_of(change.kind)},
                           severity_of(change.weight),
                           change.collection,
                           change.label,
                           change.text,
                           change.evidence,
                           change.fix});
        }
    }
    for (const ProvenQuery& query : proof.queries) {
        // Where the model would rather scan, a planner that has an index takes it all the same.
        if (!query.as_meant() && query.index_meant != "scan") {
            out.push_back(not_chosen(query));
        }
    }
    for (const ProvenIndex& index : proof.indexes) {
        if (!index.error.empty()) {
            out.push_back({"build_failed",
                           Severity::Problem,
                           index.collection,
                           index.name,
                           fmt::format("{} could not be built", index.name),
                           index.error,
                           "correct the documents it cannot hold, or leave it out"});
        }
    }
}

bool fails_gate(const Finding& finding) {
    return finding.severity == Severity::Problem ||
           (finding.severity == Severity::Warning &&
            std::ranges::binary_search(kAlwaysFail, finding.code));
}

bson::Document to_document(const Proof& proof) {
    bson::Builder out;
    out.append("kind", proof.kind == ProofKind::Copy ? "copy" : "sample");
    out.begin_array("indexes");
    for (const ProvenIndex& index : proof.indexes) {
        out.push_document();
        out.append("what", word(index.what));
        out.append("collection", index.collection);
        out.append("name", index.name);
        out.append("bytes_expected", index.bytes_expected);
        out.append("bytes", index.bytes);
        out.append("build_ms", index.build_ms);
        if (!index.error.empty()) {
            out.append("error", index.error);
        }
        out.end();
    }
    out.end();
    out.begin_array("queries");
    for (const ProvenQuery& query : proof.queries) {
        out.push_document();
        out.append("label", query.label);
        out.append("collection", query.collection);
        out.append("index_meant", query.index_meant);
        out.append("as_meant", query.as_meant());
        out.append("expected_before", query.expected_before);
        out.append("expected_after", query.expected_after);
        append_plan("before", query.before, out);
        append_plan("after", query.after, out);
        out.end();
    }
    out.end();
    return out.finish();
}

}  // namespace plumb::advise
