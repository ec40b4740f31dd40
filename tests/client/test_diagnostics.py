# SPDX-License-Identifier: GPL-3.0-or-later
"""Diagnostic commands against the recorded replies of MongoDB 4.2 (samples/replies.json): the same
fields, in the same order, of the same types. What is left out is listed here, with its reason."""
import datetime
import threading
import time
import unittest
from pathlib import Path

import bson
from bson import SON, json_util
from pymongo import errors

from plumbd import Plumbd

SAMPLES = Path(__file__).parents[1] / "conformance/samples"
CANONICAL = json_util.JSONOptions(json_mode=json_util.JSONMode.CANONICAL, document_class=SON)

# serverStatus: path -> why plumbd does not have it.
LEFT_OUT = {
    "electionMetrics": "there are no elections",
    "opReadConcernCounters": "read concerns are not counted",
    "twoPhaseCommitCoordinator": "there is no sharding",
    "opLatencies.transactions": "counted under writes and commands",
    "network.compression": "counted by the wire, not by kind",
    "locks.ParallelBatchWriterMode": "no such lock",
    "locks.ReplicationStateTransition": "no such lock",
    "locks.Global": "no such lock",
    "locks.Database": "no such lock",
    "locks.Metadata": "no such lock",
    "locks.Mutex": "no such lock",
    "locks.Collection.acquireCount.R": "taken in no such mode",
    "locks.Collection.acquireCount.W": "taken in no such mode",
    "wiredTiger": "whatever this WiredTiger counts; its groups are checked below",
    "logicalSessionRecordCache.sessionsCollectionJobCount": "sessions are kept in memory",
    "logicalSessionRecordCache.lastSessionsCollectionJobDurationMillis": "sessions are kept in memory",
    "logicalSessionRecordCache.lastSessionsCollectionJobTimestamp": "sessions are kept in memory",
    "logicalSessionRecordCache.lastSessionsCollectionJobEntriesRefreshed": "sessions are kept in memory",
    "logicalSessionRecordCache.lastSessionsCollectionJobEntriesEnded": "sessions are kept in memory",
    "logicalSessionRecordCache.lastSessionsCollectionJobCursorsClosed": "sessions are kept in memory",
    "logicalSessionRecordCache.transactionReaperJobCount": "sessions are kept in memory",
    "logicalSessionRecordCache.lastTransactionReaperJobDurationMillis": "sessions are kept in memory",
    "logicalSessionRecordCache.lastTransactionReaperJobTimestamp": "sessions are kept in memory",
    "logicalSessionRecordCache.lastTransactionReaperJobEntriesCleanedUp": "sessions are kept in memory",
    "transactions.totalPrepared": "there is no sharding",
    "transactions.totalPreparedThenCommitted": "there is no sharding",
    "transactions.totalPreparedThenAborted": "there is no sharding",
    "transactions.currentPrepared": "there is no sharding",
    "metrics.commands": "one entry a command that plumbd has",
    "metrics.getLastError": "no waiting for other members",
    "metrics.query": "sharding only",
    "metrics.repl": "nothing is replicated",
}
# What may be a 32-bit integer, a 64-bit one or a double, by its size.
COUNTS = {"int", "Int64", "float"}


def sample(name):
    replies = json_util.loads((SAMPLES / "replies.json").read_text(), json_options=CANONICAL)
    return replies[name]


def type_of(value):
    return type(value).__name__ if not isinstance(value, dict) else "document"


class Diagnostics(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Plumbd().start()
        cls.client = cls.server.client(appname="diagnostics")
        cls.admin = cls.client.admin
        cls.db = cls.client.diagnosed

    @classmethod
    def tearDownClass(cls):
        cls.client.close()
        cls.server.__exit__()

    def setUp(self):
        self.client.drop_database("diagnosed")

    def status(self):
        return self.admin.command("serverStatus")

    def code_of(self, call):
        with self.assertRaises(errors.PyMongoError) as caught:
            call()
        return caught.exception.code

    def compare(self, expected, found, path=""):
        """Names and types of a document, down to the leaves."""
        for name, value in expected.items():
            here = f"{path}.{name}" if path else name
            if here in LEFT_OUT:
                continue
            self.assertIn(name, found, here)
            kinds = {type_of(value), type_of(found[name])}
            self.assertTrue(len(kinds) == 1 or kinds <= COUNTS, (here, kinds))
            if isinstance(value, dict):
                self.compare(value, found[name], here)

    def test_server_status_has_the_sections_of_the_sample(self):
        expected, found = sample("serverStatus"), self.status()
        self.compare(expected, found)
        for group in ("block-manager", "cache", "connection", "cursor", "log", "session", "transaction"):
            self.assertIn(group, found["wiredTiger"])
        for name in ("bytes currently in the cache", "maximum bytes configured", "tracked dirty bytes in the cache",
                     "pages read into cache", "pages written from cache"):
            self.assertIn(name, found["wiredTiger"]["cache"])
        self.compare(expected["wiredTiger"]["concurrentTransactions"], found["wiredTiger"]["concurrentTransactions"],
                     "concurrentTransactions")
        order = [name for name in expected if name in found]
        self.assertEqual(order, [name for name in found if name in expected])
        # Nothing that is there may be listed as left out.
        for path in LEFT_OUT:
            if path not in ("wiredTiger", "metrics.commands"):
                node = found
                for name in path.split("."):
                    node = node.get(name) if isinstance(node, dict) else None
                self.assertIsNone(node, path)

    def test_server_status_counts(self):
        before = self.status()
        self.db.c.insert_many([{"n": i} for i in range(10)])
        list(self.db.c.find({"n": {"$gt": 4}}, batch_size=2))
        self.db.c.update_many({}, {"$inc": {"n": 1}})
        self.db.c.delete_one({})
        after = self.status()

        def grown(*path):
            one, other = before, after
            for name in path:
                one, other = one[name], other[name]
            return other - one

        self.assertEqual([grown("opcounters", name) for name in ("insert", "query", "update", "delete")], [10, 1, 1, 1])
        self.assertGreaterEqual(grown("opcounters", "getmore"), 2)
        self.assertEqual([grown("metrics", "document", name) for name in ("inserted", "updated", "deleted")], [10, 10, 1])
        self.assertGreater(grown("metrics", "queryExecutor", "scannedObjects"), 20)
        self.assertGreater(grown("network", "bytesIn"), 0)
        self.assertGreater(grown("locks", "Collection", "acquireCount", "w"), 2)
        resident = int(next(line.split()[1] for line in Path(f"/proc/{after['pid']}/status").read_text().splitlines()
                            if line.startswith("VmRSS"))) // 1024
        self.assertAlmostEqual(after["mem"]["resident"], resident, delta=64)

    def test_top(self):
        self.db.topped.insert_one({"_id": 1})
        self.db.topped.find_one()
        self.db.topped.update_one({}, {"$set": {"a": 1}})
        self.db.topped.count_documents({})
        found = self.admin.command("top")["totals"]
        expected = sample("top")["totals"]
        self.assertEqual(found["note"], expected["note"])
        row = found["diagnosed.topped"]
        self.assertEqual(list(row), list(expected["earlybird.orders"]))
        counts = {name: row[name]["count"] for name in row}
        self.assertEqual(counts, {"total": 4, "readLock": 2, "writeLock": 2, "queries": 1, "getmore": 0,
                                  "insert": 1, "update": 1, "remove": 0, "commands": 1})
        self.assertGreater(row["total"]["time"], 0)
        self.db.topped.drop()
        self.assertNotIn("diagnosed.topped", self.admin.command("top")["totals"])

    def build_orders(self):
        self.db.orders.insert_many([{"user": i % 50, "status": "ab"[i % 2], "date": i} for i in range(2000)])
        for keys in (["user"], ["status", "date"], ["date"]):
            self.db.orders.create_index([(key, 1) for key in keys])

    def test_validate(self):
        self.build_orders()
        found = self.db.command("validate", "orders", full=True)
        self.assertEqual(list(found), [name for name in sample("validate")])
        self.assertEqual(found["keysPerIndex"], {"_id_": 2000, "user_1": 2000, "status_1_date_1": 2000, "date_1": 2000})
        self.assertEqual(list(found["indexDetails"]), sorted(found["indexDetails"]))
        self.assertTrue(found["valid"])

    def test_sizes(self):
        self.build_orders()
        self.admin.command("fsync")
        found = self.db.command("collStats", "orders")
        expected = sample("collStats")
        self.assertEqual([n for n in expected if n in found], list(found))
        self.assertEqual(set(found["indexSizes"]), {"_id_", "user_1", "status_1_date_1", "date_1"})
        self.assertTrue(all(size > 0 for size in found["indexSizes"].values()))
        self.assertEqual(found["totalIndexSize"], sum(found["indexSizes"].values()))
        for table in (found["wiredTiger"], *found["indexDetails"].values()):
            self.assertGreater(table["cache"]["bytes currently in the cache"], 0)
        self.assertEqual(found["size"], found["avgObjSize"] * 2000)
        scaled = self.db.command("collStats", "orders", scale=1024)
        self.assertEqual((scaled["size"], scaled["scaleFactor"]), (found["size"] // 1024, 1024))
        database = self.db.command("dbStats")
        self.compare(sample("dbStats"), database)
        self.assertEqual((database["objects"], database["indexes"]), (2000, 4))
        self.assertEqual(database["indexSize"], found["totalIndexSize"])

    def test_plan_cache_stats(self):
        self.build_orders()
        for user in range(3):
            list(self.db.orders.find({"user": user, "status": "a"}))
        found = list(self.db.orders.aggregate([{"$planCacheStats": {}}]))
        self.assertEqual(len(found), 1)
        expected = sample("planCacheStats")["cursor"]["firstBatch"][0]
        self.assertEqual(list(found[0]), list(expected))
        self.compare({name: value for name, value in expected.items() if name != "createdFromQuery"
                      and name != "cachedPlan"}, found[0])
        # The second trial found the plan good, and its query took the place of the first.
        self.assertTrue(found[0]["isActive"])
        self.assertEqual(found[0]["createdFromQuery"], {"query": {"user": 1, "status": "a"}, "sort": {},
                                                        "projection": {}})
        self.assertEqual(found[0]["cachedPlan"]["stage"], "FETCH")
        self.assertEqual(list(found[0]["creationExecStats"][0]), list(expected["creationExecStats"][0]))
        self.assertEqual(len(found[0]["candidatePlanScores"]), len(found[0]["creationExecStats"]))
        shape = self.db.orders.find({"user": 1, "status": "b"}).explain()["queryPlanner"]["queryHash"]
        self.assertEqual(found[0]["queryHash"], shape)
        self.db.command("planCacheClear", "orders")
        self.assertEqual(list(self.db.orders.aggregate([{"$planCacheStats": {}}])), [])

    def test_current_op_shows_a_build(self):
        self.db.big.insert_many([{"a": i, "pad": "x" * 100} for i in range(60_000)])
        builder = threading.Thread(target=lambda: self.db.big.create_index([("pad", 1), ("a", -1)]))
        builder.start()
        seen = []
        while builder.is_alive():
            seen += [op for op in self.admin.command("currentOp")["inprog"] if "createIndexes" in op.get("command", {})]
        builder.join()
        self.assertTrue(seen)
        expected = next(json_util.loads(line, json_options=CANONICAL) for line in
                        (SAMPLES / "index-build-currentop.jsonl").read_text().splitlines() if "progress" in line)
        watched = [op for op in seen if "progress" in op]
        for op in watched:
            order = [name for name in expected if name in op]
            self.assertEqual(order, [name for name in op if name in expected])
            self.assertLessEqual(op["progress"]["done"], op["progress"]["total"])
            self.assertRegex(op["msg"], r"^(Index Build: [a-z ]+) \1: \d+/\d+ \d+%$")
            for name in expected:
                self.assertIn(name, op)
        self.assertTrue(watched)

    def test_current_op_and_idle_things(self):
        self.db.c.insert_many([{"n": i} for i in range(10)])
        cursor = self.db.c.find({"n": {"$gte": 0}}, batch_size=3)
        next(cursor)
        own = self.admin.command(SON([("currentOp", 1), ("$ownOps", True)]))["inprog"]
        self.assertEqual(len(own), 1)
        self.assertEqual(own[0]["appName"], "diagnostics")
        everything = self.admin.command(SON([("currentOp", 1), ("$all", True)]))["inprog"]
        idle = [op for op in everything if not op["active"]]
        self.assertTrue(all(op["client"].startswith("127.0.0.1:") for op in idle))
        # The driver's own monitor at least is idle between its questions.
        self.assertTrue(idle)
        stage = list(self.admin.aggregate([{"$currentOp": {"idleCursors": True, "localOps": True, "allUsers": True}}]))
        waiting = [op for op in stage if op["type"] == "idleCursor" and op["ns"] == "diagnosed.c"]
        self.assertEqual(waiting[0]["cursor"]["nDocsReturned"], 3)
        self.assertEqual(waiting[0]["cursor"]["planSummary"], "COLLSCAN")
        self.assertEqual(waiting[0]["cursor"]["originatingCommand"]["find"], "c")
        for options in ({"nonsense": True}, {"allUsers": 1}):
            self.assertEqual(self.code_of(lambda: list(self.admin.aggregate([{"$currentOp": options}]))), 9)
        cursor.close()

    def test_coll_mod(self):
        self.db.c.create_index("d", expireAfterSeconds=1000)
        changed = self.db.command("collMod", "c", index={"keyPattern": {"d": 1}, "expireAfterSeconds": 50})
        self.assertEqual((changed["expireAfterSeconds_old"], changed["expireAfterSeconds_new"]), (1000, 50))
        changed = self.db.command("collMod", "c", index={"name": "d_1", "expireAfterSeconds": 60})
        self.assertEqual(changed["expireAfterSeconds_old"], 50)
        changed = self.db.command("collMod", "c", index={"name": "d_1", "hidden": True})
        self.assertEqual((changed["hidden_old"], changed["hidden_new"]), (False, True))
        self.assertTrue(self.db.c.index_information()["d_1"]["hidden"])
        self.db.command("collMod", "c", index={"name": "d_1", "hidden": False})
        self.db.command("collMod", "c", validator={"n": {"$gte": 0}}, validationLevel="moderate", validationAction="error")
        self.assertEqual(self.code_of(lambda: self.db.c.insert_one({"n": -1})), 121)
        self.db.command("create", "v", viewOn="c", pipeline=[])
        self.db.command("collMod", "v", viewOn="c", pipeline=[{"$match": {"n": 5}}])
        self.db.c.insert_many([{"n": 5}, {"n": 6}])
        self.assertEqual(self.db.v.count_documents({}), 1)
        cases = [({"index": {"name": "x", "expireAfterSeconds": 1}}, 27), ({"index": {"name": "d_1"}}, 72),
                 ({"index": {"name": "d_1", "expireAfterSeconds": "x"}}, 72), ({"nonsense": 1}, 72),
                 ({"validationLevel": "x"}, 2), ({"viewOn": "c", "pipeline": []}, 72)]
        for options, code in cases:
            with self.subTest(options):
                self.assertEqual(self.code_of(lambda: self.db.command("collMod", "c", **options)), code)

    def test_parameters_and_logs(self):
        everything = self.admin.command("getParameter", "*")
        for name in ("ttlMonitorEnabled", "ttlMonitorSleepSecs", "cursorTimeoutMillis", "featureCompatibilityVersion"):
            self.assertIn(name, everything)
        self.assertEqual(self.admin.command("setParameter", 1, ttlMonitorSleepSecs=90)["was"],
                         everything["ttlMonitorSleepSecs"])
        self.assertEqual(self.admin.command("getParameter", 1, ttlMonitorSleepSecs=1)["ttlMonitorSleepSecs"], 90)
        self.admin.command("setParameter", 1, ttlMonitorSleepSecs=60)
        self.assertEqual(self.code_of(lambda: self.admin.command("setParameter", 1, ttlMonitorSleepSecs=0)), 2)
        self.assertEqual(self.code_of(lambda: self.admin.command("setParameter", 1, nonsense=0)), 72)
        self.assertEqual(self.admin.command("getLog", "*")["names"], ["global", "startupWarnings"])
        self.assertIn("log", self.admin.command("getLog", "startupWarnings"))


class Expiry(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Plumbd().start()
        cls.client = cls.server.client()
        cls.db = cls.client.expiring
        cls.client.admin.command("setParameter", 1, ttlMonitorSleepSecs=1)

    @classmethod
    def tearDownClass(cls):
        cls.client.close()
        cls.server.__exit__()

    def setUp(self):
        self.client.drop_database("expiring")

    def passes(self):
        return self.client.admin.command("serverStatus")["metrics"]["ttl"]

    def wait_for_passes(self, count=2):
        begun = self.passes()["passes"]
        deadline = time.monotonic() + 30
        while self.passes()["passes"] < begun + count:
            self.assertLess(time.monotonic(), deadline, "the deleter does not come")
            time.sleep(0.05)

    def left(self):
        return sorted(document["_id"] for document in self.db.c.find({}, {"_id": 1}))

    def test_only_expired_dates_go(self):
        now = datetime.datetime.utcnow()
        old, later = now - datetime.timedelta(hours=2), now + datetime.timedelta(hours=2)
        self.db.c.create_index("at", expireAfterSeconds=3600)
        self.db.c.insert_many([
            {"_id": "old", "at": old}, {"_id": "now", "at": now}, {"_id": "later", "at": later},
            {"_id": "earliest of several", "at": [later, old]}, {"_id": "all later", "at": [later, now]},
            {"_id": "no date", "at": "2001-01-01"}, {"_id": "number", "at": 5}, {"_id": "none"},
            {"_id": "timestamp", "at": bson.Timestamp(1, 1)}, {"_id": "null", "at": None}])
        deleted = self.passes()["deletedDocuments"]
        self.wait_for_passes()
        self.assertEqual(self.left(), sorted(["now", "later", "all later", "no date", "number", "none", "timestamp",
                                              "null"]))
        self.assertEqual(self.passes()["deletedDocuments"] - deleted, 2)
        self.assertTrue(self.db.command("validate", "c", full=True)["valid"])

    def test_partial_filters_and_coll_mod(self):
        old = datetime.datetime.utcnow() - datetime.timedelta(seconds=100)
        self.db.c.create_index("at", expireAfterSeconds=10, partialFilterExpression={"state": "done"})
        self.db.c.insert_many([{"_id": 1, "at": old, "state": "done"}, {"_id": 2, "at": old, "state": "open"}])
        self.wait_for_passes()
        self.assertEqual(self.left(), [2])
        self.db.c.drop_index("at_1")
        self.db.c.create_index("at", expireAfterSeconds=100_000)
        self.wait_for_passes()
        self.assertEqual(self.left(), [2])
        self.db.command("collMod", "c", index={"name": "at_1", "expireAfterSeconds": 50})
        self.wait_for_passes()
        self.assertEqual(self.left(), [])

    def test_many_go_and_it_can_be_switched_off(self):
        old = datetime.datetime.utcnow() - datetime.timedelta(seconds=100)
        self.client.admin.command("setParameter", 1, ttlMonitorEnabled=False)
        time.sleep(1.5)
        self.db.c.create_index("at", expireAfterSeconds=10)
        self.db.c.insert_many([{"_id": i, "at": old} for i in range(5000)])
        time.sleep(2)
        self.assertEqual(self.db.c.count_documents({}), 5000)
        self.client.admin.command("setParameter", 1, ttlMonitorEnabled=True)
        self.wait_for_passes()
        self.assertEqual(self.db.c.count_documents({}), 0)


if __name__ == "__main__":
    unittest.main()
