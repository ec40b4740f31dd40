// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/lint/implication.h"

#include "bson/json.h"

#include <gtest/gtest.h>

namespace plumb::migrate::lint {
namespace {

TEST(Implication, FollowsWhatAPartialIndexHolds) {
    struct Case {
        const char* query;
        const char* filter;
        bool implied;
    };
    // clang-format off
    const Case cases[] = {
        {"{status: 'active'}",                   "{status: 'active'}",                true},
        {"{status: 'paused'}",                   "{status: 'active'}",                false},
        {"{customer: 1}",                        "{status: 'active'}",                false},
        {"{status: '{{status}}'}",               "{status: 'active'}",                true},
        {"{status: {$in: ['active']}}",          "{status: 'active'}",                true},
        {"{status: {$in: ['active', 'paused']}}", "{status: 'active'}",               false},
        {"{email: 'a@x'}",                       "{email: {$exists: true}}",          true},
        {"{email: null}",                        "{email: {$exists: true}}",          false},
        {"{email: {$gt: ''}}",                   "{email: {$exists: true}}",          true},
        {"{email: {$exists: true}}",             "{email: {$exists: true}}",          true},
        {"{email: {$ne: 'a'}}",                  "{email: {$exists: true}}",          false},
        {"{email: 'a@x'}",                       "{email: {$type: 'string'}}",        true},
        {"{n: 7}",                               "{n: {$gt: 5}}",                     true},
        {"{n: 5}",                               "{n: {$gt: 5}}",                     false},
        {"{n: {$gte: 5}}",                       "{n: {$gt: 5}}",                     false},
        {"{n: {$gt: 5}}",                        "{n: {$gte: 5}}",                    true},
        {"{n: {$gte: 6}}",                       "{n: {$gt: 5}}",                     true},
        {"{n: {$lt: 9}}",                        "{n: {$gt: 5}}",                     false},
        {"{n: {$lt: 3}}",                        "{n: {$lte: 5}}",                    true},
        {"{$and: [{a: 1}, {n: 7}]}",             "{$and: [{n: {$gt: 5}}, {a: 1}]}",   true},
        {"{a: 1}",                               "{a: 1, b: 2}",                      false},
        {"{$or: [{b: 2}]}",                      "{a: 1}",                            false},
        {"{a: 2}",                               "{$or: [{a: 1}]}",                   true},
    };
    // clang-format on
    for (const Case& each : cases) {
        const auto query = bson::from_json(each.query);
        const auto filter = bson::from_json(each.filter);
        ASSERT_TRUE(query.ok() && filter.ok()) << each.query << each.filter;
        EXPECT_EQ(may_imply(*query, *filter), each.implied) << each.query << " " << each.filter;
    }
}

}  // namespace
}  // namespace plumb::migrate::lint
