// SPDX-License-Identifier: GPL-3.0-or-later
// The recorded aggregations of MongoDB 4.2, run without a server: same documents, same error codes.
#include "bson/compare.h"
#include "bson/json.h"
#include "engine/query/memory_host.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>

namespace plumb::query {

namespace {

using bson::Type;
using bson::ValueView;

std::filesystem::path recorded(const std::string& name) {
    return std::filesystem::path{__FILE__}.parent_path() / "../../../tests/conformance" / name;
}

bool same(ValueView a, ValueView b);

bool same_fields(bson::View a, bson::View b) {
    auto left = a.begin();
    auto right = b.begin();
    for (; left != a.end() && right != b.end(); ++left, ++right) {
        if (left->name != right->name || !same(left->value, right->value)) {
            return false;
        }
    }
    return left == a.end() && right == b.end();
}

// Equality of types and values; doubles within the digits that libraries agree on.
bool same(ValueView a, ValueView b) {
    if (a.type() != b.type()) {
        return false;
    }
    if (a.type() == Type::Double) {
        const double x = a.as_double();
        const double y = b.as_double();
        return x == y || (std::isnan(x) && std::isnan(y)) ||
               std::fabs(x - y) <= 1e-12 * std::fmax(std::fabs(x), std::fabs(y));
    }
    if (a.type() == Type::Document || a.type() == Type::Array) {
        return same_fields(a.as_container(), b.as_container());
    }
    return a.identical(b);
}

// The reply to a command, as far as the recordings have it.
bson::Document reply_of(MemoryHost& host, const std::string& db, bson::View command) {
    const std::string_view name = command.front().name;
    const std::string ns = db + "." + std::string{command.front().value.as_string()};
    std::vector<bson::Document> stages;
    bson::Builder reply;
    Result<std::vector<bson::Document>> outcome = std::vector<bson::Document>{};
    if (name == "find") {
        bson::Builder sort;
        sort.append("$sort", command.find("sort"));
        stages.push_back(sort.finish());
    } else {
        for (const bson::Element& stage : command.find("pipeline").as_container()) {
            if (stage.value.type() != Type::Document) {
                outcome = fail(ErrorCode::TypeMismatch, "each stage must be an object");
                break;
            }
            stages.emplace_back(stage.value.as_document());
        }
    }
    if (outcome.ok()) {
        outcome = host.run(ns, stages);
    }
    if (!outcome.ok()) {
        reply.append("ok", std::int32_t{0});
        reply.append("code", static_cast<std::int32_t>(outcome.error().code()));
        return reply.finish();
    }
    reply.begin_document("cursor").begin_array("firstBatch");
    for (const bson::Document& document : *outcome) {
        reply.push(document);
    }
    reply.end().append("open", false).end();
    return reply.finish();
}

struct Score {
    int passed = 0;
    int failed = 0;
};

MemoryHost load(bson::View group, const std::string& db) {
    MemoryHost host;
    for (const bson::Element& collection :
         group.find("setup").as_document().find("collections").as_container()) {
        const bson::View fields = collection.value.as_document();
        auto& documents = host.collections[db + "." + std::string{fields.find("name").as_string()}];
        for (const bson::Element& document : fields.find("docs").as_container()) {
            documents.emplace_back(document.value.as_document());
        }
    }
    return host;
}

void run_step(bson::View group, bson::View step, Score& score) {
    const std::string db{group.find("db").as_string()};
    MemoryHost host = load(group, db);
    std::vector<bson::View> commands;
    if (step.find("run").type() == Type::Array) {
        for (const bson::Element& command : step.find("run").as_container()) {
            commands.push_back(command.value.as_document());
        }
    } else {
        commands.push_back(step.find("run").as_document());
    }
    std::size_t position = 0;
    bool equal = true;
    std::string got;
    for (const bson::View command : commands) {
        const bson::Document reply = reply_of(host, db, command);
        const ValueView expected = step.find("expect").as_array().at(position++);
        equal = equal && same(expected, reply.view().as_value());
        got += to_json(reply.view(), bson::JsonMode::Canonical);
    }
    ++(equal ? score.passed : score.failed);
    if (!equal) {
        ADD_FAILURE() << step.find("id").as_string() << "\n  run    "
                      << to_json(step.find("run"), bson::JsonMode::Canonical) << "\n  expect "
                      << to_json(step.find("expect"), bson::JsonMode::Canonical) << "\n  got    "
                      << got;
    }
}

// Runs the groups of a file whose names begin like this.
Score run_file(const std::string& name, const std::string& prefix) {
    Score score;
    std::ifstream lines{recorded(name)};
    EXPECT_TRUE(lines.is_open()) << recorded(name);
    for (std::string line; std::getline(lines, line);) {
        const auto group = bson::from_json(line);
        if (!group.ok()) {
            ADD_FAILURE() << group.error().message();
            continue;
        }
        if (!group->find("name").as_string().starts_with(prefix)) {
            continue;
        }
        for (const bson::Element& step : group->find("steps").as_container()) {
            run_step(*group, step.value.as_document(), score);
        }
    }
    return score;
}

// The numbers are the recordings': none may get lost.
TEST(PipelineConformance, Expressions) {
    EXPECT_EQ(run_file("expression.jsonl", "").passed, 1034);
}

TEST(PipelineConformance, Stages) {
    EXPECT_EQ(run_file("stage.jsonl", "").passed, 93);
}

TEST(PipelineConformance, Projections) {
    EXPECT_EQ(run_file("projection.jsonl", "projection/stage").passed, 38);
}

}  // namespace

}  // namespace plumb::query
