// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/verify/builds.h"

#include "bson/builder.h"
#include "bson/number.h"

namespace plumb::verify {
namespace {

std::string_view text_at(bson::View document, std::string_view field) {
    const bson::ValueView value = document.find(field);
    return value.type() == bson::Type::String ? value.as_string() : std::string_view{};
}

bson::View document_at(bson::View document, std::string_view field) {
    const bson::ValueView value = document.find(field);
    return value.type() == bson::Type::Document ? value.as_document() : bson::View{};
}

int percent_of(bson::View operation) {
    const bson::View progress = document_at(operation, "progress");
    const bson::ValueView done = progress.find("done");
    const bson::ValueView total = progress.find("total");
    if (!done.is_number() || !total.is_number() || bson::to_double(total) <= 0) {
        return -1;
    }
    return static_cast<int>(100 * bson::to_double(done) / bson::to_double(total));
}

void add_builds(bson::View operation, std::string_view database, std::vector<Build>& out) {
    const bson::View command = document_at(operation, "command");
    const std::string_view collection = text_at(command, "createIndexes");
    const std::string_view on = text_at(command, "$db");
    const bson::ValueView indexes = command.find("indexes");
    if (collection.empty() || (!on.empty() && on != database) ||
        indexes.type() != bson::Type::Array) {
        return;
    }
    for (const bson::Element& each : indexes.as_array()) {
        if (each.value.type() == bson::Type::Document) {
            const std::string_view name = text_at(each.value.as_document(), "name");
            out.push_back({std::string{collection}, std::string{name}, percent_of(operation)});
        }
    }
}

}  // namespace

std::vector<Build> builds_in(bson::View current_op, std::string_view database) {
    std::vector<Build> out;
    const bson::ValueView operations = current_op.find("inprog");
    if (operations.type() != bson::Type::Array) {
        return out;
    }
    for (const bson::Element& each : operations.as_array()) {
        if (each.value.type() == bson::Type::Document) {
            add_builds(each.value.as_document(), database, out);
        }
    }
    return out;
}

Result<std::vector<Build>> read_builds(client::Client& client, std::string_view database) {
    bson::Builder command;
    command.append("currentOp", 1);
    command.begin_document("command.createIndexes").append("$exists", true).end();
    PLUMB_TRY(reply, client.command("admin", command.finish()));
    return builds_in(reply, database);
}

}  // namespace plumb::verify
