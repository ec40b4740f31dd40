// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/element_walk.h"

#include "bson/builder.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace plumb::bson {
namespace {

constexpr std::size_t kLongestName = 40;

// Fields of names of every length, with a value of every kind of size behind some of them.
Document all_lengths() {
    Builder out;
    for (std::size_t length = 0; length <= kLongestName; ++length) {
        const std::string name(length, static_cast<char>('a' + length % 26));
        switch (length % 8) {
            case 0:
                out.append(name, 1.5);
                break;
            case 1:
                out.append(name, "text");
                break;
            case 2:
                out.begin_document(name).append("x", 1).end();
                break;
            case 3:
                out.append_null(name);
                break;
            case 4:
                out.append_regex(name, {"^a.*", "im"});
                break;
            case 5:
                out.append_binary(name, {.subtype = 0, .bytes = "bytes"});
                break;
            case 6:
                out.append(name, true);
                break;
            default:
                out.append(name, Decimal128{1, 0x3040000000000000ULL});
        }
    }
    return out.finish();
}

TEST(ElementWalk, VisitsWhatTheIteratorVisits) {
    const Document document = all_lengths();
    ElementWalk walk{document};
    for (const Element& element : document) {
        ASSERT_TRUE(walk.more());
        EXPECT_EQ(walk.name(), element.name);
        EXPECT_TRUE(walk.value().identical(element.value)) << element.name;
        EXPECT_EQ(walk.value().raw().data(), element.value.raw().data());
        walk.step();
    }
    EXPECT_FALSE(walk.more());
    EXPECT_FALSE(ElementWalk{View{}}.more());
}

TEST(ElementWalk, KnowsANameFromThoseThatAreNearlyIt) {
    for (std::size_t length = 0; length <= kLongestName; ++length) {
        const std::string name(length, 'n');
        // Alone at the end of the document, and with much behind it.
        for (const std::size_t behind : {std::size_t{0}, std::size_t{100}}) {
            Builder out;
            out.append_null(name);
            if (behind > 0) {
                out.append("z", std::string(behind, '\0'));
            }
            const Document document = out.finish();
            EXPECT_FALSE(find_field(document, FieldName{name}).missing()) << length;
            std::vector<std::string> others{name + "n", name + '\0', name + std::string{"\0z", 2}};
            for (std::size_t at = 0; at < length; ++at) {
                std::string other = name;
                other[at] = 'm';
                others.push_back(other);
                others.push_back(name.substr(0, at));
            }
            for (const std::string& other : others) {
                EXPECT_TRUE(find_field(document, FieldName{other}).missing()) << other;
            }
        }
    }
}

TEST(ElementWalk, FindsTheFirstOfEqualNames) {
    Builder out;
    out.append("a", 1).append("a", 2);
    EXPECT_EQ(find_field(out.finish_view(), FieldName{"a"}).as_int32(), 1);
}

}  // namespace
}  // namespace plumb::bson
