# SPDX-License-Identifier: GPL-3.0-or-later
"""kill -9 of plumbd: no acknowledged journaled write is lost, indexes agree with records, and a
build leaves the whole set of indexes or none.

    tests/fault/test_crash.py                  # six rounds of each kind, as in the suite
    tests/fault/test_crash.py --rounds 200     # before a release; PLUMB_CRASH_SEED repeats one
"""
import argparse
import os
import random
import sys
import threading
import time
import unittest

import pymongo
from pymongo import errors

from plumbd import Plumbd, StartFailed

ROUNDS = 6
SEED = int(os.environ.get("PLUMB_CRASH_SEED", str(random.randrange(1 << 30))))
BATCH = 50  # documents that one command writes in one step: all are there after a crash, or none


class Writer(threading.Thread):
    """Inserts, updates and deletes its own documents, and remembers what was acknowledged."""

    def __init__(self, server, number):
        super().__init__(daemon=True)
        self.collection = server.client().crash.get_collection(
            "orders", write_concern=pymongo.WriteConcern(w=1, j=True))
        self.number = number
        self.random = random.Random(SEED + number)
        self.acknowledged = {}  # _id: n, or None once deleted
        self.in_doubt = set()   # asked for, but the answer never came

    def run(self):
        count = 0
        while True:
            key = f"{self.number}-{count}"
            old = f"{self.number}-{self.random.randrange(count + 1)}"
            try:
                self.in_doubt.add(key)
                self.collection.insert_one({"_id": key, "n": 0, "user": count % 17, "tags": ["a", count % 5]})
                self.acknowledged[key] = 0
                self.in_doubt.discard(key)
                self.in_doubt.add(old)
                if self.acknowledged.get(old) is not None:
                    if self.random.random() < 0.3:
                        self.collection.delete_one({"_id": old})
                        self.acknowledged[old] = None
                    else:
                        self.collection.update_one({"_id": old}, {"$set": {"n": count, "user": count % 13}})
                        self.acknowledged[old] = count
                self.in_doubt.discard(old)
            except errors.PyMongoError:
                return
            count += 1


class BatchWriter(threading.Thread):
    """Inserts and changes whole batches; `acknowledged` has the state that each must be in at least."""

    def __init__(self, server, number):
        super().__init__(daemon=True)
        self.collection = server.client(retryWrites=False).crash.get_collection(
            "batches", write_concern=pymongo.WriteConcern(w=1, j=True))
        self.number = number
        self.acknowledged = set()

    def run(self):
        for count in range(1_000_000):
            batch = f"{self.number}-{count}"
            try:
                self.collection.insert_many([{"batch": batch, "n": n, "tags": [n % 3, "b"]} for n in range(BATCH)])
                self.acknowledged.add(batch)
            except errors.PyMongoError:
                return


class Crash(unittest.TestCase):
    def assert_whole(self, server):
        for name in server.client().crash.list_collection_names():
            report = server.client().crash.command("validate", name, full=True)
            self.assertTrue(report["valid"], report)

    def assert_whole_batches(self, server, writer):
        counts = {group["_id"]: group["n"] for group in server.client().crash.batches.aggregate(
            [{"$group": {"_id": "$batch", "n": {"$sum": 1}}}])}
        self.assertEqual(set(counts.values()) - {BATCH}, set(), "a batch is there in part")
        self.assertEqual(writer.acknowledged - set(counts), set(), "an acknowledged batch is lost")

    def test_no_acknowledged_write_is_lost(self):
        rng = random.Random(SEED)
        with Plumbd() as server:
            server.client().crash.orders.create_index("user")
            server.client().crash.orders.create_index([("tags", 1), ("n", -1)])
            server.client().crash.batches.create_index([("tags", 1), ("n", -1)])
            for round_number in range(ROUNDS):
                with self.subTest(seed=SEED, round=round_number):
                    writers = [Writer(server, round_number * 10 + i) for i in range(4)]
                    batches = BatchWriter(server, round_number)
                    for writer in [*writers, batches]:
                        writer.start()
                    time.sleep(0.2 + rng.random())
                    server.kill()
                    for writer in [*writers, batches]:
                        writer.join(timeout=60)
                    server.start()
                    self.assert_whole(server)
                    self.assert_whole_batches(server, batches)
                    stored = {doc["_id"]: doc["n"] for doc in server.client().crash.orders.find()}
                    acknowledged = 0
                    for writer in writers:
                        for key, wanted in writer.acknowledged.items():
                            if key not in writer.in_doubt:
                                self.assertEqual(stored.get(key), wanted, key)
                                acknowledged += 1
                    self.assertGreater(acknowledged, 0)

    def test_a_killed_build_leaves_all_indexes_or_none(self):
        rng = random.Random(SEED + 1)
        specs = [pymongo.IndexModel([("user", 1)]), pymongo.IndexModel([("n", -1), ("user", 1)]),
                 pymongo.IndexModel([("tags", 1)]), pymongo.IndexModel([("k", 1)], unique=True)]
        with Plumbd() as server:
            server.client().crash.orders.insert_many(
                [{"_id": i, "k": i, "user": i % 97, "n": i % 31, "tags": [i % 7, "x"], "pad": "p" * 200}
                 for i in range(60_000)])
            seen = set()
            for round_number in range(ROUNDS):
                with self.subTest(seed=SEED, round=round_number):
                    def build():
                        try:
                            server.client().crash.orders.create_indexes(specs)
                        except errors.PyMongoError:
                            pass  # the server was killed, as intended
                    builder = threading.Thread(target=build, daemon=True)
                    builder.start()
                    time.sleep(rng.random() * 1.2)
                    server.kill()
                    builder.join(timeout=60)
                    server.start()
                    self.assert_whole(server)
                    names = set(server.client().crash.orders.index_information()) - {"_id_"}
                    self.assertIn(len(names), (0, 4), names)
                    seen.add(len(names))
                    self.assertEqual(server.client().crash.orders.count_documents({}), 60_000)
                    server.client().crash.orders.drop_indexes()

    def killed_at(self, point, hit):
        """Arms one kill, starts, builds and writes; True if the kill happened. Then all must be whole."""
        with Plumbd() as server:
            collection = server.client().crash.orders
            collection.insert_many([{"_id": i, "user": i % 7} for i in range(2000)])
            server.stop()
            server.arguments = ["--fault", f"{point}=kill@{hit}"]
            killed = True
            try:
                server.start()
                orders = server.client(retryReads=False).crash.orders
                orders.create_index("user")
                orders.insert_one({"_id": "after"})
                killed = False
                server.stop()
            except (StartFailed, errors.PyMongoError):
                if server.process is not None:
                    server.process.wait(timeout=30)
                server.close()
            server.arguments = []
            server.start()
            self.assert_whole(server)
            orders = server.client().crash.orders
            self.assertEqual(orders.count_documents({"_id": {"$type": "number"}}), 2000)
            self.assertLessEqual(set(orders.index_information()), {"_id_", "user_1"})
            return killed

    def test_killed_at_each_hit_of_each_point(self):
        for point in ("index_build.after_scan", "index_build.after_load", "index_build.before_commit",
                      "storage.before_commit", "storage.after_commit"):
            kills = 0
            for hit in range(1, 40):
                with self.subTest(point, hit=hit):
                    if not self.killed_at(point, hit):
                        break
                    kills += 1
            self.assertGreater(kills, 0, point)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    arguments, rest = parser.parse_known_args()
    ROUNDS = arguments.rounds
    unittest.main(argv=[sys.argv[0], *rest])
