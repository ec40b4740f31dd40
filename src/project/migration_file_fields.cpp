// SPDX-License-Identifier: GPL-3.0-or-later
// The operations on fields and documents, from YAML.
#include "project/migration_file_internal.h"
#include "project/migration_keys.h"
#include "project/suggest.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace plumb::project {

namespace {

Status check_field(const YamlNode& node, bool may_be_id) {
    const std::string& text = node.text();
    const bool is_id = text == "_id" || text.starts_with("_id.");
    if (!node.is_scalar() || !is_field_path(text) || (is_id && !may_be_id)) {
        return fail_at(node.position(), fmt::format("'{}' is no field it can work on", text));
    }
    return {};
}

// True if writing one would write over the other: the same, or a part of it.
bool overlap(std::string_view a, std::string_view b) {
    const auto holds = [](std::string_view outer, std::string_view inner) {
        return inner.starts_with(outer) &&
               (inner.size() == outer.size() || inner[outer.size()] == '.');
    };
    return holds(a, b) || holds(b, a);
}

Status check_two_fields(const YamlNode& body, std::string_view from, std::string_view to) {
    if (overlap(from, to)) {
        return fail_at(
            body.find("to")->position(),
            fmt::format("'{}' and '{}' are the same field, or one holds the other", from, to));
    }
    return {};
}

Result<NewField> read_new_field(std::string name, const YamlNode& at) {
    const YamlNode* value = at.find("value");
    const YamlNode* expression = at.find("expression");
    if ((value == nullptr) == (expression == nullptr)) {
        return fail_at(at.position(),
                       fmt::format("'{}' gets either a value or an expression", name));
    }
    NewField out;
    out.field = std::move(name);
    PLUMB_TRY(given, (value != nullptr ? value : expression)->as_bson());
    (value != nullptr ? out.value : out.expression) = given;
    return out;
}

Status check_one_of(const YamlNode& body, std::string_view one, std::string_view other) {
    if ((body.find(one) == nullptr) == (body.find(other) == nullptr)) {
        return fail_at(body.position(), fmt::format("either '{}' or '{}' is needed", one, other));
    }
    return {};
}

Status check_apart(const YamlNode& at,
                   std::string_view field,
                   const std::vector<std::string>& all) {
    const auto hit = std::find_if(
        all.begin(), all.end(), [field](const std::string& each) { return overlap(field, each); });
    if (hit != all.end()) {
        return fail_at(
            at.position(),
            fmt::format("'{}' and '{}' are the same field, or one holds the other", *hit, field));
    }
    return {};
}

Status read_several_new(const YamlNode& fields, AddField& add) {
    std::vector<std::string> names;
    for (const auto& [name, value] : fields.members()) {
        PLUMB_CHECK(check_field(name, false));
        PLUMB_CHECK(check_apart(name, name.text(), names));
        PLUMB_CHECK(check_keys(value, new_field_keys()));
        PLUMB_TRY(field, read_new_field(name.text(), value));
        add.fields.push_back(std::move(field));
        names.push_back(name.text());
    }
    if (names.empty()) {
        return fail_at(fields.position(), "'fields' names no field");
    }
    return {};
}

}  // namespace

Status read_add_field(const YamlNode& body, Operation& out) {
    PLUMB_CHECK(check_one_of(body, "field", "fields"));
    AddField add;
    PLUMB_TRY(filter, document_or_empty(body, "filter"));
    add.filter = std::move(filter);
    if (const YamlNode* fields = body.find("fields")) {
        for (const char* alone : {"value", "expression"}) {
            if (const YamlNode* given = body.find(alone)) {
                return fail_at(given->position(),
                               fmt::format("'{}' stands inside 'fields', one for each", alone));
            }
        }
        PLUMB_CHECK(read_several_new(*fields, add));
    } else {
        PLUMB_TRY(field, read_new_field(text_at(body, "field"), body));
        add.fields.push_back(std::move(field));
    }
    out.body = std::move(add);
    return {};
}

Status read_copy_field(const YamlNode& body, Operation& out) {
    CopyField copy;
    copy.from = text_at(body, "from");
    copy.to = text_at(body, "to");
    PLUMB_CHECK(check_two_fields(body, copy.from, copy.to));
    PLUMB_TRY(filter, document_or_empty(body, "filter"));
    copy.filter = std::move(filter);
    out.body = std::move(copy);
    return {};
}

Status read_rename_field(const YamlNode& body, Operation& out) {
    PLUMB_CHECK(check_two_fields(body, text_at(body, "from"), text_at(body, "to")));
    out.body = RenameField{text_at(body, "from"), text_at(body, "to")};
    return {};
}

Status read_remove_field(const YamlNode& body, Operation& out) {
    PLUMB_CHECK(check_one_of(body, "field", "fields"));
    RemoveField remove;
    PLUMB_TRY(filter, document_or_empty(body, "filter"));
    remove.filter = std::move(filter);
    if (const YamlNode* fields = body.find("fields")) {
        for (const YamlNode& item : fields->items()) {
            PLUMB_CHECK(check_field(item, false));
            PLUMB_CHECK(check_apart(item, item.text(), remove.fields));
            remove.fields.push_back(item.text());
        }
    } else {
        remove.fields.push_back(text_at(body, "field"));
    }
    out.body = std::move(remove);
    return {};
}

namespace {

using FieldPairs = std::vector<std::pair<std::string, std::string>>;

Result<FieldPairs> read_pairs(const YamlNode& map, bool left_may_be_id) {
    FieldPairs out;
    std::vector<std::string> left;
    for (const auto& [ours, theirs] : map.members()) {
        PLUMB_CHECK(check_field(ours, left_may_be_id));
        PLUMB_CHECK(check_field(theirs, true));
        PLUMB_CHECK(check_apart(ours, ours.text(), left));
        left.push_back(ours.text());
        out.emplace_back(ours.text(), theirs.text());
    }
    if (out.empty()) {
        return fail_at(map.position(), "at least one pair `field: field` is needed");
    }
    return out;
}

}  // namespace

Status read_link(const YamlNode& body, Operation& out) {
    Link link;
    link.to = text_at(body, "to");
    PLUMB_TRY(on, read_pairs(*body.find("on"), true));
    link.on = std::move(on);
    PLUMB_TRY(set, read_pairs(*body.find("set"), false));
    link.set = std::move(set);
    PLUMB_TRY(filter, document_or_empty(body, "filter"));
    link.filter = std::move(filter);
    out.collection = text_at(body, "from");
    out.body = std::move(link);
    return {};
}

namespace {

constexpr auto kUpdateStages = std::to_array<std::string_view>(
    {"$addFields", "$project", "$replaceRoot", "$replaceWith", "$set", "$unset"});

Result<bson::Document> read_stage(const YamlNode& node) {
    if (node.members().size() != 1) {
        return fail_at(node.position(), "a stage is a map of one key, such as $set");
    }
    const YamlNode& name = node.members().front().first;
    if (!std::binary_search(kUpdateStages.begin(), kUpdateStages.end(), name.text())) {
        return fail_at(name.position(),
                       fmt::format("'{}' is no stage of an update{} (known here: {})",
                                   name.text(),
                                   did_you_mean(name.text(), kUpdateStages),
                                   fmt::join(kUpdateStages, ", ")));
    }
    return node.as_bson_document();
}

}  // namespace

Status read_transform(const YamlNode& body, Operation& out) {
    Transform transform;
    PLUMB_TRY(filter, document_or_empty(body, "filter"));
    transform.filter = std::move(filter);
    const YamlNode& pipeline = *body.find("pipeline");
    if (pipeline.is_map()) {
        PLUMB_TRY(stage, read_stage(pipeline));
        transform.pipeline.push_back(std::move(stage));
    }
    for (const YamlNode& item : pipeline.items()) {
        PLUMB_TRY(stage, read_stage(item));
        transform.pipeline.push_back(std::move(stage));
    }
    out.body = std::move(transform);
    return {};
}

Status read_delete(const YamlNode& body, Operation& out) {
    PLUMB_TRY(filter, document_or_empty(body, "filter"));
    out.body = Delete{std::move(filter)};
    return {};
}

}  // namespace plumb::project
