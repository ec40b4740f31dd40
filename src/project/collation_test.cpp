// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/collation.h"

#include "bson/json.h"

#include <gtest/gtest.h>

namespace plumb::project {
namespace {

TEST(Collation, IsComparedAsTheServerFillsItIn) {
    struct Case {
        const char* a;
        const char* b;
        bool same;
    };
    const Case cases[] = {
        {"{}", "{}", true},
        {"{}", "{c: {locale: 'simple'}}", true},
        {"{}", "{c: {locale: 'en'}}", false},
        {"{c: {locale: 'en'}}", "{c: {locale: 'de'}}", false},
        {"{c: {locale: 'en'}}",
         "{c: {locale: 'en', caseLevel: false, caseFirst: 'off', strength: 3, numericOrdering: "
         "false, alternate: 'non-ignorable', maxVariable: 'punct', normalization: false, "
         "backwards: false, version: '57.1'}}",
         true},
        {"{c: {locale: 'en'}}", "{c: {locale: 'en', strength: 2}}", false},
        {"{c: {locale: 'en', strength: 3}}", "{c: {locale: 'en', strength: 3.0}}", true},
        {"{c: {locale: 'fr_CA'}}", "{c: {locale: 'fr_CA', backwards: true}}", true},
        {"{c: {locale: 'fr'}}", "{c: {locale: 'fr', backwards: true}}", false},
        {"{c: {locale: 'en', odd: 1}}", "{c: {locale: 'en'}}", false},
    };
    for (const Case& each : cases) {
        const auto a = bson::from_json(each.a);
        const auto b = bson::from_json(each.b);
        ASSERT_TRUE(a.ok() && b.ok()) << each.a << each.b;
        EXPECT_EQ(same_collation(a->find("c"), b->find("c")), each.same) << each.a << each.b;
        EXPECT_EQ(same_collation(b->find("c"), a->find("c")), each.same) << each.b << each.a;
    }
}

}  // namespace
}  // namespace plumb::project
