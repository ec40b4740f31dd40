// SPDX-License-Identifier: GPL-3.0-or-later
#include "samples.h"

#include "bson/json.h"

#include <array>
#include <string_view>

namespace plumb::fuzz {
namespace {

constexpr std::array<std::string_view, 8> kSamples{
    R"({"_id": 0})",
    R"({"_id": 1, "a": 1, "b": "abc", "c": null, "n": 5})",
    R"({"_id": 2, "a": [1, 2, {"x": 3, "y": [4]}], "b": {"x": 1, "y": {"z": 2}}, "arr": [3, 1, 2]})",
    R"({"_id": 3, "a": {"$numberDecimal": "2.50"}, "b": {"$numberDouble": "NaN"}, "c": -0.0})",
    R"({"_id": 4, "a": {"$date": "2026-01-01T00:00:00Z"}, "b": {"$minKey": 1}, "c": {"$maxKey": 1}})",
    R"({"_id": 5, "a": {"$oid": "0123456789abcdef01234567"}, "b": {"$numberLong": "9007199254740993"}})",
    R"({"_id": 6, "a": [], "b": [[]], "c": [[1, 2], [3]], "docs": [{"k": 1, "v": 1}, {"k": 2}]})",
    R"({"_id": 7, "a": {"$regularExpression": {"pattern": "^a", "options": "i"}},
        "b": {"$binary": {"base64": "YWI=", "subType": "00"}}, "c": {"$timestamp": {"t": 5, "i": 1}}, "s": true})",
};

}  // namespace

const std::vector<bson::Document>& sample_documents() {
    static const std::vector<bson::Document> documents = [] {
        std::vector<bson::Document> out;
        for (const std::string_view text : kSamples) {
            out.push_back(bson::from_json(text).value());
        }
        return out;
    }();
    return documents;
}

}  // namespace plumb::fuzz
