# SPDX-License-Identifier: GPL-3.0-or-later
"""Capped collections and cursors that tail them, by PyMongo and the Node driver."""
import subprocess
import threading
import time
import unittest
from pathlib import Path

import pymongo
from bson import SON
from pymongo import CursorType, errors

from plumbd import Plumbd

HERE = Path(__file__).parent

NODE_PROGRAM = """
const { MongoClient } = require('mongodb');
(async () => {
  const client = await MongoClient.connect(process.argv[1]);
  const db = client.db('node');
  const events = await db.createCollection('events', {capped: true, size: 4096, max: 10});
  await events.insertMany([{_id: 1}, {_id: 2}]);
  const cursor = events.find({}, {tailable: true, awaitData: true, maxAwaitTimeMS: 5000});
  const seen = [];
  setTimeout(() => events.insertOne({_id: 3}), 200);
  for await (const event of cursor) {
    seen.push(event._id);
    if (seen.length == 3) break;
  }
  console.log(JSON.stringify({seen, capped: await events.isCapped()}));
  await client.close();
})().catch(error => { console.error(error); process.exit(1); });
"""


class Capped(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Plumbd().start()
        cls.client = cls.server.client()
        cls.db = cls.client.capped

    @classmethod
    def tearDownClass(cls):
        cls.client.close()
        cls.server.__exit__()

    def setUp(self):
        self.client.drop_database("capped")

    def create(self, **options):
        self.db.command("create", "events", capped=True, **options)
        return self.db.events

    def code_of(self, call):
        with self.assertRaises(errors.PyMongoError) as caught:
            call()
        return caught.exception.code

    def ids(self):
        return [document["_id"] for document in self.db.events.find()]

    def tail(self, **options):
        return self.db.events.find(cursor_type=CursorType.TAILABLE_AWAIT, **options)

    def test_options_are_checked_and_listed(self):
        cases = [({"capped": True}, 72), ({"size": 100}, 72), ({"max": 5}, 72),
                 ({"capped": True, "size": -1}, 2), ({"capped": True, "size": 2 ** 51}, 2),
                 ({"capped": True, "size": 100, "max": 2 ** 31}, 2),
                 ({"capped": True, "size": "x"}, 14)]
        for options, code in cases:
            with self.subTest(options):
                self.assertEqual(self.code_of(lambda: self.db.command("create", "bad", **options)), code)
        self.create(size=1000, max=5)
        listed = next(self.db.list_collections(filter={"name": "events"}))
        self.assertEqual(listed["options"], {"capped": True, "size": 1024, "max": 5})
        self.assertEqual(list(listed["options"]), ["capped", "size", "max"])
        stats = self.db.command("collStats", "events")
        self.assertEqual((stats["capped"], stats["max"], stats["maxSize"]), (True, 5, 1024))
        self.assertTrue(self.db.events.options()["capped"])
        self.db.command("create", "small", capped=True, size=0)
        self.assertEqual(self.db.small.options(), {"capped": True})
        self.assertEqual(self.db.command("collStats", "small")["maxSize"], 4096)

    def test_the_oldest_go(self):
        events = self.create(size=100_000, max=5)
        events.insert_many([{"_id": i} for i in range(12)])
        self.assertEqual(self.ids(), [7, 8, 9, 10, 11])
        self.assertEqual(list(events.find().sort("$natural", -1))[0], {"_id": 11})
        self.assertEqual(events.count_documents({}), 5)
        self.assertIsNone(events.find_one({"_id": 0}))
        self.assertTrue(self.db.command("validate", "events", full=True)["valid"])

    def test_size_bounds_the_documents(self):
        events = self.create(size=4096)
        events.insert_many([{"_id": i, "pad": "x" * 200} for i in range(100)])
        self.assertLessEqual(self.db.command("collStats", "events")["size"], 4096)
        self.assertEqual(self.ids()[-1], 99)
        self.assertEqual(self.code_of(lambda: events.insert_one({"pad": "x" * 5000})), 2)

    def test_what_cannot_be_done(self):
        events = self.create(size=4096)
        events.insert_one({"_id": 1, "text": "abc"})
        self.assertEqual(self.code_of(lambda: events.delete_one({"_id": 1})), 20)
        self.assertEqual(self.code_of(lambda: events.delete_many({"_id": 99})), 20)
        self.assertEqual(self.code_of(lambda: events.find_one_and_delete({"_id": 1})), 20)
        self.assertEqual(self.code_of(lambda: events.update_one({"_id": 1}, {"$set": {"text": "abcd"}})), 10003)
        self.assertEqual(events.update_one({"_id": 1}, {"$set": {"text": "xyz"}}).modified_count, 1)
        self.assertEqual(self.code_of(lambda: events.create_index("d", expireAfterSeconds=1)), 67)
        self.assertEqual(self.code_of(lambda: list(events.aggregate([{"$out": "events"}]))), 17152)

    def test_indexes_follow(self):
        events = self.create(size=100_000, max=10)
        events.create_index("kind")
        events.insert_many([{"_id": i, "kind": i % 2} for i in range(100)])
        self.assertEqual(sorted(d["_id"] for d in events.find({"kind": 1})), [91, 93, 95, 97, 99])
        self.assertTrue(self.db.command("validate", "events", full=True)["valid"])

    def test_convert_to_capped(self):
        self.db.events.insert_many([{"_id": i, "pad": "x" * 100} for i in range(1000)])
        self.db.events.create_index("pad")
        self.db.command("convertToCapped", "events", size=10_000)
        kept = self.ids()
        self.assertEqual(kept, list(range(1000 - len(kept), 1000)))
        self.assertGreater(len(kept), 60)
        self.assertEqual(list(self.db.events.index_information()), ["_id_"])
        self.assertTrue(self.db.command("collStats", "events")["capped"])
        self.db.command("cloneCollectionAsCapped", "events", toCollection="copy", size=2000)
        self.assertEqual([d["_id"] for d in self.db.copy.find()][-1], 999)
        self.assertEqual(self.code_of(lambda: self.db.command("convertToCapped", "nope", size=10)), 26)

    def test_convert_to_capped_loses_no_write(self):
        self.db.events.insert_many([{"_id": i} for i in range(-2000, 0)])
        stop = threading.Event()
        written = []

        def write():
            while not stop.is_set():
                self.db.events.insert_one({"_id": len(written)})
                written.append(1)

        writer = threading.Thread(target=write)
        writer.start()
        self.db.command("convertToCapped", "events", size=10_000_000)
        stop.set()
        writer.join()
        self.assertEqual(self.db.events.count_documents({"_id": {"$gte": 0}}), len(written))

    def test_tails(self):
        events = self.create(size=100_000)
        events.insert_many([{"_id": i} for i in range(3)])
        cursor = self.tail().max_await_time_ms(10_000)
        self.assertEqual([next(cursor)["_id"] for _ in range(3)], [0, 1, 2])
        threading.Timer(0.2, lambda: events.insert_one({"_id": 3})).start()
        begun = time.monotonic()
        self.assertEqual(next(cursor)["_id"], 3)
        self.assertLess(time.monotonic() - begun, 5)
        self.assertTrue(cursor.alive)
        cursor.close()

    def test_tails_with_a_filter(self):
        events = self.create(size=100_000)
        events.insert_many([{"_id": i, "kind": i % 2} for i in range(4)])
        cursor = self.db.events.find({"kind": 1}, cursor_type=CursorType.TAILABLE)
        self.assertEqual([d["_id"] for d in cursor], [1, 3])
        events.insert_many([{"_id": i, "kind": i % 2} for i in range(4, 8)])
        self.assertEqual([d["_id"] for d in cursor], [5, 7])
        self.assertTrue(cursor.alive)

    def test_an_empty_await_answers_in_time(self):
        self.create(size=100_000).insert_one({"_id": 1})
        cursor = self.tail().max_await_time_ms(300)
        next(cursor)
        begun = time.monotonic()
        with self.assertRaises(StopIteration):
            next(cursor)
        self.assertGreater(time.monotonic() - begun, 0.25)
        self.assertTrue(cursor.alive)

    def test_overrun_loses_the_place(self):
        events = self.create(size=100_000, max=5)
        events.insert_many([{"_id": i} for i in range(5)])
        reply = self.db.command("find", "events", tailable=True, batchSize=2)
        events.insert_many([{"_id": i} for i in range(5, 50)])
        again = SON([("getMore", reply["cursor"]["id"]), ("collection", "events")])
        self.assertEqual(self.code_of(lambda: self.db.command(again)), 136)
        self.assertEqual(self.code_of(lambda: self.db.command(again)), 43)

    def test_tailing_is_refused(self):
        self.db.plain.insert_one({})
        cases = [({"find": "plain", "tailable": True}, 2),
                 ({"find": "plain", "awaitData": True}, 2),
                 ({"find": "plain", "tailable": True, "sort": {"a": 1}}, 2),
                 ({"find": "plain", "tailable": True, "singleBatch": True}, 2)]
        for command, code in cases:
            with self.subTest(command):
                self.assertEqual(self.code_of(lambda: self.db.command(SON(command))), code)
        self.db.plain.insert_many([{} for _ in range(5)])
        reply = self.db.command("find", "plain", batchSize=2)
        again = SON([("getMore", reply["cursor"]["id"]), ("collection", "plain"), ("maxTimeMS", 5)])
        self.assertEqual(self.code_of(lambda: self.db.command(again)), 2)
        del again["maxTimeMS"]
        self.assertEqual(len(self.db.command(again)["cursor"]["nextBatch"]), 4)
        # An empty capped collection gives no cursor to wait with.
        self.create(size=1000)
        self.assertEqual(self.db.command("find", "events", tailable=True)["cursor"]["id"], 0)

    def waiting_get_more(self, seconds=60):
        self.create(size=100_000).insert_one({"_id": 1})
        reply = self.db.command("find", "events", tailable=True, awaitData=True)
        outcome = {}

        def wait():
            try:
                self.db.command(SON([("getMore", reply["cursor"]["id"]), ("collection", "events"),
                                     ("maxTimeMS", seconds * 1000)]))
            except errors.PyMongoError as error:
                outcome["error"] = error
                outcome["at"] = time.monotonic()

        thread = threading.Thread(target=wait)
        thread.start()
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            running = [op for op in self.client.admin.command("currentOp")["inprog"] if op.get("op") == "getmore"]
            if running:
                return reply["cursor"]["id"], running[0], thread, outcome
            time.sleep(0.01)
        self.fail("getMore does not show in currentOp")

    def test_kill_cursors_wakes_a_waiting_get_more(self):
        cursor_id, operation, thread, outcome = self.waiting_get_more()
        self.assertEqual(operation["cursor"]["cursorId"], cursor_id)
        self.assertTrue(operation["cursor"]["awaitData"])
        self.assertEqual(operation["planSummary"], "COLLSCAN")
        begun = time.monotonic()
        self.db.command("killCursors", "events", cursors=[cursor_id])
        thread.join(10)
        self.assertEqual(outcome["error"].code, 237)
        self.assertLess(outcome["at"] - begun, 2)

    def test_a_drop_wakes_a_waiting_get_more(self):
        _, _, thread, outcome = self.waiting_get_more()
        begun = time.monotonic()
        self.db.events.drop()
        thread.join(10)
        self.assertEqual(outcome["error"].code, 175)
        self.assertLess(outcome["at"] - begun, 2)

    def test_kill_op_wakes_a_waiting_get_more(self):
        _, operation, thread, outcome = self.waiting_get_more()
        self.client.admin.command("killOp", op=operation["opid"])
        thread.join(10)
        self.assertEqual(outcome["error"].code, 11601)

    def test_node_tails(self):
        done = subprocess.run(["node", "-e", NODE_PROGRAM, self.server.url], cwd=HERE, text=True,
                              capture_output=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.strip(), '{"seen":[1,2,3],"capped":true}')


class CappedAcrossRestarts(unittest.TestCase):
    def fill(self, server, first):
        events = server.client().shop.events
        for i in range(first, first + 40):
            events.insert_one({"_id": i}, )
        return events

    def check(self, server, last):
        client = server.client()
        found = [d["_id"] for d in client.shop.events.find()]
        self.assertEqual(found, list(range(last - 9, last + 1)))
        self.assertTrue(client.shop.command("validate", "events", full=True)["valid"])
        self.assertEqual(client.shop.command("collStats", "events")["max"], 10)

    def test_a_stop_and_a_kill_leave_it_within_its_limits(self):
        server = Plumbd()
        try:
            server.start()
            server.client().shop.command("create", "events", capped=True, size=100_000, max=10)
            self.fill(server, 0)
            server.stop()
            server.start()
            self.check(server, 39)
            self.fill(server, 40)
            journaled = pymongo.WriteConcern(w=1, j=True)
            server.client().shop.events.with_options(write_concern=journaled).insert_one({"_id": 80})
            server.kill()
            server.start()
            self.check(server, 80)
            self.fill(server, 81)
            self.check(server, 120)
        finally:
            server.__exit__()

    def test_shutdown_does_not_wait_for_a_waiting_get_more(self):
        with Plumbd() as server:
            client = server.client()
            client.shop.command("create", "events", capped=True, size=4096)
            client.shop.events.insert_one({"_id": 1})
            cursor = client.shop.events.find(cursor_type=CursorType.TAILABLE_AWAIT).max_await_time_ms(60_000)
            next(cursor)
            waiter = threading.Thread(target=lambda: self.swallow(cursor))
            waiter.start()
            time.sleep(0.3)
            begun = time.monotonic()
            self.assertEqual(server.stop(), 0)
            self.assertLess(time.monotonic() - begun, 10)
            waiter.join(10)

    @staticmethod
    def swallow(cursor):
        try:
            next(cursor)
        except (StopIteration, errors.PyMongoError):
            pass


if __name__ == "__main__":
    unittest.main()
