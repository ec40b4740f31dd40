# SPDX-License-Identifier: GPL-3.0-or-later
"""maxTimeMS and killOp reach every kind of long work: scans, sorts, builds, waits for locks.

    tests/concurrency/test_interrupts.py             # as in the suite: that they are obeyed
    tests/concurrency/test_interrupts.py --strict    # and within 100 ms, on a machine that is not busy otherwise

Prints how long each took after the limit or the kill.
"""
import sys
import threading
import time
import unittest

import pymongo
from pymongo import errors

from plumbd import Plumbd

STRICT_SECONDS = 0.1
LIMIT_MS = 300
EXCEEDED, KILLED = 50, 11601
is_strict = False

# 250 000 rows a document: none of these ends by itself while a test waits.
MULTIPLY = [{"$unwind": "$a"}, {"$unwind": "$b"}]
PIPELINES = {
    "scan": [*MULTIPLY, {"$match": {"$expr": {"$eq": [{"$add": ["$a", "$b"]}, -1]}}}],
    "group": [*MULTIPLY, {"$group": {"_id": "$k", "n": {"$sum": "$a"}}}],
    "sort": [*MULTIPLY, {"$sort": {"b": 1, "a": 1}}],
    "lookup": [{"$lookup": {"from": "rows", "pipeline": [*MULTIPLY, {"$count": "n"}], "as": "rows"}}],
}


class Interrupts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Plumbd().__enter__()
        cls.addClassCleanup(cls.server.__exit__)
        cls.client = cls.server.client(retryReads=False, retryWrites=False)
        cls.client.interrupts.rows.insert_many(
            [{"_id": n, "k": n % 7, "a": list(range(500)), "b": list(range(500))} for n in range(300)])
        cls.client.interrupts.keys.insert_many(
            [{"_id": n, "keys": [n * 31 % 1000 + 1000 * k for k in range(40)]} for n in range(20_000)])

    def judge(self, what, seconds):
        print(f"{what}: {seconds * 1e3:.0f} ms")
        if is_strict:
            self.assertLess(seconds, STRICT_SECONDS, what)

    def assert_limited(self, what, run):
        began = time.monotonic()
        with self.assertRaises(errors.OperationFailure) as stopped:
            run(LIMIT_MS)
        self.judge(f"{what} past its maxTimeMS", time.monotonic() - began - LIMIT_MS / 1e3)
        self.assertEqual(stopped.exception.code, EXCEEDED, what)

    def assert_killed(self, what, run):
        outcome = []

        def until_killed():
            try:
                run(600_000)
                outcome.append(None)
            except errors.OperationFailure as problem:
                outcome.append(problem.code)
        thread = threading.Thread(target=until_killed)
        thread.start()
        time.sleep(LIMIT_MS / 1e3)
        opids = [operation["opid"] for operation in self.client.admin.command("currentOp")["inprog"]
                 if operation.get("command", {}).get("maxTimeMS") == 600_000]
        self.assertEqual(len(opids), 1, what)
        began = time.monotonic()
        self.client.admin.command("killOp", op=opids[0])
        thread.join(timeout=60)
        self.judge(f"{what} after killOp", time.monotonic() - began)
        self.assertEqual(outcome, [KILLED], what)

    def aggregate(self, pipeline, limit_ms):
        list(self.client.interrupts.rows.aggregate(pipeline, allowDiskUse=True, maxTimeMS=limit_ms))

    def build(self, limit_ms):
        self.client.interrupts.command(
            "createIndexes", "keys", indexes=[{"key": {"keys": 1, "_id": order}, "name": f"{order}"}
                                              for order in (1, -1)] + [
                {"key": {"keys": -1, "_id": order}, "name": f"{order}-"} for order in (1, -1)],
            maxTimeMS=limit_ms)

    def test_pipelines(self):
        for name, pipeline in PIPELINES.items():
            with self.subTest(name):
                self.assert_limited(name, lambda limit, pipeline=pipeline: self.aggregate(pipeline, limit))
                self.assert_killed(name, lambda limit, pipeline=pipeline: self.aggregate(pipeline, limit))

    def test_builds(self):
        self.assert_limited("build", self.build)
        self.assert_killed("build", self.build)
        self.assertEqual(list(self.client.interrupts.keys.index_information()), ["_id_"])

    def while_running(self, pipeline):
        """A long aggregate of another client, ended at the end of the test."""
        client = self.server.client(retryReads=False)

        def run():
            try:
                list(client.interrupts.rows.aggregate(pipeline, allowDiskUse=True, comment="holder"))
            except errors.PyMongoError:
                pass
        thread = threading.Thread(target=run)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(self.kill_holder)
        time.sleep(0.2)

    def kill_holder(self):
        for operation in self.client.admin.command("currentOp")["inprog"]:
            if operation.get("command", {}).get("comment") == "holder":
                self.client.admin.command("killOp", op=operation["opid"])

    def test_waits_for_a_collection_in_use(self):
        self.while_running(PIPELINES["scan"])
        self.assert_limited("drop of a collection in use", lambda limit: self.client.interrupts.command(
            "drop", "rows", maxTimeMS=limit))
        self.assert_killed("drop of a collection in use", lambda limit: self.client.interrupts.command(
            "drop", "rows", maxTimeMS=limit))
        self.assertEqual(self.client.interrupts.rows.count_documents({}), 300)

    def test_waits_for_another_build(self):
        builder = threading.Thread(target=lambda: self.swallow(self.build))
        builder.start()
        time.sleep(0.05)
        began = time.monotonic()
        with self.assertRaises(errors.OperationFailure) as stopped:
            self.client.interrupts.command("createIndexes", "keys", indexes=[{"key": {"other": 1}, "name": "other"}],
                                           maxTimeMS=50)
        self.judge("wait for another build past its maxTimeMS", time.monotonic() - began - 0.05)
        self.assertEqual(stopped.exception.code, EXCEEDED)
        builder.join()

    @staticmethod
    def swallow(run):
        try:
            run(1000)
        except errors.OperationFailure:
            pass


if __name__ == "__main__":
    is_strict = "--strict" in sys.argv
    unittest.main(argv=[argument for argument in sys.argv if argument != "--strict"])
