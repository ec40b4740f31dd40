// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/builder.h"
#include "bson/compare.h"
#include "bson/number.h"
#include "project/index_canonical_internal.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace plumb::project {
namespace {

// Compared on their own, or written by the server and no part of what somebody wants.
constexpr auto kLeftOut = std::to_array<std::string_view>({
    "2dsphereIndexVersion",
    "collation",
    "storageEngine",
    "textIndexVersion",
    "weights",
});

struct Default {
    std::string_view option;
    std::string_view text;
    int number;
};

constexpr auto kDefaults = std::to_array<Default>({
    {"bits", "", 26},
    {"default_language", "english", 0},
    {"language_override", "language", 0},
    {"max", "", 180},
    {"min", "", -180},
});

bool is_default(std::string_view option, bson::ValueView value) {
    const auto* const row = std::find_if(kDefaults.begin(), kDefaults.end(), [&](const auto& each) {
        return each.option == option;
    });
    if (row == kDefaults.end()) {
        return false;
    }
    return row->text.empty() ? bson::equal(value, bson::Value{row->number})
                             : bson::equal(value, bson::Value{row->text});
}

bool is_text(bson::ValueView direction) {
    return direction.type() == bson::Type::String && direction.as_string() == "text";
}

// Fields of the key or of the weights, sorted: their order means nothing to a text index.
std::vector<std::string_view> text_fields(const IndexDefinition& index) {
    std::vector<std::string_view> out;
    for (const auto& [name, direction] : index.key) {
        if (is_text(direction) && name != "_fts") {
            out.push_back(name);
        }
    }
    const bson::ValueView weights = index.other.find("weights");
    if (out.empty() && weights.type() == bson::Type::Document) {
        for (const bson::Element& weight : weights.as_document()) {
            out.push_back(weight.name);
        }
    }
    std::sort(out.begin(), out.end());
    return out;
}

// Weights other than 1, which is what a field has without a word.
bson::Document special_weights(const IndexDefinition& index) {
    bson::Builder out;
    const bson::ValueView weights = index.other.find("weights");
    if (weights.type() != bson::Type::Document) {
        return out.finish();
    }
    for (const std::string_view field : text_fields(index)) {
        const bson::ValueView weight = weights.as_document().find(field);
        if (weight.is_number() && bson::to_double(weight) != 1) {
            out.append(field, weight);
        }
    }
    return out.finish();
}

}  // namespace

bson::Document canonical_key(const IndexDefinition& index) {
    const std::vector<std::string_view> fields = text_fields(index);
    if (fields.empty()) {
        return index.key;
    }
    bson::Builder out;
    bool written = false;
    for (const auto& [name, direction] : index.key) {
        if (name == "_ftsx") {
            continue;
        }
        if (!is_text(direction)) {
            out.append(name, direction);
        } else if (!written) {
            for (const std::string_view field : fields) {
                out.append(field, "text");
            }
            written = true;
        }
    }
    return out.finish();
}

bson::Document canonical_options(const IndexDefinition& index) {
    bson::Builder out;
    for (const auto& [name, value] : index.other) {
        const bool left_out = std::find(kLeftOut.begin(), kLeftOut.end(), name) != kLeftOut.end();
        if (!left_out && !is_default(name, value)) {
            out.append(name, value);
        }
    }
    if (const bson::Document weights = special_weights(index); !weights.empty()) {
        out.append("weights", weights);
    }
    return out.finish();
}

}  // namespace plumb::project
