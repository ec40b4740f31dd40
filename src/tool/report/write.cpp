// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/builder.h"
#include "bson/json.h"
#include "tool/report/report.h"

#include <fmt/format.h>

#include <fstream>

namespace plumb::report {
namespace {

Status write_file(const std::filesystem::path& path, const std::string& text) {
    std::ofstream file{path, std::ios::binary | std::ios::trunc};
    file << text;
    file.close();
    if (!file) {
        return fail(ErrorCode::IoError, fmt::format("cannot write {}", path.string()));
    }
    return {};
}

void append_mixed(std::string_view name, const bench::Recording& recording, bson::Builder& out) {
    out.begin_array(name);
    for (const bench::Mixed& one : recording.mixed) {
        out.push(bench::to_document(one));
    }
    out.end();
}

void append_texts(const std::vector<std::string>& texts, bson::Builder& out) {
    for (const std::string& text : texts) {
        out.push(text);
    }
    out.end();
}

void append_extra(const ReportInput& input, bson::Builder& out) {
    out.begin_array("sections");
    for (const ExtraSection& section : input.extra) {
        out.push_document();
        out.append("heading", section.heading);
        append_texts(section.lines, out.begin_array("lines"));
        append_texts(section.columns, out.begin_array("columns"));
        out.begin_array("rows");
        for (const auto& row : section.rows) {
            append_texts(row, out.push_array());
        }
        out.end();
        out.end();
    }
    out.end();
}

}  // namespace

std::string to_json(const ReportInput& input) {
    bson::Builder out;
    out.append("project", input.project);
    out.begin_array("summary");
    for (const std::string& line : summary_lines(input)) {
        out.push(line);
    }
    out.end();
    out.append("comparison", bench::to_document(input.comparison));
    out.begin_array("history");
    for (const HistoryRow& row : input.history) {
        out.push_document();
        out.append("version", row.version);
        out.append("name", row.name);
        out.append("state", row.state);
        out.append("at", row.at);
        out.append("ms", row.ms);
        out.append("host", row.host);
        out.end();
    }
    out.end();
    if (input.writes.has_value()) {
        out.append("writes", bench::to_document(*input.writes));
    }
    out.begin_document("mixed");
    append_mixed("before", input.before, out);
    append_mixed("after", input.after, out);
    out.end();
    append_extra(input, out);
    return bson::to_pretty_json(out.finish()) + "\n";
}

Status write_report(const ReportInput& input, const std::filesystem::path& path) {
    std::error_code ignored;
    if (path.has_parent_path()) {
        std::filesystem::create_directories(path.parent_path(), ignored);
    }
    PLUMB_CHECK(write_file(path, to_html(input)));
    PLUMB_CHECK(
        write_file(std::filesystem::path{path}.replace_extension(".md"), to_markdown(input)));
    return write_file(std::filesystem::path{path}.replace_extension(".json"), to_json(input));
}

}  // namespace plumb::report
