// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/rehearse/rounds.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::rehearse {
namespace {

std::string state_after(const Error& error) {
    switch (error.code()) {
        case ErrorCode::RolledBack:
            return "rolled back";
        case ErrorCode::RollbackFailed:
            return "failed and not rolled back";
        default:
            return "refused";
    }
}

}  // namespace

Rounds::Rounds(const Inputs& inputs,
               Scratch& scratch,
               std::vector<const project::MigrationFile*> files,
               Rehearsal& out)
    : inputs_(inputs), scratch_(scratch), files_(std::move(files)), out_(out) {
    for (const project::MigrationFile* file : files_) {
        MigrationLine line;
        line.version = file->version;
        line.name = file->name;
        line.title = file->title;
        out_.migrations.push_back(std::move(line));
    }
}

migrate::Deployment Rounds::deployment() {
    return {scratch_.client(),
            [this] { return scratch_.connect(); },
            inputs_.database,
            inputs_.tool,
            inputs_.clock,
            inputs_.faults,
            inputs_.interrupt,
            [this](const migrate::Event& event) { hear(event); }};
}

void Rounds::hear(const migrate::Event& event) {
    if (const auto* progress = std::get_if<migrate::Progress>(&event)) {
        inputs_.progress(progress->label, progress->done, progress->total);
    }
    const auto* index = std::get_if<migrate::IndexEvent>(&event);
    if (listening_ && index != nullptr && index->what == migrate::IndexEvent::What::Created) {
        heard_.push_back(*index);
    }
}

// Indexes that one command built come one after the other, each with how many there were.
void Rounds::add_builds(std::int64_t version) {
    for (std::size_t first = 0; first < heard_.size();) {
        const std::size_t together = std::min(
            static_cast<std::size_t>(std::max(heard_[first].together, 1)), heard_.size() - first);
        BuildLine build;
        build.version = version;
        build.collection = heard_[first].collection;
        build.measured_ms = heard_[first].ms;
        build.ms = Estimate::exactly(static_cast<double>(build.measured_ms));
        for (std::size_t at = first; at < first + together; ++at) {
            build.indexes.push_back(heard_[at].name);
        }
        out_.builds.push_back(std::move(build));
        first += together;
    }
    built_.insert(built_.end(), heard_.begin(), heard_.end());
    heard_.clear();
}

MigrationLine& Rounds::line_of(const project::MigrationFile& file) {
    return *std::find_if(out_.migrations.begin(), out_.migrations.end(), [&file](const auto& each) {
        return each.version == file.version;
    });
}

Status Rounds::failed(std::string_view what,
                      const project::MigrationFile& file,
                      const Error& error) {
    if (inputs_.interrupt.killed()) {
        return fail(ErrorCode::Interrupted, "stopped; the scratch copy is removed");
    }
    out_.failures.push_back({std::string{what}, file.version, "", "", error.message(), {}});
    return {};
}

Result<bool> Rounds::up() {
    const migrate::Deployment on = deployment();
    listening_ = true;
    for (const project::MigrationFile* file : files_) {
        MigrationLine& line = line_of(*file);
        inputs_.step(fmt::format("up {}", file->number()));
        const auto outcome = migrate::apply(on, *file);
        add_builds(file->version);
        if (!outcome.ok()) {
            line.state = state_after(outcome.error());
            PLUMB_CHECK(failed("up", *file, outcome.error()));
            listening_ = false;
            return false;
        }
        line.state = "applied";
        line.up_ms = outcome->ms;
        line.created = outcome->created;
        line.dropped = outcome->dropped;
        line.steps = outcome->steps;
        line.documents = outcome->documents;
    }
    listening_ = false;
    return true;
}

Result<bool> Rounds::down() {
    const migrate::Deployment on = deployment();
    for (auto each = files_.rbegin(); each != files_.rend(); ++each) {
        const project::MigrationFile& file = **each;
        MigrationLine& line = line_of(file);
        inputs_.step(fmt::format("down {}", file.number()));
        const auto outcome = migrate::revert(on, file.version);
        if (!outcome.ok()) {
            PLUMB_CHECK(failed("down", file, outcome.error()));
            return false;
        }
        line.down_ms = outcome->ms;
        line.went_down = true;
    }
    return true;
}

Result<bool> Rounds::again() {
    const migrate::Deployment on = deployment();
    for (const project::MigrationFile* file : files_) {
        MigrationLine& line = line_of(*file);
        inputs_.step(fmt::format("up {} again", file->number()));
        const auto outcome = migrate::apply(on, *file);
        if (!outcome.ok()) {
            PLUMB_CHECK(failed("again", *file, outcome.error()));
            return false;
        }
        line.again_ms = outcome->ms;
    }
    for (const project::MigrationFile* file : files_) {
        const auto outcome = migrate::apply(on, *file);
        if (!outcome.ok()) {
            PLUMB_CHECK(failed("again", *file, outcome.error()));
            return false;
        }
        if (!outcome->nothing_to_do && !outcome->changes_nothing()) {
            out_.failures.push_back({"again",
                                     file->version,
                                     "",
                                     "",
                                     "a run after it was applied changed something",
                                     {}});
            return false;
        }
        line_of(*file).went_up_again = true;
    }
    return true;
}

}  // namespace plumb::rehearse
