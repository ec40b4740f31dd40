// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/advice.h"
#include "tool/workload/draw.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::advise {
namespace {

constexpr std::size_t kInstances = 24;

// The statements of a write command on their own, every other command as it is.
std::vector<bson::Document> statements_of(bson::View command) {
    std::vector<bson::Document> out;
    for (const std::string_view name : {"updates", "deletes"}) {
        const bson::ValueView statements = command.find(name);
        if (statements.type() != bson::Type::Array) {
            continue;
        }
        for (const bson::Element& statement : statements.as_container()) {
            if (statement.value.type() == bson::Type::Document) {
                out.emplace_back(statement.value.as_document());
            }
        }
    }
    if (out.empty()) {
        out.emplace_back(command);
    }
    return out;
}

// All statements of one sample of a query, with the collections they are on.
struct Statement {
    std::string collection;
    bson::Document document;
};

std::vector<Statement> flatten(const std::vector<bson::Document>& commands) {
    std::vector<Statement> out;
    for (const bson::Document& command : commands) {
        const bson::Element first = command.view().front();
        const std::string collection{
            first.value.type() == bson::Type::String ? first.value.as_string() : ""};
        for (bson::Document& statement : statements_of(command)) {
            out.push_back({collection, std::move(statement)});
        }
    }
    return out;
}

}  // namespace

Result<std::vector<AskedQuery>> asked_by_workload(client::Client& client,
                                                  const std::string& database,
                                                  const workload::Workload& workload) {
    PLUMB_TRY(drawer, workload::prepare_drawer(client, database, workload, workload.seed));
    std::vector<AskedQuery> out;
    for (const workload::Query& query : workload.queries) {
        std::vector<AskedQuery> parts;
        for (std::size_t instance = 0; instance < kInstances; ++instance) {
            PLUMB_TRY(commands, drawer.commands(query, instance));
            const std::vector<Statement> statements = flatten(commands);
            parts.resize(std::max(parts.size(), statements.size()));
            for (std::size_t part = 0; part < statements.size(); ++part) {
                parts[part].instances.push_back(statements[part].document);
                auto shape = capture::shape_of(
                    database, statements[part].document, statements[part].collection);
                if (shape && instance == 0) {
                    parts[part].shape = *std::move(shape);
                }
            }
        }
        std::vector<Statement> declared = flatten(query.commands);
        for (std::size_t part = 0; part < parts.size(); ++part) {
            if (part < declared.size()) {
                parts[part].declared = std::move(declared[part].document);
            }
            if (parts[part].shape.operation.empty()) {
                continue;
            }
            parts[part].label =
                parts.size() == 1 ? query.id : fmt::format("{}.{}", query.id, part + 1);
            parts[part].title = query.title;
            parts[part].calls_a_minute = query.frequency;
            parts[part].critical = query.critical;
            out.push_back(std::move(parts[part]));
        }
    }
    return out;
}

std::vector<AskedQuery> asked_by_shapes(const capture::ShapeTable& table,
                                        std::string_view database) {
    std::vector<AskedQuery> out;
    for (const capture::ShapeStatistics& shape : table.shapes()) {
        if (shape.shape.database != database) {
            continue;
        }
        AskedQuery asked;
        asked.label = shape.shape.id;
        asked.shape = shape.shape;
        asked.calls_a_minute =
            shape.calls_a_minute > 0 ? shape.calls_a_minute : static_cast<double>(shape.calls);
        out.push_back(std::move(asked));
    }
    return out;
}

}  // namespace plumb::advise
