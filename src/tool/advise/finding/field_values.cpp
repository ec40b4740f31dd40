// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/compare.h"
#include "bson/json.h"
#include "bson/path.h"
#include "engine/query/path_walk.h"
#include "tool/advise/finding/finding_internal.h"

#include <algorithm>
#include <map>

namespace plumb::advise {
namespace {

constexpr std::size_t kFewValues = 50;
constexpr std::size_t kShown = 6;

}  // namespace

std::optional<std::vector<FieldValue>> few_values(const CollectionSample& sample,
                                                  const std::string& dotted) {
    std::map<bson::Value, std::size_t, bson::ValueLess> counts;
    const bson::Path path{dotted};
    for (const bson::Document& row : sample.rows) {
        query::walk_path(
            row, path, query::LeafArray::Elements, [&](bson::ValueView value, std::int64_t) {
                if (value.type() != bson::Type::Array) {
                    ++counts.try_emplace(bson::Value{value}, 0).first->second;
                }
                return false;
            });
        if (counts.size() > kFewValues) {
            return std::nullopt;
        }
    }
    std::vector<FieldValue> out;
    out.reserve(counts.size());
    for (const auto& [value, documents] : counts) {
        out.push_back({value, documents});
    }
    std::ranges::stable_sort(out, std::greater{}, &FieldValue::documents);
    return out;
}

std::string value_text(bson::ValueView value) {
    return value.missing() ? std::string{"missing"} : bson::to_json(value);
}

std::string values_shown(const std::vector<FieldValue>& values) {
    std::string out;
    for (std::size_t at = 0; at < std::min(values.size(), kShown); ++at) {
        out += (out.empty() ? "" : ", ") + value_text(values[at].value);
    }
    return values.size() > kShown ? out + ", …" : out;
}

}  // namespace plumb::advise
