// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/verify/report.h"

#include "bson/builder.h"

#include <algorithm>
#include <array>
#include <utility>

namespace plumb::verify {
namespace {

struct MarkRow {
    Mark mark;
    std::string_view name;
    bool drift;
};

constexpr auto kMarks = std::to_array<MarkRow>({
    {Mark::Ok, "ok", false},
    {Mark::Adopted, "adopted", false},
    {Mark::Builtin, "builtin", false},
    {Mark::Missing, "missing", true},
    {Mark::Different, "different", true},
    {Mark::Extra, "extra", true},
    {Mark::Ignored, "ignored", false},
    {Mark::Later, "later", false},
    {Mark::Building, "building", true},
    {Mark::Inconsistent, "inconsistent", true},
    {Mark::Invalid, "invalid", true},
});

const MarkRow& row_of(Mark mark) {
    return kMarks.at(static_cast<std::size_t>(mark));
}

void append_if(bson::Builder& out, std::string_view field, const std::string& text) {
    if (!text.empty()) {
        out.append(field, text);
    }
}

void append_texts(bson::Builder& out,
                  std::string_view field,
                  const std::vector<std::string>& texts) {
    out.begin_array(field);
    for (const std::string& text : texts) {
        out.push(text);
    }
    out.end();
}

void append_line(bson::Builder& out, const Line& line) {
    out.push_document();
    out.append("name", line.name);
    out.append("key", line.key);
    out.append("mark", mark_name(line.mark));
    out.append("unique", line.unique);
    append_if(out, "detail", line.detail);
    append_if(out, "purpose", line.purpose);
    append_if(out, "owner", line.owner);
    append_if(out, "declared", line.declared);
    append_if(out, "redundant", line.redundant);
    append_if(out, "kept", line.kept);
    append_if(out, "usage", line.usage);
    append_if(out, "usage_reason", line.usage_reason);
    if (!line.way_out.empty()) {
        append_texts(out, "way_out", line.way_out);
    }
    if (!line.differences.empty()) {
        out.begin_array("differences");
        for (const project::Difference& each : line.differences) {
            out.push_document();
            out.append("field", each.field);
            out.append("wanted", each.wanted);
            out.append("found", each.found);
            out.end();
        }
        out.end();
    }
    out.end();
}

void append_members(bson::Builder& out, const Report& report) {
    out.begin_document("members");
    append_texts(out, "asked", report.asked);
    out.begin_array("not_asked");
    for (const index_facts::Unreached& each : report.not_asked) {
        out.push_document();
        out.append("name", each.name);
        out.append("why", each.why);
        out.end();
    }
    out.end();
    out.begin_array("inconsistent");
    for (const Inconsistency& each : report.inconsistent) {
        out.push_document();
        out.append("collection", each.collection);
        out.append("name", each.name);
        append_texts(out, "having", each.having);
        append_texts(out, "lacking", each.lacking);
        append_texts(out, "different", each.different);
        out.end();
    }
    out.end();
    out.end();
}

}  // namespace

std::string_view mark_name(Mark mark) {
    return row_of(mark).name;
}

bool is_drift(Mark mark) {
    return row_of(mark).drift;
}

void count_marks(Report& report, bool extra_is_drift) {
    report.counts.clear();
    report.drift = false;
    for (const CollectionReport& collection : report.collections) {
        report.drift = report.drift || !collection.valid;
        for (const Line& line : collection.lines) {
            ++report.counts[line.mark];
            const bool counts = line.mark != Mark::Extra || extra_is_drift;
            report.drift = report.drift || (is_drift(line.mark) && counts);
        }
    }
}

bson::Document to_document(const Report& report) {
    bson::Builder out;
    out.begin_array("collections");
    for (const CollectionReport& collection : report.collections) {
        out.push_document();
        out.append("name", collection.name);
        out.append("indexes", collection.indexes);
        if (!collection.validity.empty()) {
            out.append("valid", collection.valid);
            out.append("validity", collection.validity);
        }
        out.begin_array("lines");
        for (const Line& line : collection.lines) {
            append_line(out, line);
        }
        out.end();
        out.end();
    }
    out.end();
    out.append("checked", report.checked);
    out.begin_document("counts");
    for (const auto& [mark, count] : report.counts) {
        out.append(mark_name(mark), count);
    }
    out.end();
    out.append("drift", report.drift);
    append_members(out, report);
    append_texts(out, "notes", report.notes);
    return out.finish();
}

}  // namespace plumb::verify
