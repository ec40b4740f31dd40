// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/runbook/runbook.h"

#include "bson/builder.h"
#include "tool/bench/figures.h"
#include "tool/runbook/sections.h"

#include <fmt/format.h>

namespace plumb::runbook {

Runbook write_runbook(const Facts& facts) {
    Runbook out;
    out.title = fmt::format("Deployment of {} to {}", facts.project, facts.database);
    std::vector<std::string> versions;
    for (const PendingMigration& pending : facts.pending) {
        versions.push_back(fmt::format("{} {}", pending.file.number(), pending.file.title));
    }
    std::int64_t documents = 0;
    std::int64_t bytes = 0;
    for (const auto& [name, collection] : facts.collections) {
        documents += collection.documents;
        bytes += collection.bytes;
    }
    out.about.push_back(fmt::format("{} on {}: {} in {} collections, {}",
                                    facts.server,
                                    facts.url,
                                    bench::documents_text(static_cast<double>(documents)),
                                    facts.collections.size(),
                                    bench::bytes_text(static_cast<double>(bytes))));
    out.about.push_back(versions.empty()
                            ? std::string{"Pending: nothing. There is nothing to deploy."}
                            : fmt::format("Pending: {}", fmt::join(versions, "; ")));
    out.about.emplace_back("The commands take the deployment from MONGO_URL or `--url`.");
    out.about.push_back(fmt::format("Written by `plumb runbook` at {}", facts.at));
    if (facts.pending.empty()) {
        return out;
    }
    out.sections = {window_section(facts),
                    forecast_section(facts),
                    run_section(facts),
                    check_section(facts),
                    back_section(facts),
                    watch_section(facts),
                    abort_section(facts)};
    return out;
}

std::string to_markdown(const Runbook& runbook) {
    std::string out = fmt::format("# {}\n", runbook.title);
    for (const std::string& line : runbook.about) {
        out += fmt::format("\n{}\n", line);
    }
    for (const Section& section : runbook.sections) {
        out += fmt::format("\n## {}\n\n", section.title);
        for (const Step& step : section.steps) {
            out += fmt::format("- [ ] {}", step.text);
            if (!step.command.empty()) {
                out += fmt::format(": `{}`", step.command);
            }
            out += '\n';
            for (const std::string& line : step.expect) {
                out += fmt::format("  - expect: {}\n", line);
            }
            if (!step.source.empty()) {
                out += fmt::format("  - source: {}\n", step.source);
            }
        }
    }
    return out;
}

bson::Document to_document(const Runbook& runbook) {
    bson::Builder out;
    out.append("schema", 1);
    out.append("title", runbook.title);
    out.begin_array("about");
    for (const std::string& line : runbook.about) {
        out.push(line);
    }
    out.end();
    out.begin_array("sections");
    for (const Section& section : runbook.sections) {
        out.push_document();
        out.append("name", section.name);
        out.append("title", section.title);
        out.begin_array("steps");
        for (const Step& step : section.steps) {
            out.push_document();
            out.append("text", step.text);
            out.append("command", step.command);
            out.begin_array("expect");
            for (const std::string& line : step.expect) {
                out.push(line);
            }
            out.end();
            out.append("source", step.source);
            out.end();
        }
        out.end();
        out.end();
    }
    out.end();
    return out.finish();
}

}  // namespace plumb::runbook
