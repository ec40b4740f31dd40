# SPDX-License-Identifier: GPL-3.0-or-later
"""What the query language does between commands, plans and storage, beyond what single replies show."""
import time
import unittest

import bson
from bson.decimal128 import Decimal128

from plumbd import Plumbd

EMPTY = bson.Timestamp(0, 0)


def stages(plan):
    """The names of a plan's stages, from the top down."""
    while plan:
        yield plan["stage"]
        plan = plan.get("inputStage")


class QueryLanguage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Plumbd().start()
        cls.client = cls.server.client()
        cls.db = cls.client.language

    @classmethod
    def tearDownClass(cls):
        cls.client.close()
        cls.server.__exit__()

    def setUp(self):
        self.client.drop_database("language")

    def assert_now(self, timestamp):
        self.assertLess(abs(timestamp.time - time.time()), 60)

    def test_empty_timestamps_become_the_time_where_a_document_is_given_whole(self):
        self.db.t.insert_one({"_id": EMPTY, "at": EMPTY, "in": {"at": EMPTY}, "list": [EMPTY]})
        found = self.db.t.find_one()
        self.assert_now(found["at"])
        self.assertEqual([found["_id"], found["in"]["at"], found["list"][0]], [EMPTY] * 3)
        self.db.t.replace_one({"_id": EMPTY}, {"a": EMPTY, "b": EMPTY, "in": {"at": EMPTY}})
        found = self.db.t.find_one()
        self.assert_now(found["a"])
        self.assert_now(found["b"])
        self.assertNotEqual(found["a"], found["b"])
        self.assertEqual(found["in"]["at"], EMPTY)
        self.db.t.replace_one({"_id": 2}, {"a": EMPTY}, upsert=True)
        self.assert_now(self.db.t.find_one({"_id": 2})["a"])

    def test_empty_timestamps_stay_where_an_operator_sets_them(self):
        self.db.t.insert_one({"_id": 1})
        self.db.t.update_one({"_id": 1}, {"$set": {"at": EMPTY}})
        self.db.t.update_one({"_id": 2}, {"$set": {"at": EMPTY}}, upsert=True)
        self.db.t.update_one({"_id": 1}, [{"$set": {"more": EMPTY}}])
        self.assertEqual(list(self.db.t.find().sort("_id", 1)),
                         [{"_id": 1, "at": EMPTY, "more": EMPTY}, {"_id": 2, "at": EMPTY}])

    def test_a_pipeline_updates_each_document_by_itself(self):
        self.db.t.insert_many([{"_id": i, "n": i, "list": list(range(i))} for i in range(200)])
        done = self.db.t.update_many({}, [{"$set": {"size": {"$size": "$list"}}}, {"$unset": "list"},
                                          {"$replaceWith": {"$mergeObjects": ["$$ROOT", {"twice": {
                                              "$multiply": ["$n", 2]}}]}}])
        self.assertEqual(done.modified_count, 200)
        self.assertEqual(list(self.db.t.find().sort("_id", 1)),
                         [{"_id": i, "n": i, "size": i, "twice": 2 * i} for i in range(200)])

    def explain(self, query, **options):
        return self.db.command("explain", {"find": "t", "filter": query, **options}, verbosity="executionStats")

    def test_an_expression_that_asks_for_equality_uses_the_index(self):
        self.db.t.insert_many([{"_id": i, "a": i % 10, "b": i % 7} for i in range(500)])
        self.db.t.insert_many([{"_id": "array", "a": [3], "b": 1}, {"_id": "missing"}])
        self.db.t.create_index("a")
        for expression in ({"$eq": ["$a", 3]}, {"$eq": [3, "$a"]}, {"$and": [{"$eq": ["$a", 3]}, {"$gte": ["$b", 0]}]}):
            explained = self.explain({"$expr": expression})
            self.assertIn("IXSCAN", stages(explained["queryPlanner"]["winningPlan"]), expression)
            self.assertEqual(explained["executionStats"]["nReturned"], 50)
        for expression in ({"$eq": ["$a", None]}, {"$ne": ["$a", 3]}, {"$or": [{"$eq": ["$a", 3]}, {"$eq": ["$b", 1]}]}):
            plan = self.explain({"$expr": expression})["queryPlanner"]["winningPlan"]
            self.assertEqual(list(stages(plan)), ["COLLSCAN"], expression)
        self.assertEqual(self.db.t.count_documents({"$expr": {"$eq": ["$a", [3]]}}), 1)
        self.assertEqual(self.db.t.count_documents({"$nor": [{"$expr": {"$eq": ["$a", 3]}}]}), 452)
        self.db.t.update_one({"$expr": {"$eq": ["$a", 99]}}, {"$set": {"c": 1}}, upsert=True)
        self.assertNotIn("a", self.db.t.find_one({"c": 1}))

    def joined(self, pipeline, let=None, unwind=False):
        lookup = {"from": "users", "pipeline": pipeline, "as": "u", **({"let": let} if let else {})}
        stages = [{"$sort": {"_id": 1}}, {"$lookup": lookup}, *([{"$unwind": "$u"}] if unwind else [])]
        return [document["u"] for document in self.db.orders.aggregate(stages, batchSize=3)]

    def test_the_pipeline_of_a_lookup_runs_for_each_document(self):
        self.db.users.insert_many([{"_id": i, "team": i % 3, "n": i} for i in range(30)])
        self.db.orders.insert_many([{"_id": i, "user": i * 2, "team": i % 4} for i in range(20)])
        by_id = [{"$match": {"$expr": {"$eq": ["$_id", "$$user"]}}}]
        expected = [[{"_id": 2 * i, "team": 2 * i % 3, "n": 2 * i}] if 2 * i < 30 else [] for i in range(20)]
        self.assertEqual(self.joined(by_id, {"user": "$user"}), expected)
        self.assertEqual(self.joined(by_id, {"user": "$user"}, unwind=True), [u for each in expected for u in each])
        # What names no variable is kept; what does is bound anew, also behind stages that gather.
        by_team = [{"$group": {"_id": "$team", "sum": {"$sum": "$n"}}}, {"$match": {"$expr": {"$eq": ["$_id", "$$team"]}}},
                   {"$addFields": {"for": "$$team"}}]
        sums = [sum(range(team, 30, 3)) for team in range(3)]
        self.assertEqual(self.joined(by_team, {"team": "$team"}),
                         [[{"_id": i % 4, "sum": sums[i % 4], "for": i % 4}] if i % 4 < 3 else [] for i in range(20)])
        # The rest starts anew for each document: sorts, limits and counts too.
        rest = [{"$sort": {"n": -1}}, {"$match": {"$expr": {"$lt": ["$n", "$$user"]}}}, {"$limit": 2}, {"$count": "n"}]
        self.assertEqual(self.joined(rest, {"user": "$user"}),
                         [[{"n": min(2 * i, 2)}] if i else [] for i in range(20)])
        nested = [{"$match": {"$expr": {"$eq": ["$_id", "$$user"]}}},
                  {"$lookup": {"from": "orders", "let": {"mine": "$_id"}, "as": "o", "pipeline": [
                      {"$match": {"$expr": {"$and": [{"$eq": ["$user", "$$mine"]}, {"$eq": ["$user", "$$user"]}]}}}]}},
                  {"$project": {"o": "$o._id"}}]
        self.assertEqual(self.joined(nested, {"user": "$user"})[:15], [[{"_id": 2 * i, "o": [i]}] for i in range(15)])

    def test_the_pipeline_of_a_lookup_uses_the_index_of_its_condition(self):
        self.db.users.insert_many([{"_id": i, "key": i} for i in range(2000)])
        self.db.orders.insert_many([{"_id": i, "user": i} for i in range(100)])
        self.db.users.create_index("key")
        before = self.db.command("serverStatus")["metrics"]["queryExecutor"]["scannedObjects"]
        found = self.joined([{"$match": {"$expr": {"$eq": ["$key", "$$user"]}}}], {"user": "$user"})
        after = self.db.command("serverStatus")["metrics"]["queryExecutor"]["scannedObjects"]
        self.assertEqual([len(each) for each in found], [1] * 100)
        self.assertLess(after - before, 1000)

    def test_an_error_of_an_expression_in_a_match_stage_is_one(self):
        self.db.t.insert_many([{"_id": i, "n": i} for i in range(3)])
        divides = {"$match": {"$expr": {"$gt": [{"$divide": [6, "$n"]}, 1]}}}
        for pipeline in ([divides], [{"$limit": 5}, divides]):
            with self.assertRaisesRegex(Exception, "divide by zero"):
                list(self.db.t.aggregate(pipeline))

    def test_equal_counts_come_in_the_order_of_the_documents(self):
        self.db.t.insert_many([{"v": v} for v in "dbacabd"])
        self.assertEqual([each["_id"] for each in self.db.t.aggregate([{"$sortByCount": "$v"}])], ["d", "b", "a", "c"])

    def test_logarithms_of_decimals_have_all_digits(self):
        self.db.t.insert_one({"d": Decimal128("1024")})
        value = self.db.t.aggregate([{"$project": {"v": {"$log": ["$d", 2]}}}]).next()["v"]
        self.assertEqual(value.to_decimal(), 10)


if __name__ == "__main__":
    unittest.main()
