// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/migrate_view.h"

#include "bson/json.h"
#include "project/migration_file.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::cli {
namespace {

using migrate::Direction;
using migrate::IndexEvent;

constexpr int kRuleWidth = 60;
constexpr std::size_t kFactsColumn = 46;

// "Creating indexes", "Dropping indexes", or for what concerns no index what kind of work it is.
std::string doing(std::string_view kind, Direction direction) {
    if (kind != "create_indexes" && kind != "drop_indexes") {
        std::string words{kind};
        std::replace(words.begin(), words.end(), '_', ' ');
        return (direction == Direction::Up ? "" : "Undoing ") + words;
    }
    const bool creates = (kind == "create_indexes") == (direction == Direction::Up);
    return creates ? "Creating indexes" : "Dropping indexes";
}

std::string upper(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return text;
}

// What is said beside an index on a terminal: the time of its command and its size.
std::string facts_of(const IndexEvent& event) {
    std::string out = human_duration(std::chrono::milliseconds{event.ms});
    if (event.together > 1) {
        out += fmt::format(" for {} together", event.together);
    }
    if (event.bytes >= 0) {
        out += fmt::format(", {}", human_bytes(event.bytes));
    }
    return out;
}

std::string text_of(const IndexEvent& event) {
    switch (event.what) {
        case IndexEvent::What::Created:
            return fmt::format(
                "  ✓ Created index{}: {}", event.unique ? " (UNIQUE)" : "", event.name);
        case IndexEvent::What::Exists:
            return fmt::format(
                "  = exists: {}{}{}", event.name, event.detail.empty() ? "" : ", ", event.detail);
        case IndexEvent::What::Dropped:
            return fmt::format("  ✓ Dropped index: {}", event.name);
        case IndexEvent::What::Absent:
            return fmt::format("  = not there: {}", event.name);
        case IndexEvent::What::Kept:
            return fmt::format("  ! kept: {}, {}", event.name, event.detail);
    }
    return "";
}

// "12 indexes", "1 index"
std::string indexes(int count) {
    return fmt::format("{} {}", count, count == 1 ? "index" : "indexes");
}

std::string summary(const migrate::Outcome& outcome, Direction direction, bool dry_run) {
    const std::string_view would = dry_run ? "Would have " : "";
    std::string out;
    const auto add = [&out](const std::string& part) { out += (out.empty() ? "" : ", ") + part; };
    const bool created_first =
        direction == Direction::Up && outcome.dropped == 0 && outcome.steps == 0;
    if (outcome.created > 0 || created_first) {
        add(fmt::format(
            "{}{} {}", would, dry_run ? "created" : "Created", indexes(outcome.created)));
    }
    if (outcome.steps > 0) {
        const bool begins = out.empty();
        add(fmt::format("{}{} {} {}",
                        begins ? would : "",
                        begins && !dry_run ? "Changed" : "changed",
                        outcome.documents,
                        outcome.documents == 1 ? "document" : "documents"));
    }
    if (outcome.left > 0) {
        add(fmt::format("{} left", outcome.left));
    }
    if (outcome.dropped > 0 || out.empty()) {
        const bool begins = out.empty();
        add(fmt::format("{}{} {}",
                        begins ? would : "",
                        begins && !dry_run ? "Dropped" : "dropped",
                        indexes(outcome.dropped)));
    }
    if (outcome.existed > 0) {
        add(fmt::format(
            "{} {} already", outcome.existed, outcome.existed == 1 ? "exists" : "exist"));
    }
    return out;
}

}  // namespace

void MigrateView::line(std::string_view text) {
    if (!silent_) {
        console_.out(text);
    }
}

void MigrateView::show(const migrate::Event& event) {
    std::visit([this](const auto& each) { on(each); }, event);
}

void MigrateView::on(const migrate::Started& event) {
    const bool down = event.direction == Direction::Down;
    const std::string rule(kRuleWidth, '=');
    line(rule);
    line(console_.coloured(Colour::Bold,
                           fmt::format("MIGRATION {}: {}{}{}",
                                       event.number,
                                       upper(event.title),
                                       down ? " (ROLLBACK)" : "",
                                       dry_run_ ? " (DRY RUN)" : "")));
    line(rule);
    line("");
    line(fmt::format("INFO: {} Migration {}: {}...",
                     down ? "Rolling back" : "Starting",
                     event.number,
                     doing(event.kind, event.direction)));
}

void MigrateView::on(const migrate::OperationStarted& event) {
    const std::string on = event.collection.empty() ? "" : " on db." + event.collection;
    line(fmt::format("INFO: {}{}...", doing(event.kind, event.direction), on));
}

void MigrateView::on(const migrate::IndexEvent& event) {
    std::string text = text_of(event);
    const bool has_facts =
        event.what == IndexEvent::What::Created || event.what == IndexEvent::What::Dropped;
    if (has_facts && console_.out_is_terminal()) {
        // The mark is three bytes and one column.
        const std::size_t columns = text.size() - 2;
        text.append(columns < kFactsColumn ? kFactsColumn - columns : 1, ' ');
        text += console_.coloured(Colour::Dim, facts_of(event));
    }
    line(text);
}

void MigrateView::on(const migrate::StepEvent& event) {
    using What = migrate::StepEvent::What;
    const std::string_view mark = event.what == What::Exists ? "= exists:"
                                  : event.what == What::Kept ? "! kept:"
                                                             : "✓";
    std::string text = fmt::format("  {} {}", mark, event.text);
    if (event.ms > 0 && console_.out_is_terminal()) {
        const std::size_t columns = text.size() - 2;
        text.append(columns < kFactsColumn ? kFactsColumn - columns : 1, ' ');
        std::string facts = human_duration(std::chrono::milliseconds{event.ms});
        if (event.batches > 0) {
            facts +=
                fmt::format(", {} {}", event.batches, event.batches == 1 ? "batch" : "batches");
        }
        text += console_.coloured(Colour::Dim, facts);
    }
    line(text);
}

void MigrateView::on(const migrate::Progress& event) {
    if (event.done < 0) {
        console_.progress_done();
    } else {
        console_.progress(event.label, event.done, event.total);
    }
}

void MigrateView::on(const migrate::Note& event) {
    console_.note(fmt::format("NOTE: {}", event.text));
}

void MigrateView::on(const migrate::WouldSend& event) {
    line(fmt::format("  {}> {}", event.database, bson::to_json(event.command.view())));
}

void MigrateView::show(const migrate::Outcome& outcome, Direction direction) {
    console_.progress_done();
    const std::string number = project::version_text(outcome.version);
    if (dry_run_) {
        line(
            fmt::format("Dry run of migration {}: nothing was written. A real run also writes the "
                        "ledger _plumb_migrations and the lock _plumb_lock",
                        number));
    } else if (direction == Direction::Down && outcome.nothing_to_do) {
        line(fmt::format("Migration {} is not applied; nothing to roll back", number));
        return;
    } else {
        line(console_.coloured(
            Colour::Green,
            fmt::format("✓ Migration {} {} successfully",
                        number,
                        direction == Direction::Up ? "completed" : "rolled back")));
    }
    line(summary(outcome, direction, dry_run_));
}

}  // namespace plumb::cli
