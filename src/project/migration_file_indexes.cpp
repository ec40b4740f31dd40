// SPDX-License-Identifier: GPL-3.0-or-later
// The operations on indexes, from YAML.
#include "project/migration_file_internal.h"
#include "project/migration_keys.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::project {

namespace {

Status read_quorum(const YamlNode& body, CreateIndexes& create) {
    const YamlNode* quorum = body.find("commit_quorum");
    if (quorum == nullptr) {
        return {};
    }
    PLUMB_TRY(value, quorum->as_bson());
    const bool word = value.view().type() == bson::Type::String && !quorum->text().empty();
    const bool number =
        value.view().type() == bson::Type::Int32 && quorum->as_int().ok() && *quorum->as_int() >= 0;
    if (!word && !number) {
        return fail_at(quorum->position(), "commit_quorum is a number, or a word such as majority");
    }
    create.commit_quorum = value;
    return {};
}

}  // namespace

Status read_create_indexes(const YamlNode& body, Operation& out) {
    PLUMB_TRY(list, body.at("indexes"));
    if (list.items().empty()) {
        return fail_at(list.position(), "'indexes' is a list of at least one index");
    }
    CreateIndexes create;
    for (const YamlNode& item : list.items()) {
        PLUMB_CHECK(check_keys(item, index_keys()));
        PLUMB_TRY(index, read_index(item));
        for (const IndexDefinition& other : create.indexes) {
            if (other.name == index.name || differences(index, other).empty()) {
                return fail_at(item.position(),
                               fmt::format("{} stands in this operation twice", index.name));
            }
        }
        create.indexes.push_back(std::move(index));
    }
    create.on_conflict =
        text_at(body, "on_conflict") == "replace" ? OnConflict::Replace : OnConflict::Stop;
    PLUMB_CHECK(read_quorum(body, create));
    out.body = std::move(create);
    return {};
}

namespace {

Status check_index_name(const YamlNode& node) {
    if (node.text() == "_id_" || node.text() == "*") {
        return fail_at(node.position(),
                       fmt::format("'{}' cannot be changed by a migration", node.text()));
    }
    return {};
}

}  // namespace

Status read_drop_indexes(const YamlNode& body, Operation& out) {
    PLUMB_TRY(list, body.at("names"));
    DropIndexes drop;
    for (const YamlNode& item : list.items()) {
        PLUMB_CHECK(check_index_name(item));
        if (std::find(drop.names.begin(), drop.names.end(), item.text()) != drop.names.end()) {
            return fail_at(item.position(), fmt::format("{} stands here twice", item.text()));
        }
        drop.names.push_back(item.text());
    }
    out.body = std::move(drop);
    return {};
}

Status read_hide_index(const YamlNode& body, Operation& out) {
    PLUMB_CHECK(check_index_name(*body.find("name")));
    out.body = HideIndex{text_at(body, "name")};
    return {};
}

Status read_unhide_index(const YamlNode& body, Operation& out) {
    PLUMB_CHECK(check_index_name(*body.find("name")));
    out.body = UnhideIndex{text_at(body, "name")};
    return {};
}

}  // namespace plumb::project
