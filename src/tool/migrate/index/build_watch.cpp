// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/index/build_watch.h"

#include "bson/builder.h"
#include "bson/number.h"

namespace plumb::migrate {
namespace {

constexpr std::string_view kMessagePrefix = "Index Build: ";

bson::View document_at(bson::View document, std::string_view field) {
    const bson::ValueView value = document.find(field);
    return value.type() == bson::Type::Document ? value.as_document() : bson::View{};
}

bool is_text(bson::View document, std::string_view field, std::string_view text) {
    const bson::ValueView value = document.find(field);
    return value.type() == bson::Type::String && value.as_string() == text;
}

std::int64_t number_at(bson::View document, std::string_view field) {
    const bson::ValueView value = document.find(field);
    return value.is_number() ? bson::to_clamped_int64(value) : 0;
}

}  // namespace

std::string build_stage(std::string_view message) {
    if (message.starts_with(kMessagePrefix)) {
        message.remove_prefix(kMessagePrefix.size());
    }
    // The server says the stage, and then once more with the numbers that `progress` has as well.
    std::string_view stage = message.substr(0, message.find(kMessagePrefix));
    stage = stage.substr(0, stage.find_first_of(":0123456789"));
    while (stage.ends_with(' ')) {
        stage.remove_suffix(1);
    }
    return std::string{stage};
}

Result<std::vector<RunningBuild>> running_builds(const Deployment& deployment,
                                                 const std::string& collection) {
    bson::Builder command;
    command.append("currentOp", 1);
    command.append("command.createIndexes", collection);
    PLUMB_TRY(reply, deployment.client.command("admin", command.finish()));
    std::vector<RunningBuild> out;
    const bson::ValueView operations = reply.find("inprog");
    if (operations.type() != bson::Type::Array) {
        return out;
    }
    for (const bson::Element& element : operations.as_array()) {
        if (element.value.type() != bson::Type::Document) {
            continue;
        }
        const bson::View operation = element.value.as_document();
        const bson::View of = document_at(operation, "command");
        if (!is_text(of, "createIndexes", collection) ||
            (of.has("$db") && !is_text(of, "$db", deployment.database))) {
            continue;
        }
        RunningBuild build;
        build.operation_id = bson::Value{operation.find("opid")};
        if (operation.find("msg").type() == bson::Type::String) {
            build.stage = build_stage(operation.find("msg").as_string());
        }
        const bson::View progress = document_at(operation, "progress");
        build.done = number_at(progress, "done");
        build.total = number_at(progress, "total");
        out.push_back(std::move(build));
    }
    return out;
}

Status kill_operation(const Deployment& deployment, const bson::Value& operation_id) {
    bson::Builder command;
    command.append("killOp", 1);
    command.append("op", operation_id);
    PLUMB_CHECK(deployment.client.command("admin", command.finish()));
    return {};
}

}  // namespace plumb::migrate
