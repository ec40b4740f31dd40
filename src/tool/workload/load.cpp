// SPDX-License-Identifier: GPL-3.0-or-later
// Reads workload.yaml; each complaint names file, line and column.
#include "bson/json.h"
#include "tool/workload/day.h"
#include "tool/workload/load_internal.h"
#include "tool/workload/placeholder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace plumb::workload {
namespace {

using project::fail_at;
using project::YamlNode;

constexpr std::int64_t kSchema = 1;
constexpr auto kWriteCommands =
    std::to_array<std::string_view>({"delete", "findAndModify", "insert", "update"});
constexpr auto kReadCommands =
    std::to_array<std::string_view>({"aggregate", "count", "distinct", "find"});

// The command as BSON: a YAML map, or extended JSON in a string.
Result<bson::Document> read_command(const YamlNode& node) {
    bson::Document command;
    if (node.is_scalar()) {
        auto read = bson::from_json(node.text());
        if (!read.ok()) {
            return fail_at(node.position(), read.error().message());
        }
        command = *std::move(read);
    } else {
        PLUMB_TRY(document, node.as_bson_document());
        command = std::move(document);
    }
    const std::string_view verb = command.empty() ? "" : command.view().front().name;
    if (!std::binary_search(kReadCommands.begin(), kReadCommands.end(), verb) &&
        !is_write(command)) {
        return fail_at(node.position(),
                       fmt::format("a command begins with one of {}, {}; this one with \"{}\"",
                                   fmt::join(kReadCommands, ", "),
                                   fmt::join(kWriteCommands, ", "),
                                   verb));
    }
    if (command.view().front().value.type() != bson::Type::String) {
        return fail_at(node.position(), fmt::format("{} needs the name of a collection", verb));
    }
    return command;
}

// A placeholder names a parameter, with a member if and only if its source has members.
Status check_placeholder(const Workload& workload, const YamlNode& at, const Placeholder& found) {
    const Parameter* parameter = workload.parameter(found.name);
    if (parameter == nullptr) {
        return fail_at(at.position(), fmt::format("no parameter is named \"{}\"", found.name));
    }
    const bool has_members = parameter->source == Source::Sample ||
                             parameter->source == Source::Month ||
                             parameter->source == Source::Range;
    if (has_members && found.member.empty()) {
        return fail_at(at.position(),
                       fmt::format("parameter \"{0}\" needs a member: {{{{{0}.…}}}}", found.name));
    }
    if (!has_members && !found.member.empty()) {
        return fail_at(at.position(), fmt::format("parameter \"{}\" has no members", found.name));
    }
    constexpr std::array<std::string_view, 3> kMonth{"first", "last", "text"};
    if (parameter->source == Source::Month &&
        std::find(kMonth.begin(), kMonth.end(), found.member) == kMonth.end()) {
        return fail_at(at.position(),
                       fmt::format("a month has first, last and text, not \"{}\"", found.member));
    }
    if (parameter->source == Source::Range && found.member != "low" && found.member != "high") {
        return fail_at(at.position(),
                       fmt::format("a range has low and high, not \"{}\"", found.member));
    }
    return {};
}

void remember_field(Workload& workload, const Placeholder& found) {
    for (Parameter& parameter : workload.parameters) {
        if (parameter.name == found.name && parameter.source == Source::Sample &&
            std::find(parameter.fields.begin(), parameter.fields.end(), found.member) ==
                parameter.fields.end()) {
            parameter.fields.emplace_back(found.member);
        }
    }
}

Status read_commands(Workload& workload, const YamlNode& node, Query& query) {
    const YamlNode* one = node.find("command");
    const YamlNode* all = node.find("commands");
    if ((one == nullptr) == (all == nullptr)) {
        return fail_at(node.position(),
                       fmt::format("query {} needs either command or commands", query.id));
    }
    std::vector<const YamlNode*> nodes;
    if (one != nullptr) {
        nodes.push_back(one);
    } else {
        if (!all->is_sequence() || all->items().empty()) {
            return fail_at(all->position(), "a list of commands is needed here");
        }
        for (const YamlNode& item : all->items()) {
            nodes.push_back(&item);
        }
    }
    for (const YamlNode* command_node : nodes) {
        PLUMB_TRY(command, read_command(*command_node));
        Status checked;
        for_each_placeholder(command, [&](const Placeholder& found) {
            if (checked.ok()) {
                checked = check_placeholder(workload, *command_node, found);
                remember_field(workload, found);
            }
        });
        PLUMB_CHECK(std::move(checked));
        query.writes = query.writes || is_write(command);
        query.commands.push_back(std::move(command));
    }
    query.collection = query.commands.front().view().front().value.as_string();
    return {};
}

Result<Query> read_query(Workload& workload, const YamlNode& node) {
    PLUMB_CHECK(node.only_keys({"id",
                                "title",
                                "used_by",
                                "purpose",
                                "frequency",
                                "critical",
                                "scan_allowed",
                                "command",
                                "commands",
                                "promise"}));
    Query query;
    query.position = node.position();
    PLUMB_TRY(id_node, node.at("id"));
    PLUMB_TRY(id, id_node.as_string());
    if (workload.query(id) != nullptr) {
        return fail_at(id_node.position(), fmt::format("query {} is there twice", id));
    }
    query.id = id;
    PLUMB_TRY(title, node.string_or("title", id));
    PLUMB_TRY(used_by, node.string_or("used_by", ""));
    PLUMB_TRY(purpose, node.string_or("purpose", ""));
    PLUMB_TRY(critical, node.bool_or("critical", false));
    PLUMB_TRY(frequency_node, node.at("frequency"));
    PLUMB_TRY(frequency, frequency_node.as_double());
    if (!(frequency > 0)) {
        return fail_at(frequency_node.position(), "a frequency is greater than 0");
    }
    query.title = title;
    query.used_by = used_by;
    query.purpose = purpose;
    query.critical = critical;
    query.frequency = frequency;
    PLUMB_TRY(scan_allowed, node.string_or("scan_allowed", ""));
    query.scan_allowed = scan_allowed;
    PLUMB_CHECK(read_commands(workload, node, query));
    if (const YamlNode* promise_node = node.find("promise")) {
        PLUMB_TRY(promise, read_promise(*promise_node, &query));
        workload.promises.push_back(std::move(promise));
    }
    return query;
}

Status check_rows(const Workload& workload, const YamlNode& at, const Promise& promise) {
    for (const std::string& row : promise.rows) {
        if (workload.query(row) == nullptr) {
            return fail_at(at.position(), fmt::format("no query has the id \"{}\"", row));
        }
    }
    return {};
}

Status read_lists(Workload& workload, const YamlNode& root) {
    if (const YamlNode* parameters = root.find("parameters")) {
        for (const auto& [name, node] : parameters->members()) {
            PLUMB_TRY(parameter, read_parameter(name.text(), node));
            workload.parameters.push_back(std::move(parameter));
        }
    }
    PLUMB_TRY(queries, root.at("queries"));
    for (const YamlNode& node : queries.items()) {
        PLUMB_TRY(query, read_query(workload, node));
        workload.queries.push_back(std::move(query));
    }
    if (workload.queries.empty()) {
        return fail_at(queries.position(), "a list of at least one query is needed here");
    }
    if (const YamlNode* promises = root.find("promises")) {
        for (const YamlNode& node : promises->items()) {
            PLUMB_TRY(promise, read_promise(node, nullptr));
            PLUMB_CHECK(check_rows(workload, node, promise));
            workload.promises.push_back(std::move(promise));
        }
    }
    return {};
}

Result<Workload> read_workload(const YamlNode& root, std::string_view file) {
    PLUMB_CHECK(
        root.only_keys({"schema", "about", "seed", "today", "parameters", "queries", "promises"}));
    PLUMB_TRY(schema, root.at("schema"));
    PLUMB_TRY(version, schema.as_int());
    if (version != kSchema) {
        return fail_at(schema.position(),
                       fmt::format("schema {} is not known, only {}", version, kSchema));
    }
    Workload workload;
    workload.file = file;
    PLUMB_TRY(seed, root.int_or("seed", 1));
    workload.seed = static_cast<std::uint64_t>(seed);
    PLUMB_TRY(today, root.string_or("today", ""));
    workload.today = today;
    if (const YamlNode* node = root.find("today"); node != nullptr && !is_day(today)) {
        return fail_at(node->position(), fmt::format("\"{}\" is no day YYYY-MM-DD", today));
    }
    PLUMB_CHECK(read_lists(workload, root));
    return workload;
}

}  // namespace

const Query* Workload::query(std::string_view id) const {
    const auto found = std::find_if(
        queries.begin(), queries.end(), [id](const Query& query) { return query.id == id; });
    return found == queries.end() ? nullptr : &*found;
}

const Parameter* Workload::parameter(std::string_view name) const {
    const auto found =
        std::find_if(parameters.begin(), parameters.end(), [name](const Parameter& parameter) {
            return parameter.name == name;
        });
    return found == parameters.end() ? nullptr : &*found;
}

bool is_write(bson::View command) {
    return !command.empty() &&
           std::binary_search(kWriteCommands.begin(), kWriteCommands.end(), command.front().name);
}

Result<Workload> load_workload(const std::filesystem::path& path) {
    PLUMB_TRY(root, project::load_yaml_file(path));
    return read_workload(root, path.string());
}

Result<Workload> parse_workload(std::string_view text, std::string_view file) {
    PLUMB_TRY(root, project::parse_yaml(text, file));
    return read_workload(root, file);
}

}  // namespace plumb::workload
