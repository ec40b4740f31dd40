// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/index_definition.h"

#include "bson/builder.h"
#include "bson/json.h"
#include "bson/number.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace plumb::project {
namespace {

// Fields of listIndexes that say nothing about what the index is.
constexpr auto kNoPartOfDefinition = std::to_array<std::string_view>({"background", "ns", "v"});

std::string direction_text(bson::ValueView value) {
    if (value.type() == bson::Type::String) {
        return std::string{value.as_string()};
    }
    if (!value.is_number()) {
        return bson::to_json(value);
    }
    const auto whole = bson::to_exact_int64(value);
    return whole.has_value() ? fmt::format("{}", *whole)
                             : fmt::format("{}", bson::to_double(value));
}

bson::Document sorted(const std::map<std::string_view, bson::ValueView>& options) {
    bson::Builder out;
    for (const auto& [name, value] : options) {
        out.append(name, value);
    }
    return out.finish();
}

}  // namespace

std::string default_index_name(bson::View key) {
    std::string name;
    for (const bson::Element& field : key) {
        name += fmt::format(
            "{}{}_{}", name.empty() ? "" : "_", field.name, direction_text(field.value));
    }
    return name;
}

std::string key_text(bson::View key) {
    std::string text = "{ ";
    bool first = true;
    for (const bson::Element& field : key) {
        const bool is_text = field.value.type() == bson::Type::String;
        text += fmt::format("{}{}: {}{}{}",
                            first ? "" : ", ",
                            field.name,
                            is_text ? "\"" : "",
                            direction_text(field.value),
                            is_text ? "\"" : "");
        first = false;
    }
    return text + " }";
}

Result<IndexDefinition> index_from_server(bson::View index) {
    IndexDefinition out;
    std::map<std::string_view, bson::ValueView> other;
    for (const auto& [name, value] : index) {
        if (name == "name" && value.type() == bson::Type::String) {
            out.name = value.as_string();
        } else if (name == "key" && value.type() == bson::Type::Document) {
            out.key = bson::Document{value.as_document()};
        } else if (name == "unique") {
            out.unique = bson::truthy(value);
        } else if (name == "sparse") {
            out.sparse = bson::truthy(value);
        } else if (name == "hidden") {
            out.hidden = bson::truthy(value);
        } else if (name == "partialFilterExpression" && value.type() == bson::Type::Document) {
            out.partial = bson::Document{value.as_document()};
        } else if (name == "expireAfterSeconds" && value.is_number()) {
            out.expire_after = bson::to_clamped_int64(value);
        } else if (std::find(kNoPartOfDefinition.begin(), kNoPartOfDefinition.end(), name) ==
                   kNoPartOfDefinition.end()) {
            other.emplace(name, value);
        }
    }
    out.other = sorted(other);
    if (out.name.empty() || out.key.empty()) {
        return fail(ErrorCode::InvalidBson,
                    fmt::format("no index of a server: {}", bson::to_json(index)));
    }
    return out;
}

bson::Document index_to_command(const IndexDefinition& index) {
    bson::Builder out;
    out.append("key", index.key);
    out.append("name", index.name);
    if (index.unique) {
        out.append("unique", true);
    }
    if (index.sparse) {
        out.append("sparse", true);
    }
    if (index.hidden) {
        out.append("hidden", true);
    }
    if (index.partial.has_value()) {
        out.append("partialFilterExpression", *index.partial);
    }
    if (index.expire_after.has_value()) {
        out.append("expireAfterSeconds", *index.expire_after);
    }
    out.append_all(index.other);
    return out.finish();
}

}  // namespace plumb::project
