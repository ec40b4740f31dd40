// SPDX-License-Identifier: GPL-3.0-or-later
// plumb verify --queries: no declared query may scan a large collection.
#include "bson/json.h"
#include "cli/verify_run.h"

#include <fmt/format.h>

#include <array>
#include <map>

namespace plumb::cli {
namespace {

using verify::GateMark;

struct GateLook {
    GateMark mark;
    std::string_view sign;
    Colour colour;
};

constexpr auto kLooks = std::to_array<GateLook>({
    {GateMark::NoScan, "✓", Colour::Green},
    {GateMark::Small, "✓ scans, small", Colour::Green},
    {GateMark::Allowed, "✓ scans, allowed", Colour::Yellow},
    {GateMark::Scans, "✗ scans", Colour::Red},
    {GateMark::Failed, "✗ not explained", Colour::Red},
});

std::string scans_text(const verify::GateRow& row) {
    std::string out;
    for (const verify::FoundScan& scan : row.scans) {
        out += fmt::format("{}{}{}{}: {} documents ({})",
                           out.empty() ? "" : "; ",
                           scan.collection,
                           scan.shard.empty() ? "" : " on ",
                           scan.shard,
                           human_count(scan.documents),
                           scan.statement);
    }
    return out;
}

void show_row(Console& console, const verify::GateRow& row) {
    const GateLook& look = kLooks.at(static_cast<std::size_t>(row.mark));
    std::string text =
        fmt::format("  - {}: {}  {}", row.id, row.title, console.coloured(look.colour, look.sign));
    if (!row.scans.empty()) {
        text += "  " + scans_text(row);
    }
    if (!row.reason.empty()) {
        text += fmt::format(" ({})", row.reason);
    }
    if (row.permission_unused) {
        text +=
            console.coloured(Colour::Dim, "  note: scan_allowed is not needed, it scans nothing");
    }
    console.out(text);
}

void show(Console& console, const verify::Gate& gate) {
    std::map<GateMark, int> counts;
    for (const verify::GateRow& row : gate.rows) {
        show_row(console, row);
        ++counts[row.mark];
    }
    const std::string summary = fmt::format(
        "{} queries; {} scan a collection of {} documents or more, {} may, {} not explained",
        gate.rows.size(),
        counts[GateMark::Scans],
        human_count(gate.floor),
        counts[GateMark::Allowed],
        counts[GateMark::Failed]);
    console.out("");
    console.out(gate.failed ? console.coloured(Colour::Red, "✗ " + summary)
                            : console.coloured(Colour::Green, "✓ " + summary));
    if (counts[GateMark::Scans] > 0) {
        console.note(
            "next: plumb advise proposes indexes; where a scan is right, say so in workload.yaml: "
            "scan_allowed: WHY");
    }
}

}  // namespace

Result<ExitCode> gate_queries(Context& context, const VerifyOptions& options) {
    PLUMB_TRY(project, context.project());
    PLUMB_TRY(workload, workload::load_workload(project->workload_file()));
    PLUMB_TRY(database, context.database());
    PLUMB_TRY(client, context.client());
    verify::GateOptions gate_options;
    gate_options.floor = options.floor;
    PLUMB_TRY(
        gate,
        verify::check_queries(*client, database, workload, gate_options, context.interrupt()));
    if (context.options.json) {
        context.console().out(bson::to_json(verify::to_document(gate)));
    } else {
        show(context.console(), gate);
    }
    return gate.failed ? ExitCode::Problems : ExitCode::Done;
}

}  // namespace plumb::cli
