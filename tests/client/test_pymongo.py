# SPDX-License-Identifier: GPL-3.0-or-later
"""What a PyMongo application does in a day, against plumbd."""
import datetime
import unittest

import bson
import pymongo
from pymongo import errors

from plumbd import Plumbd


class PyMongo(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Plumbd().start()
        cls.client = cls.server.client()
        cls.db = cls.client.daily

    @classmethod
    def tearDownClass(cls):
        cls.client.close()
        cls.server.__exit__()

    def setUp(self):
        self.client.drop_database("daily")

    def test_round_trips_every_type(self):
        document = {
            "double": 1.5, "string": "żółw", "document": {"a": {"b": 1}}, "array": [1, "x", None],
            "binary": b"\x00\x01", "id": bson.ObjectId(), "bool": True,
            "date": datetime.datetime(2026, 1, 27, 5, 30), "null": None,
            "regex": bson.Regex("^a", "i"), "int": 7, "long": bson.Int64(2 ** 40),
            "decimal": bson.Decimal128("12.30"), "timestamp": bson.Timestamp(5, 6),
            "min": bson.MinKey(), "max": bson.MaxKey(), "code": bson.Code("f()"),
        }
        inserted = self.db.types.insert_one(document).inserted_id
        self.assertEqual(self.db.types.find_one({"_id": inserted}), document)

    def test_finds_with_filter_sort_skip_limit_and_projection(self):
        self.db.orders.insert_many([{"_id": i, "n": i % 10, "s": f"x{i}"} for i in range(1000)])
        found = list(self.db.orders.find({"n": 3}, {"s": 1, "_id": 0}).sort("_id", -1).skip(1).limit(2))
        self.assertEqual(found, [{"s": "x983"}, {"s": "x973"}])

    def test_reads_a_large_result_in_batches(self):
        self.db.big.insert_many([{"_id": i, "pad": "x" * 2000} for i in range(20_000)])
        self.assertEqual(sum(1 for _ in self.db.big.find()), 20_000)
        self.assertEqual(sum(1 for _ in self.db.big.find(batch_size=7).limit(100)), 100)

    def test_updates_deletes_and_upserts(self):
        self.db.c.insert_many([{"_id": i, "n": 0, "tags": []} for i in range(5)])
        self.assertEqual(self.db.c.update_many({"_id": {"$lt": 3}}, {"$inc": {"n": 2}}).modified_count, 3)
        self.db.c.update_one({"_id": 0}, {"$push": {"tags": "a"}, "$set": {"x.y": 1}})
        self.assertEqual(self.db.c.find_one({"_id": 0}), {"_id": 0, "n": 2, "tags": ["a"], "x": {"y": 1}})
        self.db.c.update_one({"_id": 0}, {"$unset": {"x": ""}})
        self.assertNotIn("x", self.db.c.find_one({"_id": 0}))
        done = self.db.c.update_one({"_id": 99}, {"$set": {"n": 1}}, upsert=True)
        self.assertEqual(done.upserted_id, 99)
        self.db.c.replace_one({"_id": 99}, {"z": 1})
        self.assertEqual(self.db.c.find_one({"_id": 99}), {"_id": 99, "z": 1})
        self.assertEqual(self.db.c.delete_many({"_id": {"$gte": 3}}).deleted_count, 3)
        self.assertEqual(self.db.c.count_documents({}), 3)
        before = self.db.c.find_one_and_update({"_id": 1}, {"$set": {"n": 9}})
        self.assertEqual(before["n"], 2)

    def test_bulk_writes_report_each_failure(self):
        self.db.c.insert_one({"_id": 1})
        with self.assertRaises(errors.BulkWriteError) as caught:
            self.db.c.insert_many([{"_id": 0}, {"_id": 1}, {"_id": 2}], ordered=False)
        failures = caught.exception.details["writeErrors"]
        self.assertEqual([(each["index"], each["code"]) for each in failures], [(1, 11000)])
        self.assertEqual(caught.exception.details["nInserted"], 2)

    def test_indexes_are_built_listed_used_and_dropped(self):
        self.db.orders.insert_many([{"user": i % 50, "day": i % 7, "status": "s"} for i in range(2000)])
        name = self.db.orders.create_index([("user", 1), ("day", pymongo.DESCENDING)])
        self.assertEqual(name, "user_1_day_-1")
        self.assertEqual(set(self.db.orders.index_information()), {"_id_", name})
        plan = self.db.orders.find({"user": 7}).sort("day", -1).explain()
        scan = plan["queryPlanner"]["winningPlan"]["inputStage"]
        self.assertEqual((scan["stage"], scan["indexName"]), ("IXSCAN", name))
        self.assertEqual(plan["executionStats"]["totalDocsExamined"], 40)
        self.db.orders.drop_index(name)
        plan = self.db.orders.find({"user": 7}).explain()
        self.assertEqual(plan["queryPlanner"]["winningPlan"]["stage"], "COLLSCAN")

    def test_a_unique_index_refuses_the_second(self):
        self.db.users.create_index("email", unique=True)
        self.db.users.insert_one({"email": "a@x.in"})
        with self.assertRaises(errors.DuplicateKeyError) as caught:
            self.db.users.insert_one({"email": "a@x.in"})
        self.assertEqual(caught.exception.details["keyValue"], {"email": "a@x.in"})

    def test_aggregates(self):
        self.db.orders.insert_many(
            [{"_id": i, "user": i % 3, "items": [{"p": "a", "n": i}, {"p": "b", "n": 1}]} for i in range(9)])
        self.db.users.insert_many([{"_id": i, "name": f"u{i}"} for i in range(3)])
        rows = list(self.db.orders.aggregate([
            {"$match": {"_id": {"$gte": 3}}},
            {"$unwind": "$items"},
            {"$group": {"_id": {"u": "$user", "p": "$items.p"}, "n": {"$sum": "$items.n"}}},
            {"$match": {"_id.p": "a"}},
            {"$lookup": {"from": "users", "localField": "_id.u", "foreignField": "_id", "as": "user"}},
            {"$project": {"_id": 0, "name": {"$arrayElemAt": ["$user.name", 0]}, "n": 1}},
            {"$sort": {"n": -1}},
        ]))
        self.assertEqual(rows, [{"n": 13, "name": "u2"}, {"n": 11, "name": "u1"}, {"n": 9, "name": "u0"}])
        self.assertEqual(next(self.db.orders.aggregate([{"$count": "n"}])), {"n": 9})
        self.assertEqual(sorted(self.db.orders.distinct("user")), [0, 1, 2])

    def test_lists_what_there_is_and_drops_it(self):
        self.db.a.insert_one({})
        self.db.create_collection("b")
        self.assertEqual(sorted(self.db.list_collection_names()), ["a", "b"])
        self.assertIn("daily", self.client.list_database_names())
        self.db.drop_collection("a")
        self.assertEqual(self.db.list_collection_names(), ["b"])

    def test_tells_its_sizes_and_state(self):
        self.db.c.insert_many([{"pad": "x" * 100} for _ in range(1000)])
        stats = self.db.command("collStats", "c")
        self.assertEqual(stats["count"], 1000)
        self.assertIn("_id_", stats["indexSizes"])
        self.assertEqual(self.db.command("dbStats")["objects"], 1000)
        self.assertGreater(self.client.admin.command("serverStatus")["opcounters"]["insert"], 0)
        self.assertEqual(self.client.server_info()["version"][:3], "4.2")

    def test_sessions_are_accepted(self):
        with self.client.start_session() as session:
            self.db.c.insert_one({"_id": 1}, session=session)
            self.assertEqual(self.db.c.find_one({}, session=session), {"_id": 1})

    def test_a_slow_operation_stops_at_its_limit(self):
        self.db.big.insert_many([{"a": i} for i in range(100_000)])
        with self.assertRaises(errors.ExecutionTimeout):
            list(self.db.big.aggregate(
                [{"$lookup": {"from": "big", "let": {"x": "$a"}, "as": "b",
                              "pipeline": [{"$match": {"$expr": {"$eq": ["$a", {"$add": ["$$x", 0.5]}]}}}]}}],
                maxTimeMS=50))

    def test_an_unknown_command_says_so(self):
        with self.assertRaises(errors.OperationFailure) as caught:
            self.db.command("frobnicate")
        self.assertEqual(caught.exception.code, 59)


if __name__ == "__main__":
    unittest.main()
