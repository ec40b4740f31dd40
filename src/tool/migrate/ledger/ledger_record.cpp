// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/ledger/ledger_record.h"

#include "bson/builder.h"
#include "bson/json.h"
#include "bson/number.h"
#include "tool/migrate/ledger/ledger_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace plumb::migrate {
namespace {

constexpr std::array<std::string_view, 5> kStates{
    "applying", "applied", "rolling_back", "rolled_back", "failed"};
constexpr std::array<std::string_view, 4> kOperationStates{
    "pending", "applying", "done", "rolled_back"};

template <class Enum, std::size_t n>
Result<Enum> enum_from(const std::array<std::string_view, n>& names, std::string_view name) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) {
        return fail(ErrorCode::InvalidBson, fmt::format("ledger: unknown state '{}'", name));
    }
    return static_cast<Enum>(found - names.begin());
}

std::string text_of(bson::View document, std::string_view field) {
    const bson::ValueView value = document.find(field);
    return value.type() == bson::Type::String ? std::string{value.as_string()} : std::string{};
}

std::int64_t number_of(bson::View document, std::string_view field) {
    const bson::ValueView value = document.find(field);
    if (value.type() == bson::Type::Date) {
        return value.as_date().ms;
    }
    return value.is_number() ? bson::to_clamped_int64(value) : 0;
}

void append_indexes(bson::Builder& out,
                    std::string_view field,
                    const std::vector<project::IndexDefinition>& indexes) {
    out.begin_array(field);
    for (const project::IndexDefinition& index : indexes) {
        out.push(project::index_to_command(index));
    }
    out.end();
}

Result<std::vector<project::IndexDefinition>> read_indexes(bson::View document,
                                                           std::string_view field) {
    std::vector<project::IndexDefinition> out;
    const bson::ValueView list = document.find(field);
    if (list.type() != bson::Type::Array) {
        return out;
    }
    for (const bson::Element& element : list.as_array()) {
        if (element.value.type() != bson::Type::Document) {
            return fail(ErrorCode::InvalidBson, fmt::format("ledger: {} holds no index", field));
        }
        PLUMB_TRY(index, project::index_from_server(element.value.as_document()));
        out.push_back(std::move(index));
    }
    return out;
}

Result<std::vector<HelperIndex>> read_helpers(bson::View document) {
    std::vector<HelperIndex> out;
    const bson::ValueView list = document.find("helpers");
    if (list.type() != bson::Type::Array) {
        return out;
    }
    for (const bson::Element& element : list.as_array()) {
        const bool is_document = element.value.type() == bson::Type::Document;
        const bson::ValueView index =
            is_document ? element.value.as_document().find("index") : bson::ValueView{};
        if (index.type() != bson::Type::Document) {
            return fail(ErrorCode::InvalidBson, "ledger: helpers holds no index");
        }
        PLUMB_TRY(definition, project::index_from_server(index.as_document()));
        out.push_back({text_of(element.value.as_document(), "collection"), std::move(definition)});
    }
    return out;
}

Result<OperationRecord> read_operation(bson::View document) {
    OperationRecord out;
    out.kind = text_of(document, "kind");
    out.collection = text_of(document, "collection");
    PLUMB_TRY(state, enum_from<OperationState>(kOperationStates, text_of(document, "state")));
    out.state = state;
    PLUMB_TRY(intended, read_indexes(document, "intended"));
    out.intended = std::move(intended);
    PLUMB_TRY(owned, read_indexes(document, "owned"));
    out.owned = std::move(owned);
    PLUMB_TRY(replaced, read_indexes(document, "replaced"));
    out.replaced = std::move(replaced);
    PLUMB_TRY(helpers, read_helpers(document));
    out.helpers = std::move(helpers);
    if (const bson::ValueView before = document.find("before");
        before.type() == bson::Type::Document) {
        out.before = bson::Document{before.as_document()};
    }
    out.backup = text_of(document, "backup");
    out.pruned = document.has("pruned");
    out.pass = static_cast<std::int32_t>(number_of(document, "pass"));
    if (const bson::ValueView position = document.find("position"); !position.missing()) {
        out.position = bson::Value{position};
    }
    out.documents = number_of(document, "documents");
    out.batches = number_of(document, "batches");
    out.left = number_of(document, "left");
    if (const bson::ValueView ids = document.find("left_ids"); ids.type() == bson::Type::Array) {
        for (const bson::Element& each : ids.as_array()) {
            out.left_ids.emplace_back(each.value);
        }
    }
    out.ms = number_of(document, "ms");
    return out;
}

}  // namespace

void append_left_ids(bson::Builder& out, std::string_view name, const OperationRecord& operation) {
    out.begin_array(name);
    for (const bson::Value& id : operation.left_ids) {
        out.push(id);
    }
    out.end();
}

namespace {

// The fields that only some kinds have.
void append_work(bson::Builder& out, const OperationRecord& operation) {
    if (!operation.replaced.empty()) {
        append_indexes(out, "replaced", operation.replaced);
    }
    if (!operation.helpers.empty()) {
        out.begin_array("helpers");
        for (const HelperIndex& helper : operation.helpers) {
            out.push_document();
            out.append("collection", helper.collection);
            out.append("index", project::index_to_command(helper.index));
            out.end();
        }
        out.end();
    }
    if (!operation.before.empty()) {
        out.append("before", operation.before);
    }
    if (operation.backup.empty()) {
        return;
    }
    out.append("backup", operation.backup);
    if (operation.pruned) {
        out.append("pruned", true);
    }
    out.append("pass", operation.pass);
    out.append("position", operation.position);
    out.append("documents", operation.documents);
    out.append("batches", operation.batches);
    if (operation.left > 0) {
        out.append("left", operation.left);
        append_left_ids(out, "left_ids", operation);
    }
}

bson::Document operation_fields(const OperationRecord& operation) {
    bson::Builder out;
    out.append("kind", operation.kind);
    out.append("collection", operation.collection);
    out.append("state", kOperationStates.at(static_cast<std::size_t>(operation.state)));
    append_indexes(out, "intended", operation.intended);
    append_indexes(out, "owned", operation.owned);
    append_work(out, operation);
    out.append("ms", operation.ms);
    return out.finish();
}

// One operation of a canonical definition as lines, "create_indexes on users: {…}".
void append_lines(std::vector<std::string>& out, std::string_view kind, bson::ValueView body) {
    if (body.type() != bson::Type::Document) {
        out.push_back(fmt::format("{}: {}", kind, bson::to_json(body)));
        return;
    }
    const std::string collection = text_of(body.as_document(), "collection");
    const std::string on = collection.empty() ? std::string{} : " on " + collection;
    for (const auto& [field, value] : body.as_document()) {
        if (value.type() == bson::Type::Array) {
            for (const bson::Element& each : value.as_array()) {
                out.push_back(fmt::format("{}{}: {}", kind, on, bson::to_json(each.value)));
            }
        } else if (field != "collection") {
            out.push_back(fmt::format("{}{}: {} {}", kind, on, field, bson::to_json(value)));
        }
    }
}

// All operations of a canonical definition.
std::vector<std::string> definition_lines(bson::View definition) {
    std::vector<std::string> out;
    const bson::ValueView up = definition.find("up");
    if (up.type() != bson::Type::Array) {
        return out;
    }
    for (const bson::Element& operation : up.as_array()) {
        if (operation.value.type() == bson::Type::Document &&
            !operation.value.as_document().empty()) {
            const bson::Element kind = operation.value.as_document().front();
            append_lines(out, kind.name, kind.value);
        }
    }
    return out;
}

}  // namespace

std::string_view state_name(State state) {
    return kStates.at(static_cast<std::size_t>(state));
}

Record new_record(const project::MigrationFile& file) {
    Record out;
    out.version = file.version;
    out.name = file.name;
    out.title = file.title;
    out.checksum = file.checksum();
    out.definition = file.canonical();
    for (const project::Operation& operation : file.up) {
        OperationRecord record;
        record.kind = operation.kind;
        record.collection = operation.collection;
        out.operations.push_back(std::move(record));
    }
    return out;
}

Result<Record> read_record(bson::View document) {
    Record out;
    out.version = static_cast<int>(number_of(document, "_id"));
    out.name = text_of(document, "name");
    out.title = text_of(document, "title");
    out.checksum = text_of(document, "checksum");
    PLUMB_TRY(state, enum_from<State>(kStates, text_of(document, "state")));
    out.state = state;
    if (const bson::ValueView definition = document.find("definition");
        definition.type() == bson::Type::Document) {
        out.definition = read_names(definition.as_document());
    }
    out.fence = number_of(document, "fence");
    out.started_ms = number_of(document, "started_at");
    out.finished_ms = number_of(document, "finished_at");
    out.host = text_of(document, "host");
    out.tool = text_of(document, "tool");
    for (const char* field : {"operations", "events"}) {
        const bson::ValueView list = document.find(field);
        if (list.type() != bson::Type::Array) {
            return fail(ErrorCode::InvalidBson, fmt::format("ledger: '{}' is no array", field));
        }
        for (const bson::Element& element : list.as_array()) {
            if (element.value.type() != bson::Type::Document) {
                return fail(ErrorCode::InvalidBson, fmt::format("ledger: '{}' is damaged", field));
            }
            if (std::string_view{field} == "events") {
                out.events.emplace_back(element.value.as_document());
                continue;
            }
            PLUMB_TRY(operation, read_operation(read_names(element.value.as_document())));
            out.operations.push_back(std::move(operation));
        }
    }
    return out;
}

bson::Document record_fields(const Record& record) {
    bson::Builder out;
    out.append("name", record.name);
    out.append("title", record.title);
    out.append("checksum", record.checksum);
    out.append("state", state_name(record.state));
    out.append("definition", store_names(record.definition));
    out.begin_array("operations");
    for (const OperationRecord& operation : record.operations) {
        out.push(store_names(operation_fields(operation)));
    }
    out.end();
    out.append("fence", record.fence);
    out.append("started_at", bson::Date{record.started_ms});
    if (record.finished_ms > 0) {
        out.append("finished_at", bson::Date{record.finished_ms});
        out.append("ms", record.finished_ms - record.started_ms);
    } else {
        out.append_null("finished_at");
        out.append_null("ms");
    }
    out.append("host", record.host);
    out.append("tool", record.tool);
    return out.finish();
}

std::vector<std::string> definition_changes(bson::View applied, bson::View file) {
    const std::vector<std::string> before = definition_lines(applied);
    const std::vector<std::string> after = definition_lines(file);
    std::vector<std::string> out;
    const auto missing_in = [](const std::vector<std::string>& list, const std::string& line) {
        return std::find(list.begin(), list.end(), line) == list.end();
    };
    for (const std::string& line : before) {
        if (missing_in(after, line)) {
            out.push_back("- " + line);
        }
    }
    for (const std::string& line : after) {
        if (missing_in(before, line)) {
            out.push_back("+ " + line);
        }
    }
    if (out.empty() && before != after) {
        out.emplace_back("~ the order of the operations changed");
    }
    return out;
}

}  // namespace plumb::migrate
