// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/advise_gate.h"

#include "bson/builder.h"
#include "bson/json.h"
#include "project/strategy.h"
#include "tool/advise/advice_document.h"
#include "tool/advise/findings.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <set>
#include <vector>

namespace plumb::cli {
namespace {

using advise::Proof;
using advise::ProvenIndex;
using advise::ProvenQuery;
using Declared = std::map<std::string, std::vector<project::IndexDefinition>>;

// The strategy's indexes; none without a project, or where it has no strategy.yaml.
Result<Declared> declared_indexes(Context& context) {
    Declared out;
    const auto project = context.project();
    if (!project.ok() || !std::filesystem::exists((*project)->strategy_file())) {
        return out;
    }
    PLUMB_TRY(strategy, project::load_strategy((*project)->strategy_file()));
    for (const project::StrategyIndex& index : strategy.indexes) {
        out[index.collection].push_back(index.index);
    }
    return out;
}

std::string count_text(double count) {
    return human_count(static_cast<std::int64_t>(std::llround(count)));
}

std::string bytes_text(double bytes) {
    return bytes < 0 ? "-" : human_bytes(static_cast<std::int64_t>(bytes));
}

std::string ms_text(double ms) {
    return ms < 0 ? "-" : fmt::format("{:.2f} ms", ms);
}

void print_indexes(Console& console, const Proof& proof) {
    console.out(fmt::format("  {:<18} {:<40} {:>10} {:>10} {:>10}",
                            "collection",
                            "index",
                            "expected",
                            "size",
                            "build"));
    for (const ProvenIndex& index : proof.indexes) {
        if (index.what != advise::IndexAdvice::What::Add) {
            continue;
        }
        console.out(fmt::format("  {:<18} {:<40} {:>10} {:>10} {:>10}",
                                index.collection,
                                index.name,
                                bytes_text(index.bytes_expected),
                                bytes_text(index.bytes),
                                index.error.empty() ? ms_text(index.build_ms) : "failed"));
    }
}

// What the model expected stands beside the real figure only where both are of the whole.
void print_query(Console& console, const ProvenQuery& query, bool whole) {
    if (query.after.calls == 0) {
        console.out(fmt::format("  {:<9} {}", query.label, query.after.error));
        return;
    }
    const auto pair = [whole](double expected, double real) {
        return whole ? count_text(expected) + " / " + count_text(real) : count_text(real);
    };
    console.out(
        fmt::format("  {:<9} {:>22} → {:>22}  {:>10} → {:>10}  {}{}",
                    query.label,
                    pair(query.expected_before, query.before.examined()),
                    pair(query.expected_after, query.after.examined()),
                    ms_text(query.before.ms),
                    ms_text(query.after.ms),
                    query.after.winner,
                    query.as_meant() ? "" : fmt::format(" (meant: {})", query.index_meant)));
}

void print_proof(Console& console, const Proof& proof) {
    const bool whole = proof.kind == advise::ProofKind::Copy;
    console.out("");
    console.out(console.coloured(Colour::Bold,
                                 whole ? "Proved on a copy (this engine's times)"
                                       : "Planned on the sample (this engine's plans)"));
    if (whole) {
        print_indexes(console, proof);
    }
    console.out(fmt::format("  {:<9} {:>22} → {:>22}  {:>10} → {:>10}  {}",
                            "query",
                            whole ? "expected / examined" : "examined",
                            "after",
                            "time",
                            "after",
                            "index"));
    for (const ProvenQuery& query : proof.queries) {
        print_query(console, query, whole);
    }
}

std::vector<const advise::Finding*> failures(const advise::Advice& advice) {
    std::vector<const advise::Finding*> out;
    for (const advise::Finding& finding : advice.findings) {
        if (advise::fails_gate(finding)) {
            out.push_back(&finding);
        }
    }
    return out;
}

Result<Proof> prove(Context& context,
                    const GateOptions& options,
                    const std::string& database,
                    const advise::Advice& advice) {
    PLUMB_TRY(client, context.client());
    advise::ProofOptions proof;
    proof.kind = options.prove ? advise::ProofKind::Copy : advise::ProofKind::Sample;
    proof.scratch.parent = options.scratch;
    proof.seed = options.seed;
    auto out = advise::prove(*client,
                             database,
                             advice,
                             proof,
                             context.interrupt(),
                             [&](std::string_view label, std::int64_t done, std::int64_t total) {
                                 context.console().progress(label, done, total);
                             });
    context.console().progress_done();
    return out;
}

}  // namespace

void add_gate_options(CLI::App& command, GateOptions& options) {
    command.add_flag("--prove",
                     options.prove,
                     "copy the database into an engine of its own, build the chosen set there, and "
                     "run every query before and after");
    command.add_flag("--what-if",
                     options.what_if,
                     "the same with the sampled documents alone: which index the planner takes");
    command.add_flag("--gate",
                     options.gate,
                     "exit 1 if the change makes another query slower, changes its winner without "
                     "a gain or leaves plans nearly equal, or a finding is a problem");
    command.add_flag("--list-findings", options.list_findings, "print what can be found, and stop");
    command.add_option("--scratch", options.scratch, "folder for that engine's data");
    command
        .add_option("--usage-window",
                    options.usage_days,
                    "days without use that an index must have before it is called unused")
        ->check(CLI::Range(1, 3650))
        ->capture_default_str();
}

void print_finding_codes(Context& context) {
    if (!context.options.json) {
        for (const advise::FindingRow& row : advise::finding_table()) {
            context.console().out(fmt::format("{:<25} {}", row.code, row.about));
        }
        return;
    }
    bson::Builder out;
    out.begin_array("findings");
    for (const advise::FindingRow& row : advise::finding_table()) {
        out.push_document();
        out.append("code", row.code);
        out.append("about", row.about);
        out.end();
    }
    out.end();
    context.console().out(bson::to_json(out.finish()));
}

Result<std::optional<Proof>> look_further(Context& context,
                                          const GateOptions& options,
                                          const std::string& database,
                                          advise::Advice& advice) {
    PLUMB_TRY(client, context.client());
    PLUMB_TRY(declared, declared_indexes(context));
    PLUMB_TRY(url, context.url());
    PLUMB_TRY(members, index_facts::reach_members(*client, url));
    const advise::FurtherLook look{*client,
                                   database,
                                   declared,
                                   members,
                                   context.interrupt(),
                                   {context.clock().now().count(), options.usage_days}};
    PLUMB_CHECK(advise::find_further(look, advice));
    if (!options.prove && !options.what_if && !options.gate) {
        return std::optional<Proof>{};
    }
    PLUMB_TRY(proof, prove(context, options, database, advice));
    advise::append_findings(proof, advice.findings);
    return std::optional<Proof>{std::move(proof)};
}

bson::Document advice_document(const GateOptions& options,
                               const advise::Advice& advice,
                               const std::optional<Proof>& proof) {
    bson::Builder out;
    out.append_all(advise::to_document(advice));
    if (proof) {
        out.append("proof", advise::to_document(*proof));
    }
    if (options.gate) {
        out.append("gate", failures(advice).empty() ? "passed" : "failed");
    }
    return out.finish();
}

ExitCode finish_gate(Context& context,
                     const GateOptions& options,
                     const advise::Advice& advice,
                     const std::optional<Proof>& proof) {
    Console& console = context.console();
    const std::vector<const advise::Finding*> failed = failures(advice);
    if (proof && !context.options.json) {
        print_proof(console, *proof);
    }
    if (!options.gate) {
        return ExitCode::Done;
    }
    if (!context.options.json) {
        std::map<std::string, std::string> by_code;
        for (const advise::Finding* finding : failed) {
            std::string& about = by_code[finding->code];
            about += (about.empty() ? "" : ", ") + finding->about;
        }
        console.out("");
        console.out(failed.empty() ? console.coloured(Colour::Green, "Gate: passed")
                                   : console.coloured(Colour::Red, "Gate: failed"));
        for (const auto& [code, about] : by_code) {
            console.out(fmt::format("  {}: {}", code, about));
        }
    }
    return failed.empty() ? ExitCode::Done : ExitCode::Problems;
}

}  // namespace plumb::cli
