// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/compare.h"
#include "bson/number.h"
#include "engine/exec/aggregate.h"
#include "engine/exec/find.h"
#include "engine/exec/test_database_internal.h"
#include "engine/exec/write.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>

namespace plumb::exec {
namespace {

using bson::Document;
using bson::View;
using testing::json;

// What another server's plan must share with ours: see tests/conformance/replay.py, plan_tree.
void append_plan_tree(bson::Builder& out, View stage) {
    static constexpr std::string_view kShared[] = {"stage",
                                                   "indexName",
                                                   "direction",
                                                   "isMultiKey",
                                                   "indexBounds",
                                                   "sortPattern",
                                                   "limitAmount",
                                                   "skipAmount"};
    if (stage.find("stage").as_string() == "SORT_KEY_GENERATOR") {
        append_plan_tree(out, stage.find("inputStage").as_document());
        return;
    }
    for (const std::string_view name : kShared) {
        out.append(name, stage.find(name));
    }
    std::vector<View> children;
    if (stage.has("inputStage")) {
        children.push_back(stage.find("inputStage").as_document());
    }
    if (stage.has("inputStages")) {
        for (const bson::Element& child : stage.find("inputStages").as_container()) {
            children.push_back(child.value.as_document());
        }
    }
    if (!children.empty()) {
        out.begin_array("inputs");
        for (const View child : children) {
            out.push_document();
            append_plan_tree(out, child);
            out.end();
        }
        out.end();
    }
}

View planner_of(View explained) {
    if (explained.has("queryPlanner")) {
        return explained.find("queryPlanner").as_document();
    }
    for (const bson::Element& stage : explained.find("stages").as_container()) {
        const bson::ValueView cursor = stage.value.as_document().find("$cursor");
        if (!cursor.missing()) {
            return cursor.as_document().find("queryPlanner").as_document();
        }
    }
    return View{};
}

Document reduced(View explained) {
    bson::Builder out;
    out.begin_document("plan");
    append_plan_tree(out, planner_of(explained).find("winningPlan").as_document());
    out.end();
    if (explained.has("executionStats")) {
        const View stats = explained.find("executionStats").as_document();
        for (const std::string_view name :
             {"nReturned", "totalKeysExamined", "totalDocsExamined"}) {
            out.append(name, stats.find(name));
        }
    }
    return out.finish();
}

Document document_at(View command, std::string_view name) {
    const bson::ValueView value = command.find(name);
    return value.missing() ? Document{} : Document{value.as_document()};
}

std::optional<std::int64_t> number_at(View command, std::string_view name) {
    const bson::ValueView value = command.find(name);
    return value.missing() ? std::nullopt : bson::to_exact_int64(value);
}

FindRequest find_request(View command, std::string_view filter_name) {
    FindRequest out;
    out.ns = std::string{"conf."} + std::string{command.front().value.as_string()};
    out.filter = document_at(command, filter_name);
    out.sort = document_at(command, "sort");
    out.projection = document_at(command, "projection");
    out.hint = bson::Value{command.find("hint")};
    out.skip = number_at(command, "skip");
    out.limit = number_at(command, "limit");
    return out;
}

Result<Document> explain_write(Operation& operation, View command) {
    const bool update = command.front().name == "update";
    const View statement =
        command.find(update ? "updates" : "deletes").as_array().at(0).as_document();
    const std::string ns = std::string{"conf."} + std::string{command.front().value.as_string()};
    if (update) {
        UpdateRequest request;
        request.ns = ns;
        request.filter = document_at(statement, "q");
        request.update = bson::Value{statement.find("u")};
        return explain_update(operation, request, Verbosity::ExecutionStats);
    }
    return explain_delete(operation,
                          {.ns = ns,
                           .filter = document_at(statement, "q"),
                           .hint = {},
                           .only_one = number_at(statement, "limit") == 1},
                          Verbosity::ExecutionStats);
}

Result<Document> explain_pipeline(Operation& operation, View command) {
    AggregateRequest request;
    request.ns = std::string{"conf."} + std::string{command.front().value.as_string()};
    for (const bson::Element& stage : command.find("pipeline").as_container()) {
        request.pipeline.emplace_back(stage.value.as_document());
    }
    return explain_aggregate(operation, request, Verbosity::QueryPlanner);
}

Result<Document> explain(Operation& operation, View command) {
    const std::string_view name = command.front().name;
    if (name == "find") {
        return explain_find(operation, find_request(command, "filter"), Verbosity::ExecutionStats);
    }
    if (name == "count") {
        return explain_count(operation, find_request(command, "query"), Verbosity::ExecutionStats);
    }
    if (name == "distinct") {
        return explain_distinct(operation,
                                find_request(command, "query"),
                                std::string{command.find("key").as_string()},
                                Verbosity::ExecutionStats);
    }
    return name == "aggregate" ? explain_pipeline(operation, command)
                               : explain_write(operation, command);
}

void load(testing::Database& database, View setup) {
    Interrupt interrupt{database.clock()};
    Operation operation = database.operation(interrupt);
    for (const bson::Element& each : setup.find("collections").as_container()) {
        const View collection = each.value.as_document();
        InsertRequest insert;
        insert.ns = std::string{"conf."} + std::string{collection.find("name").as_string()};
        for (const bson::Element& document : collection.find("docs").as_container()) {
            insert.documents.push_back(document.value.as_document());
        }
        const Result<InsertOutcome> outcome = insert_documents(operation, insert);
        ASSERT_TRUE(outcome.ok() && !outcome->error);
        if (!collection.has("indexes")) {
            continue;
        }
        for (const bson::Element& index : collection.find("indexes").as_container()) {
            database.create_index(insert.ns, index.value.as_document());
        }
    }
}

// Compares every step of a group that explains; says how many there were.
int check_group(View group) {
    testing::Database database;
    load(database, group.find("setup").as_document());
    int checked = 0;
    for (const bson::Element& each : group.find("steps").as_container()) {
        const View step = each.value.as_document();
        if (!step.has("how") || step.find("how").as_string() != "explain") {
            continue;
        }
        const View run = step.find("run").as_document();
        const View command = run.front().name == "explain" ? run.front().value.as_document() : run;
        Interrupt interrupt{database.clock()};
        Operation operation = database.operation(interrupt);
        const Result<Document> explained = explain(operation, command);
        const std::string id{step.find("id").as_string()};
        EXPECT_TRUE(explained.ok()) << id;
        if (explained.ok()) {
            const bson::ValueView expected = step.find("expect").as_array().at(0);
            const Document got = reduced(*explained);
            EXPECT_EQ(bson::to_json(got), bson::to_json(expected.as_document()))
                << id << " " << bson::to_json(run);
        }
        ++checked;
    }
    return checked;
}

TEST(ExplainConformance, PlansAndCountsAreThoseOfMongoDB) {
    const std::filesystem::path file =
        std::filesystem::path{__FILE__}.parent_path() / "../../../tests/conformance/plan.jsonl";
    std::ifstream lines{file};
    ASSERT_TRUE(lines) << file;
    int checked = 0;
    for (std::string line; std::getline(lines, line);) {
        checked += check_group(json(line));
    }
    EXPECT_GE(checked, 300);
}

}  // namespace
}  // namespace plumb::exec
