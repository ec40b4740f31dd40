// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/json.h"
#include "tool/advise/advice_document.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace plumb::advise {
namespace {

constexpr double kMegabyte = 1024.0 * 1024.0;

// What the strategy holds: all but what is to go. By priority, then by gain, as the advice has
// them.
std::vector<const IndexAdvice*> wanted(const Advice& advice) {
    std::vector<const IndexAdvice*> out;
    for (const IndexAdvice& index : advice.indexes) {
        if (index.what != IndexAdvice::What::Drop) {
            out.push_back(&index);
        }
    }
    std::ranges::stable_sort(out, {}, [](const IndexAdvice* index) { return index->priority; });
    return out;
}

std::string titles(const Advice& advice, const IndexAdvice& index) {
    std::string out;
    for (const std::string& label : index.serves) {
        const auto query = std::ranges::find_if(
            advice.queries, [&](const QueryAdvice& each) { return each.asked.label == label; });
        if (query != advice.queries.end()) {
            const std::string& title =
                query->asked.title.empty() ? query->asked.shape.text : query->asked.title;
            out += (out.empty() ? "" : "; ") + title;
        }
    }
    return out.empty() ? index.why : out;
}

// A text in YAML's double quotes.
std::string yaml_text(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
        }
        out += c;
    }
    return out + '"';
}

std::string key_yaml(const Candidate& candidate) {
    std::string out;
    for (const IndexField& field : candidate.fields) {
        const bool plain = field.path.find_first_of(" :{}[],#&*!|>'\"%@`") == std::string::npos;
        out += fmt::format("{}{}: {}",
                           out.empty() ? "" : ", ",
                           plain ? field.path : yaml_text(field.path),
                           field.direction);
    }
    return "{" + out + "}";
}

double factor(const QueryAdvice& query) {
    return query.after.us > 0 ? query.before.us / query.after.us : 1;
}

void append_queries(const Advice& advice, std::string& out) {
    out += "| query | calls/min | examined before | after | index | forecast |\n";
    out += "|---|---|---|---|---|---|\n";
    for (const QueryAdvice& query : advice.queries) {
        out += fmt::format("| {} `{}` | {:g} | {:.0f} | {:.0f} | {} | {:.1f}× |\n",
                           query.asked.label,
                           query.asked.shape.text,
                           query.asked.calls_a_minute,
                           query.before.docs + query.before.keys,
                           query.after.docs + query.after.keys,
                           query.index_after,
                           factor(query));
    }
}

void append_index(const IndexAdvice& index, std::string& out) {
    const bool stays = index.what != IndexAdvice::What::Drop;
    const std::string_view sign = index.what == IndexAdvice::What::Add ? "+" : stays ? "=" : "−";
    out += fmt::format("| {} | {} | `{}` | {} | {:.0f} → {:.0f} | {:.1f} MB | ",
                       sign,
                       index.collection,
                       index.candidate.text(),
                       join_labels(index.serves),
                       index.docs_before,
                       index.docs_after,
                       index.candidate.bytes / kMegabyte);
    if (stays) {
        out += fmt::format("{:.2f} s | {:.1f} ms | {:.1f} ms ({:.2f} %) | {} | {} |\n",
                           index.build_us / 1e6,
                           index.upkeep_us / 1000,
                           index.gain_us / 1000,
                           100 * index.gain_share,
                           index.priority,
                           index.why);
    } else {
        out += fmt::format("- | {:.1f} ms | - | - | {} |\n", index.upkeep_us / 1000, index.why);
    }
}

void append_comparison_text(const Advice& advice, std::string& out) {
    if (!advice.comparison) {
        return;
    }
    const SetFigures& document = advice.comparison->document;
    const SetFigures& advised = advice.comparison->advised;
    out += fmt::format(
        "\n## Against {}\n| | document | advice |\n|---|---|---|\n| indexes | {} | {} |\n"
        "| size | {:.1f} MB | {:.1f} MB |\n| queries a minute | {:.1f} ms | {:.1f} ms |\n"
        "| writes a minute | {:.1f} ms | {:.1f} ms |\n| workload cost a minute | {:.1f} ms | "
        "{:.1f} "
        "ms |\n",
        advice.comparison->file,
        document.indexes,
        advised.indexes,
        document.bytes / kMegabyte,
        advised.bytes / kMegabyte,
        document.queries_us / 1000,
        advised.queries_us / 1000,
        document.upkeep_us / 1000,
        advised.upkeep_us / 1000,
        document.cost_us / 1000,
        advised.cost_us / 1000);
}

}  // namespace

std::string strategy_yaml(const Advice& advice, const std::string& title) {
    std::string out =
        "# Written by `plumb advise`: what to have and why. Purposes may be edited.\n";
    out += fmt::format("title: {}\n\nindexes:\n", yaml_text(title));
    for (const IndexAdvice* index : wanted(advice)) {
        out += fmt::format(
            "  - collection: {}\n    key: {}\n", index->collection, key_yaml(index->candidate));
        if (index->candidate.partial) {
            out += fmt::format("    partial: {}\n", bson::to_json(*index->candidate.partial));
        }
        if (index->candidate.sparse && index->candidate.existing < 0) {
            out += "    sparse: true\n";
        }
        const auto& samples = advice.samples.at(index->collection);
        if (index->candidate.existing >= 0) {
            const project::IndexDefinition& there =
                samples.indexes[static_cast<std::size_t>(index->candidate.existing)].definition;
            out += fmt::format("    name: {}\n", yaml_text(there.name));
            out += there.unique ? "    unique: true\n" : "";
            out += there.sparse ? "    sparse: true\n" : "";
            if (there.expire_after) {
                out += fmt::format("    expire_after: {}\n", *there.expire_after);
            }
        }
        out += fmt::format("    priority: {}\n    purpose: {}\n",
                           index->priority,
                           yaml_text(titles(advice, *index)));
        if (!index->serves.empty()) {
            out += fmt::format("    serves: [{}]\n", join_labels(index->serves));
        }
    }
    return out;
}

std::string strategy_document(const Advice& advice, const std::string& title) {
    double bytes = 0;
    std::size_t added = 0;
    std::size_t dropped = 0;
    for (const IndexAdvice& index : advice.indexes) {
        bytes += index.what == IndexAdvice::What::Add ? index.candidate.bytes : 0;
        added += index.what == IndexAdvice::What::Add ? 1U : 0U;
        dropped += index.what == IndexAdvice::What::Drop ? 1U : 0U;
    }
    std::string out = fmt::format("# {}\n\n## Summary\n", title);
    out += fmt::format(
        "{} indexes to add ({:.1f} MB), {} to drop. The workload's cost a minute goes "
        "from {:.1f} to {:.1f} ms of engine time, by the estimate below.\n\n",
        added,
        bytes / kMegabyte,
        dropped,
        advice.cost_before_us / 1000,
        advice.cost_after_us / 1000);
    out += "## Queries\n";
    append_queries(advice, out);
    out +=
        "\n## Indexes\nDocuments examined are those of a call of the queries it serves. Gain is "
        "what "
        "the workload costs more without it; build times are an estimate of this engine.\n\n"
        "| | collection | key | serves | examined before → after | size | build | writes a minute "
        "| "
        "gain a minute | priority | why |\n|---|---|---|---|---|---|---|---|---|---|---|\n";
    for (const IndexAdvice& index : advice.indexes) {
        append_index(index, out);
    }
    append_comparison_text(advice, out);
    out += "\n## Findings\n";
    for (const Finding& finding : advice.findings) {
        out += fmt::format(
            "- **{}** {} ({}). {}\n", finding.code, finding.text, finding.evidence, finding.fix);
    }
    out +=
        "\n## Caveats\nFigures are estimates from a sample, in this engine's costs. Measure with "
        "`plumb bench` before and after.\n\n## Rollback\n`plumb migrate down --last` drops what "
        "the "
        "migration created, and nothing else.\n";
    return out;
}

}  // namespace plumb::advise
