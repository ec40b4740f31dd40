// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/capture/shape.h"

#include "bson/json.h"

#include <gtest/gtest.h>

#include <string_view>

namespace plumb::capture {
namespace {

struct Case {
    std::string_view command;
    std::string_view text;
};

constexpr Case kCases[] = {
    {R"({find: "users", filter: {id: "u1"}, limit: 1, singleBatch: true})",
     "find users {id: =} limit: 1"},
    {R"({find: "o", filter: {b: 1, a: 2}})", "find o {a: =, b: =}"},
    {R"({find: "o", filter: {$and: [{b: 1}, {a: {$eq: 2}}]}})", "find o {a: =, b: =}"},
    {R"({find: "o", filter: {d: {$lt: 1, $gte: 2}}, sort: {d: -1.0}, limit: 20, skip: 40})",
     "find o {d: [<, >]} sort: {d: -1} limit: n"},
    {R"({find: "o", filter: {s: {$in: ["a", "b"]}}})", "find o {s: in few}"},
    {R"({find: "o", filter: {s: {$in: ["a"]}}})", "find o {s: =}"},
    {R"({find: "o", filter: {s: {$in: [1,2,3,4,5,6,7,8,9,10,11]}}})", "find o {s: in many}"},
    {R"({find: "o", filter: {s: {$nin: [1, 2]}, t: {$ne: 3}}})", "find o {s: not in few, t: !=}"},
    {R"({find: "o", filter: {s: null, t: {$exists: true}, u: {$exists: false}}})",
     "find o {s: = null, t: exists, u: missing}"},
    {R"({find: "o", filter: {s: {$regex: "^ab"}}})", "find o {s: regex prefix}"},
    {R"({find: "o", filter: {s: {$regex: "^ab", $options: "i"}}})", "find o {s: regex}"},
    {R"({find: "o", filter: {s: {$regularExpression: {pattern: "b", options: ""}}}})",
     "find o {s: regex}"},
    {R"({find: "o", filter: {$or: [{b: 1}, {a: 1}]}})", "find o {$or: [{a: =}, {b: =}]}"},
    {R"({find: "o", filter: {$or: [{a: 1}, {a: 2}]}})", "find o {$or: [{a: =}]}"},
    {R"({find: "o", filter: {$or: [{a: 1}], b: 2}})", "find o {a: =, b: =}"},
    {R"({find: "o", filter: {t: {$elemMatch: {x: 1, y: {$gt: 2}}}}})",
     "find o {t: {elemMatch: {x: =, y: >}}}"},
    {R"({find: "o", filter: {t: {$elemMatch: {$gt: 2}}}})", "find o {t: {elemMatch: {: >}}}"},
    {R"({find: "o", filter: {t: {$not: {$gt: 2}}}})", "find o {t: not >}"},
    {R"({find: "o", filter: {a: {b: 1}}})", "find o {a: =}"},
    {R"({find: "o", filter: {$expr: {$gt: ["$a", 7]}}})", "find o {$expr: {$gt: [$a, ?]}}"},
    {R"({find: "o", filter: {}, projection: {b: true, a: 1, _id: 0}})",
     "find o projection: {_id: 0, a: 1, b: 1}"},
    {R"({count: "users", query: {role: "customer"}})", "count users {role: =}"},
    {R"({aggregate: "users", pipeline: [{$match: {role: "c"}}, {$group: {_id: 1, n: {$sum: 1}}}],
         cursor: {}})",
     "count users {role: =}"},
    {R"({aggregate: "o", pipeline: [{$match: {d: {$gte: "a", $lte: "b"}}},
         {$group: {_id: "$s", n: {$sum: 1}, k: {$sum: {$cond: [{$eq: ["$s", "x"]}, "$v", 5]}}}},
         {$sort: {_id: 1}}, {$limit: 7}], cursor: {}})",
     "aggregate o [{$match: {d: [<, >]}}, {$group: {_id: $s, n: {$sum: 1}, "
     "k: {$sum: {$cond: [{$eq: [$s, ?]}, $v, ?]}}}}, {$sort: {_id: 1}}, {$limit: n}]"},
    {R"({aggregate: "o", pipeline: [{$lookup: {from: "s", localField: "a", foreignField: "id",
         as: "x"}}], cursor: {}})",
     "aggregate o [{$lookup: {from: s, localField: a, foreignField: id, as: x}}]"},
    {R"({distinct: "o", key: "status"})", "distinct o key: status"},
    {R"({insert: "o", documents: [{a: 1}]})", "insert o"},
    {R"({update: "o", updates: [{q: {id: 1}, u: {$set: {b: 1, a: 2}, $inc: {n: 1}}, multi: true}]})",
     "update o {id: =} update: {$set: [a, b], $inc: [n]} multi: true"},
    {R"({update: "o", updates: [{q: {id: 1}, u: {a: 1}, upsert: true}]})",
     "update o {id: =} update: replacement upsert: true"},
    {R"({update: "o", updates: [{q: {id: 1}, u: [{$set: {a: 1}}]}]})",
     "update o {id: =} update: pipeline"},
    {R"({delete: "o", deletes: [{q: {id: 1}, limit: 1}]})", "delete o {id: =} limit: 1"},
    {R"({findAndModify: "o", query: {id: 1}, sort: {a: 1}, update: {$set: {b: 2}}, new: true})",
     "findAndModify o {id: =} sort: {a: 1} update: {$set: [b]}"},
    {R"({find: "o", filter: {id: "{{order.id}}"}, limit: 1})", "find o {id: =} limit: 1"},
};

TEST(Shape, takes_the_constants_out) {
    for (const Case& one : kCases) {
        const auto command = bson::from_json(one.command);
        ASSERT_TRUE(command.ok()) << one.command;
        const std::vector<Shape> shapes = shapes_of("shop", *command);
        ASSERT_EQ(shapes.size(), 1U) << one.command;
        EXPECT_EQ(shapes[0].text, one.text);
        EXPECT_EQ(shapes[0].database, "shop");
    }
}

TEST(Shape, of_what_asks_no_collection_is_nothing) {
    for (const char* text : {R"({hello: 1})",
                             R"({getMore: 5, collection: "o"})",
                             R"({createIndexes: "o", indexes: []})",
                             R"({aggregate: 1, pipeline: []})"}) {
        EXPECT_TRUE(shapes_of("shop", *bson::from_json(text)).empty()) << text;
    }
}

TEST(Shape, statements_of_one_write_command_are_shapes_of_their_own) {
    const auto command = bson::from_json(
        R"({update: "o", updates: [{q: {id: 1}, u: {$set: {a: 1}}}, {q: {b: 1}, u: {$set: {a: 1}}}]})");
    EXPECT_EQ(shapes_of("shop", *command).size(), 2U);
}

TEST(Shape, a_statement_as_the_profiler_has_it_is_the_commands) {
    const auto command = bson::from_json(
        R"({update: "o", updates: [{q: {id: 1}, u: {$set: {a: 1}}, multi: false}]})");
    const auto statement = bson::from_json(R"({q: {id: 9}, u: {$set: {a: 7}}, multi: false})");
    const auto shape = shape_of("shop", *statement, "o");
    ASSERT_TRUE(shape);
    EXPECT_EQ(shape->text, shapes_of("shop", *command)[0].text);
    EXPECT_EQ(shape->id, shapes_of("shop", *command)[0].id);
}

}  // namespace
}  // namespace plumb::capture
