// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/report_sections.h"

#include "bson/number.h"
#include "cli/rehearse_run.h"
#include "tool/bench/figures.h"
#include "tool/bench/json_file.h"
#include "tool/rehearse/record.h"

#include <fmt/format.h>

#include <optional>

namespace plumb::cli {
namespace {

std::string ms_text(std::int64_t ms) {
    return bench::duration_text(static_cast<double>(ms) * 1e6);
}

std::optional<report::ExtraSection> rehearsal_section(Context& context, std::string_view database) {
    const auto path = rehearsal_file(context);
    if (!std::filesystem::exists(path)) {
        return std::nullopt;
    }
    const auto loaded = rehearse::load(path);
    if (!loaded.ok()) {
        context.console().note(loaded.error().message());
        return std::nullopt;
    }
    if (loaded->database != database) {
        return std::nullopt;
    }
    report::ExtraSection out;
    out.heading = "Rehearsal";
    out.lines.push_back(fmt::format("{}: {} of {}, on {}{}",
                                    loaded->at,
                                    loaded->sampled() ? "a sample" : "a whole copy",
                                    loaded->database,
                                    loaded->engine,
                                    loaded->would_work() ? "; everything would work" : ""));
    for (const rehearse::Failure& failure : loaded->failures) {
        out.lines.push_back(fmt::format("would fail: {}", failure.text));
    }
    if (loaded->rollback.done) {
        out.lines.push_back(fmt::format("way back of all: {}; documents {}, indexes {}",
                                        ms_text(loaded->rollback.ms),
                                        loaded->rollback.same_content ? "as they were" : "differ",
                                        loaded->rollback.same_indexes ? "as they were" : "differ"));
    }
    out.caption = "Each migration up, down and up again";
    out.columns = {"migration", "state", "up", "down", "up again", "indexes", "documents changed"};
    for (const rehearse::MigrationLine& line : loaded->migrations) {
        out.rows.push_back({fmt::format("{:03} {}", line.version, line.title),
                            line.state,
                            ms_text(line.up_ms),
                            line.went_down ? ms_text(line.down_ms) : "–",
                            line.went_up_again ? ms_text(line.again_ms) : "–",
                            std::to_string(line.created),
                            bench::count_text(static_cast<double>(line.documents))});
    }
    return out;
}

std::string text_at(bson::View document, std::string_view name) {
    const bson::ValueView value = document.find(name);
    return value.type() == bson::Type::String ? std::string{value.as_string()} : std::string{};
}

std::optional<report::ExtraSection> watch_section(Context& context, std::string_view database) {
    const auto path = context.options.data.parent_path() / "watch" / "summary.json";
    if (!std::filesystem::exists(path)) {
        return std::nullopt;
    }
    const auto loaded = bench::load_document(path);
    if (!loaded.ok()) {
        context.console().note(loaded.error().message());
        return std::nullopt;
    }
    if (text_at(*loaded, "database") != database) {
        return std::nullopt;
    }
    report::ExtraSection out;
    out.heading = "Watch";
    const bson::ValueView samples = loaded->find("samples");
    out.lines.push_back(
        fmt::format("{} samples; recommendation: {}",
                    samples.is_number() ? bench::count_text(bson::to_double(samples)) : "?",
                    text_at(*loaded, "recommendation")));
    const bson::ValueView reasons = loaded->find("reasons");
    if (reasons.type() == bson::Type::Array) {
        for (const bson::Element& reason : reasons.as_array()) {
            if (reason.value.type() == bson::Type::String) {
                out.lines.emplace_back(reason.value.as_string());
            }
        }
    }
    out.caption = "The checklist of the deployment, filled in by the watch";
    out.columns = {"what", "promised", "measured", "verdict", "evidence"};
    const bson::ValueView checklist = loaded->find("checklist");
    if (checklist.type() == bson::Type::Array) {
        for (const bson::Element& item : checklist.as_array()) {
            if (item.value.type() == bson::Type::Document) {
                const bson::View line = item.value.as_document();
                out.rows.push_back({text_at(line, "title"),
                                    text_at(line, "promised"),
                                    text_at(line, "measured"),
                                    text_at(line, "verdict"),
                                    text_at(line, "evidence")});
            }
        }
    }
    return out;
}

}  // namespace

std::vector<report::ExtraSection> recorded_sections(Context& context, std::string_view database) {
    std::vector<report::ExtraSection> out;
    for (auto* make : {rehearsal_section, watch_section}) {
        if (auto section = make(context, database)) {
            out.push_back(*std::move(section));
        }
    }
    return out;
}

}  // namespace plumb::cli
