// SPDX-License-Identifier: GPL-3.0-or-later
// One operation of a migration from YAML. The table of keys checks names and plain types; the
// readers of each kind check what a table cannot say.
#include "project/migration_file_internal.h"
#include "project/migration_keys.h"
#include "project/suggest.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace plumb::project {
namespace {

using ReadBody = Status (*)(const YamlNode& body, Operation& out);

struct ReadRow {
    std::string_view kind;
    ReadBody read;
};

// clang-format off
constexpr auto kReaders = std::to_array<ReadRow>({
    {"add_field",         read_add_field},
    {"copy_field",        read_copy_field},
    {"create_collection", read_create_collection},
    {"create_indexes",    read_create_indexes},
    {"delete",            read_delete},
    {"drop_collection",   read_drop_collection},
    {"drop_indexes",      read_drop_indexes},
    {"hide_index",        read_hide_index},
    {"link",              read_link},
    {"native",            read_native},
    {"remove_field",      read_remove_field},
    {"rename_collection", read_rename_collection},
    {"rename_field",      read_rename_field},
    {"run",               read_run},
    {"set_options",       read_set_options},
    {"set_validator",     read_set_validator},
    {"transform",         read_transform},
    {"unhide_index",      read_unhide_index},
});
// clang-format on

std::string unknown_kind(const std::string& kind) {
    std::vector<std::string_view> names;
    for (const OperationKeys& row : operation_keys()) {
        names.push_back(row.kind);
    }
    return fmt::format("there is no operation '{}'{}; known: {}",
                       kind,
                       did_you_mean(kind, names),
                       fmt::join(names, ", "));
}

}  // namespace

Result<bson::Document> document_or_empty(const YamlNode& body, std::string_view key) {
    const YamlNode* node = body.find(key);
    if (node == nullptr) {
        return bson::Document{};
    }
    return node->as_bson_document();
}

std::string text_at(const YamlNode& body, std::string_view key) {
    const YamlNode* node = body.find(key);
    return node == nullptr ? std::string{} : node->text();
}

Result<Operation> read_operation(const YamlNode& node) {
    if (!node.is_map() || node.members().size() != 1) {
        return fail_at(node.position(), "an operation is a map of one key, its kind");
    }
    const auto& [kind, body] = node.members().front();
    const OperationKeys* keys = find_operation_keys(kind.text());
    const auto reader = std::lower_bound(
        kReaders.begin(), kReaders.end(), kind.text(), [](const ReadRow& each, const auto& text) {
            return each.kind < text;
        });
    if (keys == nullptr || reader == kReaders.end() || reader->kind != kind.text()) {
        return fail_at(kind.position(), unknown_kind(kind.text()));
    }
    Operation out;
    out.kind = kind.text();
    out.position = kind.position();
    if (!keys->keys.empty()) {
        PLUMB_CHECK(check_keys(body, keys->keys));
        out.collection = text_at(body, "collection");
    }
    PLUMB_CHECK(reader->read(body, out));
    return out;
}

}  // namespace plumb::project
