// SPDX-License-Identifier: GPL-3.0-or-later
// The advice put to the test in an engine of its own: the chosen indexes are built, every query is
// planned and run before and after, and what the planner does is held against what was meant.
//
//   PLUMB_TRY(proof, prove(*client, "shop", advice, {.kind = ProofKind::Copy}, interrupt));
//   append_findings(proof, advice.findings);     // not_chosen, slower_query, winner_changed …
//
// ProofKind::Sample loads the sampled documents (seconds, for any size); plans are the planner's
// own, figures are the sample's. ProofKind::Copy copies the whole database, which is only read;
// figures, sizes and build times are real, of this engine.
//
// Threads  one thread.
#pragma once

#include "base/interrupt.h"
#include "base/result.h"
#include "bson/document.h"
#include "client/client.h"
#include "tool/advise/advice.h"
#include "tool/replan/compare.h"
#include "tool/replan/scratch.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::advise {

enum class ProofKind : std::uint8_t { Sample, Copy };

// One index of the advice.
struct ProvenIndex {
    IndexAdvice::What what = IndexAdvice::What::Add;
    std::string collection;
    std::string name;
    std::string key;
    double bytes_expected = 0;
    double bytes = -1;     // -1: dropped, or not known
    double build_ms = -1;  // -1: it was there
    std::string error;     // why it could not be built; empty: it could
};

// One query. Examined: keys and documents a call.
struct ProvenQuery {
    std::string label;
    std::string collection;
    double expected_before = 0;  // by the model, for the whole collection
    double expected_after = 0;
    std::string index_meant;   // names, "a_1 + b_1"; "scan"
    replan::QueryPlan before;  // what really happened
    replan::QueryPlan after;
    double examined_as_meant = -1;  // with a hint on the index that was meant; -1: not asked

    [[nodiscard]] bool as_meant() const;
};

struct Proof {
    ProofKind kind = ProofKind::Sample;
    std::vector<ProvenIndex> indexes;
    std::vector<ProvenQuery> queries;
    std::vector<replan::PlanChange> changes;
};

struct ProofOptions {
    ProofKind kind = ProofKind::Sample;
    replan::ScratchOptions scratch;
    std::size_t calls_max = 8;  // of each query
    std::uint64_t seed = 1;     // of made values where a source has shapes only
};

// What is being done, for progress; `total` 0 where it is not known.
using ProofProgress = replan::Scratch::Progress;

// `client` reaches the database that the advice is about; nothing is written there.
//   errors  ServerStartFailed, IoError; what a server says; Interrupted
[[nodiscard]] Result<Proof> prove(client::Client& client,
                                  const std::string& database,
                                  const Advice& advice,
                                  const ProofOptions& options,
                                  Interrupt& interrupt,
                                  const ProofProgress& progress);

// near_equal_plans, slower_query, winner_changed (where it is not for the better), not_chosen,
// build_failed.
void append_findings(const Proof& proof, std::vector<Finding>& out);

// True if `--gate` must fail: a change of another query, or a finding that is a problem.
[[nodiscard]] bool fails_gate(const Finding& finding);

// {kind, indexes: […], queries: […]}
[[nodiscard]] bson::Document to_document(const Proof& proof);

}  // namespace plumb::advise
