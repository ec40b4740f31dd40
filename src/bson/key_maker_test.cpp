// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/index_key.h"
#include "bson/json.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace plumb::bson {
namespace {

using Paths = std::vector<std::vector<std::uint32_t>>;

// The keys of a document, decoded, as JSON arrays of their values, in key order.
std::vector<std::string> decoded(const KeyMaker& maker, const MadeKeys& made) {
    std::vector<std::string> out;
    for (const MadeKey& key : made.keys) {
        Builder builder;
        EXPECT_TRUE(decode_key(key.bytes, key.type_bits, maker.pattern(), {}, builder).ok());
        std::string text;
        for (const Element& element : builder.finish()) {
            text += (text.empty() ? "" : ", ") + to_json(element.value);
        }
        out.push_back(text);
    }
    return out;
}

struct Making {
    std::string pattern;
    std::string document;
    std::vector<std::string> keys;
    Paths multikey_paths;
};

const std::string kUndefined = R"({"$undefined": true})";

const Making kMakings[] = {
    // without arrays
    {"{a: 1}", "{a: 5}", {"5"}, {{}}},
    {"{a: 1}", "{b: 5}", {"null"}, {{}}},
    {"{a: 1}", "{a: {b: [1]}}", {R"({"b": [1]})"}, {{}}},
    {"{a: 1, b: -1}", "{b: 'x', a: 1.0}", {R"(1.0, "x")"}, {{}, {}}},
    {"{'a.b': 1}", "{a: {b: 3}}", {"3"}, {{}}},
    {"{'a.b': 1}", "{a: 3}", {"null"}, {{}}},
    {"{'a.b': 1}", "{'a.b': 3}", {"null"}, {{}}},
    {"{'a.0': 1}", "{a: {'0': 3}}", {"3"}, {{}}},
    {"{'a.b': 1, 'a.c': -1, a: 1}",
     "{a: {c: 1, b: 2}}",
     {R"(2, 1, {"c": 1, "b": 2})"},
     {{}, {}, {}}},
    {"{a: 1, b: 1, c: 1, d: 1, e: 1}",
     "{e: 1, c: 2, a: 3}",
     {"3, null, 2, null, 1"},
     {{}, {}, {}, {}, {}}},
    // an array at the end of the path
    {"{a: 1}", "{a: [3, 1, 2]}", {"1", "2", "3"}, {{0}}},
    {"{a: -1}", "{a: [3, 1, 2]}", {"3", "2", "1"}, {{0}}},
    {"{a: 1}", "{a: [1, 1.0, 1]}", {"1"}, {{0}}},
    {"{a: 1}", "{a: [7]}", {"7"}, {{0}}},
    {"{a: 1}", "{a: []}", {kUndefined}, {{0}}},
    {"{a: 1}", "{a: [[1, 2], 3, []]}", {"3", "[]", "[1, 2]"}, {{0}}},
    {"{a: 1}", "{a: [null, {b: 1}]}", {"null", R"({"b": 1})"}, {{0}}},
    {"{'a.b': 1}", "{a: {b: [1, 2]}}", {"1", "2"}, {{1}}},
    // an array on the way
    {"{'a.b': 1}", "{a: [{b: 1}, {b: 2}, {c: 3}, 4]}", {"null", "1", "2"}, {{0}}},
    {"{'a.b': 1}", "{a: []}", {"null"}, {{0}}},
    {"{'a.b': 1}", "{a: [[{b: 1}]]}", {"null"}, {{0}}},
    {"{'a.b': 1}", "{a: [{b: [1, 2]}, {b: []}]}", {kUndefined, "1", "2"}, {{0, 1}}},
    {"{'a.b.c': 1}", "{a: [{b: [{c: 1}, {c: [2]}]}]}", {"1", "2"}, {{0, 1, 2}}},
    // several fields
    {"{a: 1, b: 1}", "{a: [1, 2], b: 9}", {"1, 9", "2, 9"}, {{0}, {}}},
    {"{b: 1, a: 1}", "{a: [1, 2]}", {"null, 1", "null, 2"}, {{}, {0}}},
    {"{'a.b': 1, 'a.c': -1}", "{a: [{b: 1, c: 2}, {b: 3}]}", {"1, 2", "3, null"}, {{0}, {0}}},
    {"{a: 1, 'a.b': 1}", "{a: [{b: 1}, 5]}", {"5, null", R"({"b": 1}, 1)"}, {{0}, {0}}},
    {"{'a.b': 1, 'a.c': 1}",
     "{a: [{b: [1, 2], c: 3}, {b: 4, c: [5, 6]}]}",
     {"1, 3", "2, 3", "4, 5", "4, 6"},
     {{0, 1}, {0, 1}}},
    // positions
    {"{'a.0': 1}", "{a: [5, 6]}", {"5"}, {{}}},
    {"{'a.1': 1}", "{a: [5]}", {"null"}, {{0}}},
    {"{'a.0': 1}", "{a: [[1, 2], 3]}", {"[1, 2]"}, {{}}},
    {"{'a.0': 1}", "{a: [[], 3]}", {kUndefined}, {{1}}},
    {"{'a.0.b': 1}", "{a: [{b: 1}, {b: 2}]}", {"1"}, {{}}},
    {"{'a.0.b': 1}", "{a: [{b: [1, 2]}]}", {"1", "2"}, {{2}}},
    {"{'a.0.b': 1}", "{a: [[{b: 1}, {b: 2}]]}", {"1", "2"}, {{1}}},
    {"{'a.0': 1, 'a.b': 1}",
     "{a: [{b: 1}, {b: 2}]}",
     {R"({"b": 1}, 1)", R"({"b": 1}, 2)"},
     {{}, {0}}},
    {"{'a.2.b': 1}", "{a: [5, {'2': {b: 7}}]}", {"null", "7"}, {{0}}},
};

TEST(KeyMaker, MakesTheKeysOfMongoDb) {
    MadeKeys made;
    for (const Making& making : kMakings) {
        const KeyMaker maker{*KeyPattern::parse(*from_json(making.pattern)), false};
        const Document document = *from_json(making.document);
        ASSERT_TRUE(maker.make(document, made).ok()) << making.pattern << " of " << making.document;
        EXPECT_EQ(decoded(maker, made), making.keys) << making.pattern << " of " << making.document;
        EXPECT_EQ(made.multikey_paths, making.multikey_paths)
            << making.pattern << " of " << making.document;
        const bool any_array = making.multikey_paths != Paths(making.multikey_paths.size());
        EXPECT_EQ(made.multikey, any_array);
    }
}

struct Sparse {
    std::string pattern;
    std::string document;
    std::vector<std::string> keys;
};

const Sparse kSparse[] = {
    {"{a: 1}", "{b: 1}", {}},
    {"{a: 1}", "{a: null}", {"null"}},
    {"{a: 1}", "{a: []}", {kUndefined}},
    {"{a: 1, b: 1}", "{b: 1}", {"null, 1"}},
    {"{a: 1, b: 1}", "{c: 1}", {}},
    {"{'a.b': 1}", "{a: [{b: 1}, {c: 2}]}", {"1"}},
    {"{'a.b': 1}", "{a: [{c: 2}, 3]}", {}},
    {"{'a.b': 1}", "{a: []}", {}},
    {"{a: 'hashed'}", "{}", {}},
};

TEST(KeyMaker, LeavesOutWhatASparseIndexDoesNotHold) {
    MadeKeys made;
    for (const Sparse& sparse : kSparse) {
        const KeyMaker maker{*KeyPattern::parse(*from_json(sparse.pattern)), true};
        ASSERT_TRUE(maker.make(*from_json(sparse.document), made).ok());
        EXPECT_EQ(decoded(maker, made), sparse.keys) << sparse.pattern << " of " << sparse.document;
    }
}

TEST(KeyMaker, RefusesParallelArrays) {
    const KeyMaker maker{*KeyPattern::parse(*from_json("{a: 1, b: 1, 'c.d': 1, 'c.e': 1}")), false};
    MadeKeys made;
    for (const char* json : {"{a: [1], b: [2]}",
                             "{a: [], b: []}",
                             "{a: [1], c: [{d: 1}]}",
                             "{c: [{d: [1], e: [2]}]}"}) {
        const Status status = maker.make(*from_json(json), made);
        ASSERT_FALSE(status.ok()) << json;
        EXPECT_EQ(status.error().code(), ErrorCode::CannotIndexParallelArrays);
    }
    const Status status = maker.make(*from_json("{a: [1], b: [2]}"), made);
    EXPECT_EQ(status.error().message(), "cannot index parallel arrays [b] [a]");
}

TEST(KeyMaker, RefusesAFieldNamedLikeAPosition) {
    const KeyMaker maker{*KeyPattern::parse(*from_json("{'a.0': 1}")), false};
    MadeKeys made;
    const Status status = maker.make(*from_json("{a: [{'0': 1}]}"), made);
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().code(), ErrorCode{16746});
}

TEST(KeyMaker, HashesHashedFields) {
    const KeyMaker maker{*KeyPattern::parse(*from_json("{'a.b': 'hashed'}")), false};
    MadeKeys made;
    ASSERT_TRUE(maker.make(*from_json("{a: {b: 1}}"), made).ok());
    EXPECT_EQ(decoded(maker, made), std::vector<std::string>{"5902408780260971510"});
    for (const char* json : {"{a: {b: []}}", "{a: [{b: 1}]}"}) {
        const Status status = maker.make(*from_json(json), made);
        ASSERT_FALSE(status.ok()) << json;
        EXPECT_EQ(status.error().code(), ErrorCode{16766});
    }
}

}  // namespace
}  // namespace plumb::bson
