// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/json.h"
#include "bson/path.h"
#include "engine/query/path_walk.h"
#include "tool/advise/findings_internal.h"

#include <algorithm>
#include <map>

namespace plumb::advise {
namespace {

constexpr std::size_t kFewValues = 50;
constexpr std::size_t kShown = 6;

// Values as text with how many sampled documents have them; more than few: cut short.
std::map<std::string, std::size_t> values_of(const FindingContext& context,
                                             const std::string& dotted) {
    std::map<std::string, std::size_t> out;
    const bson::Path path{dotted};
    for (const bson::Document& row : context.sample.rows) {
        query::walk_path(
            row, path, query::LeafArray::Elements, [&](bson::ValueView value, std::int64_t) {
                if (value.type() != bson::Type::Array) {
                    ++out[value.missing() ? std::string{"missing"} : bson::to_json(value)];
                }
                return false;
            });
        if (out.size() > kFewValues) {
            break;
        }
    }
    return out;
}

}  // namespace

bool has_few_values(const FindingContext& context, const std::string& path) {
    return values_of(context, path).size() <= kFewValues;
}

std::string values_shown(const FindingContext& context, const std::string& path) {
    const auto values = values_of(context, path);
    std::vector<std::pair<std::string, std::size_t>> order{values.begin(), values.end()};
    std::ranges::stable_sort(order,
                             [](const auto& a, const auto& b) { return a.second > b.second; });
    std::string out;
    for (std::size_t at = 0; at < std::min(order.size(), kShown); ++at) {
        out += (out.empty() ? "" : ", ") + order[at].first;
    }
    return order.size() > kShown ? out + ", …" : out;
}

}  // namespace plumb::advise
