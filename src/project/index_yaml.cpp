// SPDX-License-Identifier: GPL-3.0-or-later
// Reading one index from YAML, with the refusals MongoDB would make, at their place in the file.
#include "base/limits.h"
#include "bson/builder.h"
#include "bson/number.h"
#include "project/index_definition.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace plumb::project {
namespace {

constexpr std::int64_t kExpireAfterMax = 2147483647;  // seconds; the server's own limit
constexpr std::size_t kKeyBytesMax = 2048;            // MongoDB's limit of a key pattern

constexpr auto kPlugins = std::to_array<std::string_view>({"2d", "2dsphere", "hashed", "text"});

Status check_key_field(const YamlNode& name, const YamlNode& direction, bson::ValueView value) {
    const std::string& field = name.text();
    if (field.empty() || field.front() == '$' || field.front() == '.' || field.back() == '.' ||
        field.find("..") != std::string::npos) {
        return fail_at(name.position(), fmt::format("'{}' is no field an index can have", field));
    }
    if (value.type() == bson::Type::String &&
        std::find(kPlugins.begin(), kPlugins.end(), value.as_string()) != kPlugins.end()) {
        return {};
    }
    const double number = value.is_number() ? bson::to_double(value) : 0;
    if (number == 0 || std::isnan(number)) {
        return fail_at(direction.position(),
                       fmt::format("'{}' of '{}' is no index direction; write 1, -1 or one of {}",
                                   direction.text(),
                                   field,
                                   fmt::join(kPlugins, ", ")));
    }
    return {};
}

Result<bson::Document> read_key(const YamlNode& node) {
    if (!node.is_map() || node.members().empty()) {
        return fail_at(node.position(), "an index key is a map of field: direction");
    }
    if (node.members().size() > static_cast<std::size_t>(kIndexFieldsMax)) {
        return fail_at(node.position(),
                       fmt::format("more than {} fields in a key", kIndexFieldsMax));
    }
    bson::Builder out;
    for (const auto& [name, direction] : node.members()) {
        PLUMB_TRY(value, direction.as_bson());
        PLUMB_CHECK(check_key_field(name, direction, value));
        out.append(name.text(), value);
    }
    if (out.byte_size() > kKeyBytesMax) {
        return fail_at(node.position(), fmt::format("a key of more than {} bytes", kKeyBytesMax));
    }
    return out.finish();
}

Status check_combination(const YamlNode& node, const IndexDefinition& index) {
    const bool hashed = index.key.view().front().value.type() == bson::Type::String &&
                        index.key.view().front().value.as_string() == "hashed";
    if (index.sparse && index.partial.has_value()) {
        return fail_at(node.position(), "an index cannot be both sparse and partial");
    }
    if (index.unique && hashed) {
        return fail_at(node.position(), "a hashed index cannot be unique");
    }
    if (index.expire_after.has_value() && index.key.view().count() != 1) {
        return fail_at(node.position(), "expire_after needs a key of one field");
    }
    return {};
}

Result<std::string> read_name(const YamlNode& node, bson::View key) {
    const YamlNode* given = node.find("name");
    if (given == nullptr) {
        return default_index_name(key);
    }
    PLUMB_TRY(name, given->as_string());
    if (name.empty() || name.find('\0') != std::string::npos || name == "*" || name == "_id_") {
        return fail_at(given->position(), fmt::format("'{}' is no name for an index", name));
    }
    return std::move(name);
}

}  // namespace

Result<IndexDefinition> read_index(const YamlNode& node) {
    IndexDefinition index;
    index.position = node.position();
    PLUMB_TRY(key_node, node.at("key"));
    PLUMB_TRY(key, read_key(key_node));
    index.key = std::move(key);
    PLUMB_TRY(name, read_name(node, index.key));
    index.name = std::move(name);
    PLUMB_TRY(unique, node.bool_or("unique", false));
    index.unique = unique;
    PLUMB_TRY(sparse, node.bool_or("sparse", false));
    index.sparse = sparse;
    PLUMB_TRY(hidden, node.bool_or("hidden", false));
    index.hidden = hidden;
    if (const YamlNode* partial = node.find("partial")) {
        PLUMB_TRY(filter, partial->as_bson_document());
        index.partial = std::move(filter);
    }
    if (const YamlNode* seconds = node.find("expire_after")) {
        PLUMB_TRY(number, seconds->as_int());
        if (number < 0 || number > kExpireAfterMax) {
            return fail_at(seconds->position(),
                           fmt::format("expire_after is 0 to {} seconds", kExpireAfterMax));
        }
        index.expire_after = number;
    }
    if (const YamlNode* collation = node.find("collation")) {
        PLUMB_TRY(value, collation->as_bson_document());
        bson::Builder other;
        other.append("collation", value);
        index.other = other.finish();
    }
    PLUMB_TRY(purpose, node.string_or("purpose", ""));
    index.purpose = std::move(purpose);
    PLUMB_CHECK(check_combination(node, index));
    return index;
}

}  // namespace plumb::project
