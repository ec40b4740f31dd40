# SPDX-License-Identifier: GPL-3.0-or-later
"""The profiler: the same kinds of operations as in MongoDB's recorded profile give entries of the
same form: the same fields in the same order, of the same types."""
import json
import random
import threading
import unittest
from pathlib import Path

from bson import SON, json_util
from pymongo import errors

from plumbd import Plumbd

SAMPLE = Path(__file__).parents[1] / "conformance/samples/profile.jsonl"
# Behind `ts`; the sample was recorded without them.
ABOUT_THE_CLIENT = ["client", "appName", "allUsers", "user"]
CANONICAL = json_util.JSONOptions(json_mode=json_util.JSONMode.CANONICAL)


def sample_entries():
    for line in SAMPLE.read_text().splitlines():
        yield json_util.loads(line, json_options=CANONICAL)


def kind_of(entry):
    """(op, the command's first field, whether it stopped with a cursor left)."""
    return entry["op"], next(iter(entry["command"]))


def fields_of(entry):
    return tuple(name for name in entry if name not in ABOUT_THE_CLIENT)


def stages_of(tree):
    yield tree
    for child in ([tree["inputStage"]] if "inputStage" in tree else []) + tree.get("inputStages", []):
        yield from stages_of(child)


class Profiler(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Plumbd().start()
        cls.client = cls.server.client(appname="profiler test")
        cls.db = cls.client.profiled

    @classmethod
    def tearDownClass(cls):
        cls.client.close()
        cls.server.__exit__()

    def setUp(self):
        self.db.command("profile", 0, slowms=100, sampleRate=1.0)
        self.client.drop_database("profiled")
        self.entries_seen = 0

    def entries(self, **filter_):
        return list(self.db["system.profile"].find(filter_))

    def run_the_kinds(self, orders):
        """Every kind of operation that the sample has."""
        orders.insert_one({"_id": "new", "id": "ord_new", "n": 0})
        list(orders.find({"id": 7}).limit(1))
        list(orders.find({"user": 7}).sort("date", -1).limit(20))
        list(orders.find({"status": "delivered", "date": {"$gte": 3, "$lte": 250}}))
        list(orders.find({}, {"_id": 0}))
        orders.update_one({"id": 12, "status": "paid"}, {"$set": {"quantity": 2}})
        orders.find_one_and_update({"id": 30}, {"$set": {"billed": True}})
        orders.delete_one({"id": "ord_new"})
        orders.distinct("status")
        list(orders.aggregate([{"$match": {"status": "paid"}}, {"$group": {"_id": 1, "n": {"$sum": 1}}}]))
        list(orders.aggregate([{"$match": {"date": {"$gte": 1}}}, {"$group": {"_id": "$status", "n": {"$sum": 1}}},
                               {"$sort": {"_id": 1}}]))

    def profile_the_kinds(self):
        orders = self.db.orders
        orders.insert_many([{"id": i, "user": i % 40, "date": i, "status": "paid" if i % 9 == 0 else "delivered",
                             "quantity": 1} for i in range(1000)])
        self.db.command("profile", 2)
        self.run_the_kinds(orders)
        for keys in (["id"], ["user"], ["status", "date"], ["date"], ["user", "status"], ["id", "status"]):
            orders.create_index([(key, 1) for key in keys])
        self.run_the_kinds(orders)
        # Two indexes that are equally good make the server try plans.
        list(orders.find({"user": 7, "status": "paid"}).sort("quantity", 1))
        list(orders.find({"user": {"$gte": 0}, "date": {"$gte": 0}, "status": {"$gte": "a"}}))
        list(orders.find({"user": 3, "date": {"$gte": 0}}))
        orders.update_one({"user": 5, "date": {"$gte": 2}}, {"$set": {"quantity": 3}})
        self.db.command("profile", 0)
        return [entry for entry in self.entries() if not entry["ns"].endswith("$cmd")]

    def test_entries_have_the_form_of_the_sample(self):
        expected = {}
        for entry in sample_entries():
            expected.setdefault(kind_of(entry), set()).add(fields_of(entry))
        found = {}
        for entry in self.profile_the_kinds():
            found.setdefault(kind_of(entry), set()).add(fields_of(entry))
        self.assertEqual(set(found), set(expected))
        for kind, forms in expected.items():
            with self.subTest(kind):
                self.assertEqual(forms - found[kind], set(), "forms of the sample that did not come")
        for kind, forms in found.items():
            for form in forms - expected[kind]:
                with self.subTest(kind, form=form):
                    # A mixture of the sample's forms is fine as long as the order is theirs.
                    self.assert_in_order(form)

    # Every order of two fields that the sample has must be the order here.
    def assert_in_order(self, form):
        before = {(a, b) for entry in sample_entries() for i, a in enumerate(fields_of(entry))
                  for b in fields_of(entry)[i + 1:]}
        for i, a in enumerate(form):
            for b in form[i + 1:]:
                self.assertNotIn((b, a), before)

    def test_values_have_the_types_of_the_sample(self):
        types = {}
        for entry in sample_entries():
            for name, value in entry.items():
                types.setdefault(name, set()).add(type(value).__name__)
        for entry in self.profile_the_kinds():
            for name, value in entry.items():
                if name in types:
                    self.assertIn(type(value).__name__, types[name], name)

    def test_trees_have_the_fields_of_the_sample(self):
        def forms(entries):
            out = {}
            for entry in entries:
                for stage in stages_of(entry.get("execStats", {"stage": "none"})):
                    fields = [name for name in stage
                              if name not in ("filter", "limitAmount", "inputStage", "inputStages")]
                    out.setdefault(stage["stage"], set()).add(tuple(fields))
            return out

        expected, found = forms(sample_entries()), forms(self.profile_the_kinds())
        for stage in set(expected) & set(found):
            with self.subTest(stage):
                self.assertLessEqual(found[stage], expected[stage])
        self.assertGreaterEqual(set(found), {"COLLSCAN", "FETCH", "IXSCAN", "LIMIT", "SORT", "UPDATE", "DELETE"})

    def test_who_did_it(self):
        self.db.command("profile", 2)
        self.db.c.insert_one({})
        entry = self.entries(op="insert")[0]
        self.assertEqual(list(entry)[-4:], ABOUT_THE_CLIENT)
        self.assertEqual((entry["client"], entry["appName"], entry["allUsers"], entry["user"]),
                         ("127.0.0.1", "profiler test", [], ""))

    def test_one_entry_a_statement(self):
        self.db.c.insert_many([{"_id": i, "n": 0} for i in range(5)])
        self.db.command("profile", 2)
        self.db.command(SON([("update", "c"), ("updates", [
            {"q": {"_id": 1}, "u": {"$set": {"n": 1}}}, {"q": {}, "u": {"$inc": {"n": 1}}, "multi": True},
            {"q": {"_id": 77}, "u": {"$set": {"n": 1}}, "upsert": True}])]))
        self.db.command(SON([("delete", "c"), ("deletes", [{"q": {"_id": 1}, "limit": 1}, {"q": {}, "limit": 0}])]))
        updates = self.entries(op="update")
        self.assertEqual([(e["nMatched"], e["nModified"]) for e in updates], [(1, 1), (5, 5), (0, 0)])
        self.assertEqual([e.get("upsert") for e in updates], [None, None, True])
        self.assertEqual(updates[0]["planSummary"], "IDHACK")
        self.assertNotIn("queryHash", updates[0])
        self.assertEqual([e["ndeleted"] for e in self.entries(op="remove")], [1, 5])

    def test_a_failure_has_its_error(self):
        self.db.command("profile", 2)
        with self.assertRaises(errors.OperationFailure):
            self.db.command("find", "c", filter={"$nonsense": 1})
        entry = self.entries(op="query")[0]
        self.assertEqual((entry["ok"], entry["errName"], entry["errCode"]), (0.0, "BadValue", 2))

    def test_shapes_have_hashes(self):
        orders = self.db.orders
        orders.insert_many([{"a": i, "b": i} for i in range(10)])
        self.db.command("profile", 2)

        def hashes(query, sort=None):
            cursor = orders.find(query)
            list(cursor.sort(sort) if sort else cursor)
            entry = self.entries(op="query", ns="profiled.orders")[-1]
            return entry.get("queryHash"), entry.get("planCacheKey")

        self.assertEqual(hashes({"a": 1}), hashes({"a": "x"}))
        self.assertNotEqual(hashes({"a": 1}), hashes({"b": 1}))
        self.assertNotEqual(hashes({"a": 1}), hashes({"a": {"$gt": 1}}))
        self.assertNotEqual(hashes({"a": 1}), hashes({"a": 1}, [("b", 1)]))
        self.assertEqual(hashes({}), (None, None))
        self.assertEqual(hashes({"_id": 1}), (None, None))
        shape, key = hashes({"a": 1})
        self.assertEqual(shape, key)
        orders.create_index("a")
        self.assertEqual(hashes({"a": 1})[0], shape)
        self.assertNotEqual(hashes({"a": 1})[1], key)
        self.assertEqual(orders.find({"a": 9}).explain()["queryPlanner"]["queryHash"], shape)

    def test_hashes_are_those_of_mongodb(self):
        recorded = [entry for entry in sample_entries()
                    if entry["op"] == "query" and entry.get("queryHash") and entry["planSummary"] == "COLLSCAN"]
        self.assertGreater(len(recorded), 20)
        for name in {entry["command"]["find"] for entry in recorded}:
            self.db[name].insert_one({})
        self.db.command("profile", 2)
        for entry in recorded:
            command = SON((name, value) for name, value in entry["command"].items() if not name.startswith("$"))
            self.db.command(command)
            found = self.entries(op="query", ns=f"profiled.{command['find']}")[-1]
            self.assertEqual((found["queryHash"], found["planCacheKey"]), (entry["queryHash"], entry["planCacheKey"]),
                             command)

    def test_a_statement_that_failed_has_its_error(self):
        self.db.c.insert_many([{"_id": 1, "n": 1}, {"_id": 2, "n": 2}])
        self.db.c.create_index("n", unique=True)
        self.db.command("profile", 2)
        with self.assertRaises(errors.DuplicateKeyError):
            self.db.c.update_one({"_id": 1}, {"$set": {"n": 2}})
        entry = self.entries(op="update")[0]
        self.assertEqual((entry["errName"], entry["errCode"]), ("DuplicateKey", 11000))

    def test_levels_limits_and_samples(self):
        self.assertEqual(self.db.command("profile", -1)["was"], 0)
        self.db.c.insert_one({})
        self.assertNotIn("system.profile", self.db.list_collection_names())
        self.db.command("profile", 1, slowms=10_000)
        self.assertEqual(self.db.command("profile", -1), {"was": 1, "slowms": 10_000, "sampleRate": 1.0, "ok": 1.0})
        listed = next(self.db.list_collections(filter={"name": "system.profile"}))
        self.assertEqual(listed["options"], {"capped": True, "size": 1_048_576})
        self.assertNotIn("idIndex", listed)
        self.db.c.find_one()
        self.assertEqual(self.entries(), [])
        self.db.command("profile", 1, slowms=0, sampleRate=0.5)
        for _ in range(200):
            self.db.c.find_one()
        self.assertTrue(20 < len(self.entries(op="query", ns="profiled.c")) < 180)
        self.db.command("profile", 1, sampleRate=0.0)
        before = len(self.entries())
        self.db.c.find_one()
        self.assertEqual(len(self.entries()), before)
        # Another database is not touched.
        self.client.other.c.insert_one({})
        self.assertNotIn("system.profile", self.client.other.list_collection_names())
        for level, rate in ((3, 1.0), (-2, 1.0), (1, 2.0)):
            with self.assertRaises(errors.OperationFailure) as caught:
                self.db.command("profile", level, sampleRate=rate)
            self.assertEqual(caught.exception.code, 2)

    def test_the_profile_itself(self):
        self.db.command("profile", 2)
        self.db.c.insert_one({})
        self.entries()
        self.assertEqual(self.entries(ns="profiled.system.profile"), [])
        with self.assertRaises(errors.OperationFailure) as caught:
            self.db["system.profile"].drop()
        self.assertEqual(caught.exception.code, 20)
        for write in (lambda: self.db["system.profile"].insert_one({}),
                      lambda: self.db["system.profile"].delete_many({}),
                      lambda: self.db["system.profile"].update_one({}, {"$set": {"a": 1}})):
            with self.assertRaises(errors.PyMongoError) as caught:
                write()
            self.assertEqual(caught.exception.code, 73)
        self.db.command("profile", 0)
        self.db["system.profile"].drop()
        self.assertNotIn("system.profile", self.db.list_collection_names())

    def test_it_stays_within_a_megabyte_with_many_writers(self):
        self.db.c.insert_many([{"_id": i, "pad": "x" * 500} for i in range(100)])
        self.db.command("profile", 2)

        def work(seed):
            choose = random.Random(seed)
            for _ in range(300):
                self.db.c.find_one({"_id": choose.randrange(100), "pad": {"$ne": "y" * 300}})
        threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.db.command("profile", 0)
        stats = self.db.command("collStats", "system.profile")
        self.assertLessEqual(stats["size"], 1_048_576)
        self.assertGreater(stats["count"], 300)
        status = self.client.admin.command("serverStatus")
        self.assertEqual(status["plumbd"]["profilerEntriesLost"], 0)

    def test_slow_lines_in_the_log(self):
        self.db.c.insert_many([{"n": i} for i in range(300)])
        self.db.command("profile", 0, slowms=0)
        list(self.db.c.find({"n": {"$gte": 1}}, batch_size=100))
        self.db.command("profile", 0, slowms=100)
        lines = [json.loads(line) for line in self.client.admin.command("getLog", "global")["log"]]
        slow = [line["attr"] for line in lines if line["msg"] == "Slow query" and line["attr"]["ns"] == "profiled.c"]
        find = next(attr for attr in slow if "find" in attr["command"] and "batchSize" in attr["command"])
        more = next(attr for attr in slow if "getMore" in attr["command"])
        self.assertEqual(find["appName"], "profiler test")
        for name in ("planSummary", "cursorid", "keysExamined", "docsExamined", "numYields", "nreturned",
                     "reslen", "locks", "protocol", "durationMillis"):
            self.assertIn(name, find)
        self.assertEqual(more["originatingCommand"]["find"], "c")
        self.assertEqual(more["cursorid"], find["cursorid"])


if __name__ == "__main__":
    unittest.main()
