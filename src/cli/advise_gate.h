// SPDX-License-Identifier: GPL-3.0-or-later
// What `plumb advise` does after the advice: the findings that need the server or the strategy, the
// proof in an engine of its own, and the gate.
//
//   add_gate_options(*command, options->gate);
//   PLUMB_TRY(proof, look_further(context, options.gate, database, *advice));   // adds findings
//   …                                                                        // print the advice
//   return finish_gate(context, options.gate, *advice, proof);
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "cli/context.h"
#include "tool/advise/advice.h"
#include "tool/advise/prove.h"

#include <cstdint>
#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace plumb::cli {

struct GateOptions {
    bool list_findings = false;
    bool gate = false;
    bool prove = false;
    bool what_if = false;
    std::string scratch;  // folder for the engine that proves
    int usage_days = 30;
    std::uint64_t seed = 1;
};

void add_gate_options(CLI::App& command, GateOptions& options);

// --list-findings: every code with what it says.
void print_finding_codes(Context& context);

// Appends to `advice.findings`; the proof if one was asked for.
[[nodiscard]] Result<std::optional<advise::Proof>> look_further(Context& context,
                                                                const GateOptions& options,
                                                                const std::string& database,
                                                                advise::Advice& advice);

// The advice for machines, with the proof as `proof` and the gate's verdict as `gate`.
[[nodiscard]] bson::Document advice_document(const GateOptions& options,
                                             const advise::Advice& advice,
                                             const std::optional<advise::Proof>& proof);

// Prints the proof and what the gate says (not under --json); Problems if the gate fails.
[[nodiscard]] ExitCode finish_gate(Context& context,
                                   const GateOptions& options,
                                   const advise::Advice& advice,
                                   const std::optional<advise::Proof>& proof);

}  // namespace plumb::cli
