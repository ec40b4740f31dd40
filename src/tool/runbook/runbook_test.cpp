// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/runbook/runbook.h"

#include <gtest/gtest.h>

namespace plumb::runbook {
namespace {

Facts facts_without_records() {
    Facts facts;
    facts.project = "Shop";
    facts.project_folder = ".";
    facts.database = "shop";
    facts.server = "MongoDB 4.2.0";
    facts.url = "mongodb://db1:27017";
    facts.at = "2026-01-27T04:30:00Z";
    PendingMigration pending;
    pending.file.version = 3;
    pending.file.title = "Add indexes";
    pending.creates = 1;
    migrate::BuildForecast forecast;
    forecast.collection = "orders";
    forecast.size.documents = 1000;
    forecast.indexes.push_back({"user_id_1", 1000, 10'000, 20'000, false});
    forecast.ms_low = 100;
    forecast.ms_high = 400;
    forecast.basis = "estimated from 500 of 1 000 documents";
    pending.forecasts.push_back(forecast);
    facts.pending.push_back(pending);
    facts.collections["orders"] = {.documents = 1000,
                                   .bytes = 1'000'000,
                                   .indexes_now = 1,
                                   .indexes_then = 2,
                                   .to_create = {"user_id_1"},
                                   .to_drop = {}};
    return facts;
}

rehearse::Rehearsal rehearsal() {
    rehearse::Rehearsal out;
    out.at = "2026-01-26T10:00:00Z";
    out.engine = "plumbd 0.1.0";
    out.rollback = {.done = true, .ms = 250, .same_content = true, .same_indexes = true};
    rehearse::MigrationLine migration;
    migration.version = 3;
    migration.up_ms = 700;
    out.migrations.push_back(migration);
    rehearse::IndexLine index;
    index.version = 3;
    index.collection = "orders";
    index.name = "user_id_1";
    index.entries = rehearse::Estimate::exactly(1000);
    index.bytes = rehearse::Estimate::exactly(15'000);
    out.indexes.push_back(index);
    return out;
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

TEST(Runbook, NamesTheCommandThatRecordsWhatIsMissing) {
    const std::string text = to_markdown(write_runbook(facts_without_records()));
    EXPECT_TRUE(has(text, "Time of the way back\n  - source: not recorded: `plumb rehearse`"))
        << text;
    EXPECT_TRUE(has(text, "Who watches\n  - source: not recorded: `owners: {watch: NAME}`"))
        << text;
    EXPECT_TRUE(has(text, "Time that `migrate up` needs: 100 ms to 400 ms")) << text;
    EXPECT_TRUE(has(text, "not rehearsed")) << text;
    EXPECT_TRUE(has(text, "runs for more than 800 ms, twice its forecast")) << text;
}

TEST(Runbook, TakesFiguresOfTheRehearsal) {
    Facts facts = facts_without_records();
    facts.rehearsal = rehearsal();
    facts.window = "02:00-05:00";
    facts.notes.owners = {{"watch", "Asha"}};
    const std::string text = to_markdown(write_runbook(facts));
    EXPECT_TRUE(has(text, "Time that `migrate up` needs: 700 ms")) << text;
    EXPECT_TRUE(has(text, "250 ms in the rehearsal")) << text;
    EXPECT_TRUE(has(text, "every document as it was: yes")) << text;
    EXPECT_TRUE(has(text, "migrate up --window 02:00-05:00")) << text;
    EXPECT_TRUE(has(text, "Asha watches")) << text;
    EXPECT_TRUE(has(text, "orders.user_id_1: 1 000 entries, 15.0 kB")) << text;
}

TEST(Runbook, SaysThatOtherWorkIsNotForecast) {
    Facts facts = facts_without_records();
    facts.pending[0].other_work = {"add_field on orders"};
    const std::string text = to_markdown(write_runbook(facts));
    EXPECT_TRUE(has(text, "index builds alone; for the other work: not recorded")) << text;
    EXPECT_TRUE(has(text, "runs for more than twice its forecast\n  - source: not recorded"))
        << text;
}

TEST(Runbook, HasTheCommandsInOrder) {
    const Runbook book = write_runbook(facts_without_records());
    std::vector<std::string> commands;
    for (const Section& section : book.sections) {
        for (const Step& step : section.steps) {
            if (section.name == "run") {
                commands.push_back(step.command);
            }
        }
    }
    EXPECT_EQ(commands,
              (std::vector<std::string>{"plumb copy --to \"$BACKUP_URL\"",
                                        "plumb verify",
                                        "plumb migrate lint",
                                        "plumb bench --before",
                                        "plumb migrate up --dry-run",
                                        "plumb migrate up",
                                        "plumb verify",
                                        "plumb bench --after",
                                        "plumb bench --compare",
                                        "plumb watch --for 48h --every 30s"}));
}

TEST(Runbook, WithNothingPendingIsShort) {
    Facts facts = facts_without_records();
    facts.pending.clear();
    const Runbook book = write_runbook(facts);
    EXPECT_TRUE(book.sections.empty());
    EXPECT_TRUE(has(to_markdown(book), "nothing to deploy"));
}

}  // namespace
}  // namespace plumb::runbook
