// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/copy/schema.h"

#include "bson/builder.h"
#include "bson/compare.h"
#include "tool/copy/marker.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace plumb::copy {
namespace {

// What a server adds to an index and does not want back.
constexpr std::array<std::string_view, 2> kIndexMarks{"ns", "background"};

bool is_one_of(std::string_view name, auto& names) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::string_view name_of(bson::View document) {
    const bson::ValueView name = document.find("name");
    return name.type() == bson::Type::String ? name.as_string() : std::string_view{};
}

const bson::Document* find_index(const std::vector<bson::Document>& indexes,
                                 std::string_view name) {
    const auto found = std::find_if(
        indexes.begin(), indexes.end(), [name](const auto& each) { return name_of(each) == name; });
    return found == indexes.end() ? nullptr : &*found;
}

// Options in the order of their names, without marks: what two equal indexes share.
bson::Document plain_index(bson::View index) {
    std::vector<bson::Element> fields;
    for (const bson::Element element : index) {
        if (!is_one_of(element.name, kIndexMarks) && element.name != "v") {
            fields.push_back(element);
        }
    }
    std::sort(
        fields.begin(), fields.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    bson::Builder out;
    for (const bson::Element& field : fields) {
        out.append(field.name, field.value);
    }
    return out.finish();
}

}  // namespace

Result<std::vector<Definition>> read_definitions(client::Client& client,
                                                 std::string_view database) {
    PLUMB_TRY(rows, client.list_collections(database));
    std::vector<Definition> out;
    for (const bson::Document& row : rows) {
        Definition definition;
        definition.name = name_of(row);
        if (definition.name.starts_with("system.") || definition.name == kMarkerCollection) {
            continue;
        }
        const bson::ValueView type = row.find("type");
        definition.is_view = type.type() == bson::Type::String && type.as_string() == "view";
        if (const bson::ValueView options = row.find("options");
            options.type() == bson::Type::Document) {
            definition.options = bson::Document{options.as_document()};
        }
        if (const bson::ValueView info = row.find("info"); info.type() == bson::Type::Document) {
            definition.uuid = bson::Value{info.as_document().find("uuid")};
        }
        const bson::ValueView capped = definition.options.find("capped");
        definition.capped = capped.type() == bson::Type::Bool && capped.as_bool();
        out.push_back(std::move(definition));
    }
    return out;
}

bson::Document create_command(const Definition& definition) {
    bson::Builder out;
    out.append("create", definition.name);
    out.append_all(definition.options);
    return out.finish();
}

bson::Document indexes_command(std::string_view collection,
                               const std::vector<bson::Document>& wanted,
                               const std::vector<bson::Document>& there) {
    bson::Builder out;
    out.append("createIndexes", collection);
    out.begin_array("indexes");
    bool any = false;
    for (const bson::Document& index : wanted) {
        if (name_of(index) == "_id_" || find_index(there, name_of(index)) != nullptr) {
            continue;
        }
        any = true;
        out.push_document();
        for (const bson::Element element : index) {
            if (!is_one_of(element.name, kIndexMarks)) {
                out.append(element.name, element.value);
            }
        }
        out.end();
    }
    out.end();
    return any ? out.finish() : bson::Document{};
}

std::string index_difference(const std::vector<bson::Document>& source,
                             const std::vector<bson::Document>& target) {
    for (const bson::Document& index : source) {
        const bson::Document* const theirs = find_index(target, name_of(index));
        if (theirs == nullptr) {
            return fmt::format("the index {} is missing", name_of(index));
        }
        if (bson::compare(plain_index(index).view(), plain_index(*theirs).view()) != 0) {
            return fmt::format("the index {} is another one", name_of(index));
        }
    }
    return source.size() == target.size()
               ? std::string{}
               : fmt::format("{} indexes, not {}", target.size(), source.size());
}

Status drop_collection(client::Client& client, std::string_view database, std::string_view name) {
    bson::Builder drop;
    drop.append("drop", name);
    const auto dropped = client.command(database, drop.finish());
    if (!dropped.ok() && dropped.error().code() != ErrorCode::NamespaceNotFound) {
        return dropped.error();
    }
    return {};
}

}  // namespace plumb::copy
