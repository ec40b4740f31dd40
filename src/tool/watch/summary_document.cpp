// SPDX-License-Identifier: GPL-3.0-or-later
// The summary as JSON and as lines.
#include "bson/builder.h"
#include "bson/json.h"
#include "tool/bench/figures.h"
#include "tool/watch/summary.h"
#include "tool/watch/time_text.h"

#include <fmt/format.h>

#include <fstream>

namespace plumb::watch {
namespace {

void append_checklist(const Summary& summary, bson::Builder& out) {
    out.begin_array("checklist");
    for (const ChecklistLine& line : summary.checklist) {
        out.push_document();
        out.append("item", line.item);
        out.append("title", line.title);
        out.append("promised", line.promised);
        out.append("measured", line.measured);
        out.append("verdict", line.verdict);
        out.append("evidence", line.evidence);
        out.end();
    }
    out.end();
}

void append_indexes(const Summary& summary, bson::Builder& out) {
    out.begin_array("indexes");
    for (const IndexSummary& index : summary.indexes) {
        out.push_document();
        out.append("collection", index.collection);
        out.append("name", index.name);
        out.append("new", index.is_new);
        out.append("there", index.there);
        out.append("uses", static_cast<std::int64_t>(index.uses));
        out.append("bytes", index.bytes);
        out.append("recommendation", index.recommendation);
        out.append("reason", index.reason);
        out.end();
    }
    out.end();
}

void append_interruptions(const Summary& summary, bson::Builder& out) {
    out.begin_array("gaps");
    for (const Gap& gap : summary.gaps) {
        out.push_document();
        out.append("from", utc_text(gap.from_ms));
        out.append("to", utc_text(gap.to_ms));
        out.end();
    }
    out.end();
    out.begin_array("restarts");
    for (const Restart& restart : summary.restarts) {
        out.push_document();
        out.append("member", restart.member);
        out.append("at", utc_text(restart.at_ms));
        out.end();
    }
    out.end();
}

std::string checkbox(const ChecklistLine& line) {
    if (line.verdict == "met" || line.verdict == "exceeded") {
        return "[x]";
    }
    return line.verdict == "not measured" ? "[?]" : "[ ]";
}

std::string promised_text(const ChecklistLine& line) {
    if (line.promised.empty() && line.measured.empty()) {
        return line.verdict;
    }
    return fmt::format("{}{}: {}",
                       line.measured.empty() ? "" : line.measured + ", ",
                       line.promised.empty() ? "nothing promised" : "promised " + line.promised,
                       line.verdict);
}

std::string alert_text(const Alert& alert) {
    std::string text = fmt::format("  {} {} {}: {}; first {}, last {}, {} samples{}",
                                   severity_name(alert.severity),
                                   alert.code,
                                   alert.subject,
                                   alert.evidence,
                                   utc_text(alert.first_ms),
                                   utc_text(alert.last_ms),
                                   alert.samples,
                                   alert.active ? "" : ", over");
    return text;
}

}  // namespace

bson::Document to_document(const Summary& summary) {
    bson::Builder out;
    out.append("schema", 1);
    out.append("database", summary.database);
    out.append("url", summary.url);
    out.append("from", utc_text(summary.from_ms));
    out.append("to", utc_text(summary.to_ms));
    out.append("everyMs", summary.every_ms);
    out.append("forMs", summary.for_ms);
    out.append("samples", summary.samples);
    out.append("sessions", summary.sessions);
    out.begin_array("members");
    for (const std::string& member : summary.members) {
        out.push(member);
    }
    out.end();
    append_interruptions(summary, out);
    if (summary.cpu_share >= 0) {
        out.append("cpuShare", summary.cpu_share);
    }
    append_checklist(summary, out);
    append_indexes(summary, out);
    out.begin_array("alerts");
    for (const Alert& alert : summary.alerts) {
        out.push(to_document(alert));
    }
    out.end();
    out.append("recommendation", summary.recommendation);
    out.begin_array("reasons");
    for (const std::string& reason : summary.reasons) {
        out.push(reason);
    }
    out.end();
    out.begin_array("lines");
    for (const std::string& line : summary_lines(summary)) {
        out.push(line);
    }
    out.end();
    return out.finish();
}

std::vector<std::string> summary_lines(const Summary& summary) {
    std::vector<std::string> out;
    out.push_back(fmt::format(
        "watched {} on {}: {} to {}, {} samples{}",
        summary.database,
        fmt::join(summary.members, ", "),
        utc_text(summary.from_ms),
        utc_text(summary.to_ms),
        summary.samples,
        summary.sessions > 1 ? fmt::format(" in {} sessions", summary.sessions) : std::string{}));
    for (const Gap& gap : summary.gaps) {
        out.push_back(fmt::format("  gap of {}: {} to {}",
                                  span_text(gap.to_ms - gap.from_ms),
                                  utc_text(gap.from_ms),
                                  utc_text(gap.to_ms)));
    }
    for (const Restart& restart : summary.restarts) {
        out.push_back(
            fmt::format("  {} restarted before {}", restart.member, utc_text(restart.at_ms)));
    }
    for (const ChecklistLine& line : summary.checklist) {
        out.push_back(fmt::format("{} {}: {}", checkbox(line), line.title, promised_text(line)));
        if (!line.evidence.empty()) {
            out.push_back(fmt::format("      {}", line.evidence));
        }
    }
    out.emplace_back("indexes:");
    for (const IndexSummary& index : summary.indexes) {
        if (index.is_new || index.recommendation != "keep") {
            out.push_back(fmt::format(
                "  {} {}.{}{}: {}{}",
                index.recommendation,
                index.collection,
                index.name,
                index.is_new ? " (new)" : "",
                index.reason,
                index.there ? ", " + bench::bytes_text(static_cast<double>(index.bytes)) : ""));
        }
    }
    out.push_back(summary.alerts.empty() ? "alerts: none" : "alerts:");
    for (const Alert& alert : summary.alerts) {
        out.push_back(alert_text(alert));
    }
    out.push_back(fmt::format("recommendation: {}", summary.recommendation));
    for (const std::string& reason : summary.reasons) {
        out.push_back(fmt::format("  {}", reason));
    }
    return out;
}

Status save(const Summary& summary, const std::filesystem::path& file) {
    std::error_code failed;
    std::filesystem::create_directories(file.parent_path(), failed);
    std::filesystem::path aside = file;
    aside += ".new";
    std::ofstream stream{aside, std::ios::binary | std::ios::trunc};
    stream << bson::to_json(to_document(summary).view()) << '\n';
    stream.close();
    if (stream) {
        std::filesystem::rename(aside, file, failed);
    }
    if (!stream || failed) {
        return fail(ErrorCode::IoError, fmt::format("cannot write {}", file.string()));
    }
    return {};
}

}  // namespace plumb::watch
