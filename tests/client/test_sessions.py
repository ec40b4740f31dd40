# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions, retryable writes and transactions of PyMongo and the Node driver against plumbd --replSet.

    test_sessions.py [--seconds N]     seconds that the bank transfers run (4 in the suite), and
                                       half the number of kills (3 in the suite)
"""
import json
import os
import random
import socket
import struct
import subprocess
import sys
import threading
import time
import unittest
import uuid
from pathlib import Path

import bson
import pymongo
from pymongo import errors
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from plumbd import Plumbd

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
TRANSFER_SECONDS = 4
KILLS = 3
ACCOUNTS = 20
MAJORITY = WriteConcern("majority")

NODE_PROGRAM = """
const { MongoClient, UUID, Binary, Long } = require('mongodb');
(async () => {
  const client = await MongoClient.connect(process.argv[1]);
  const hello = await client.db('admin').command({hello: 1});
  const c = client.db('node').collection('c');
  await c.insertMany([{_id: 1, n: 0}, {_id: 2, n: 0}]);   // retryable
  await c.updateOne({_id: 2}, {$inc: {n: 5}});
  const session = client.startSession();
  await session.withTransaction(async () => {
    await c.insertOne({_id: 3, n: 0}, {session});
    await c.updateOne({_id: 1}, {$inc: {n: 1}}, {session});
  }, {readConcern: {level: 'snapshot'}, writeConcern: {w: 'majority'}});
  let aborted = null;
  try {
    await session.withTransaction(async () => {
      await c.deleteMany({}, {session});
      throw new Error('changed my mind');
    });
  } catch (error) { aborted = error.message; }
  let labels = null;
  const other = client.startSession();
  session.startTransaction(); other.startTransaction();
  await c.updateOne({_id: 1}, {$inc: {n: 10}}, {session});
  try { await c.updateOne({_id: 1}, {$inc: {n: 100}}, {session: other}); }
  catch (error) { labels = error.errorLabels; }
  await session.commitTransaction();
  await other.abortTransaction();
  const pages = [];
  session.startTransaction();
  for await (const document of c.find({}, {session, batchSize: 1})) pages.push(document._id);
  await session.commitTransaction();
  const causal = client.startSession({causalConsistency: true});
  await c.insertOne({_id: 4, n: 0}, {session: causal});
  const seen = await c.findOne({_id: 4}, {session: causal});
  await session.endSession(); await other.endSession(); await causal.endSession();
  console.log(JSON.stringify({set: hello.setName, aborted, labels, pages, seen: seen !== null,
                              all: await c.find().sort({_id: 1}).toArray()}));
  await client.close();
})().catch(error => { console.error(error); process.exit(1); });
"""


def raw(server, database, command):
    """The reply to a command as it stands: PyMongo would put its own session in."""
    body = bson.encode({**command, "$db": database})
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(struct.pack("<iiiiIB", 21 + len(body), 1, 0, 2013, 0, 0) + body)
        stream = connection.makefile("rb")
        length = struct.unpack("<i", stream.read(4))[0]
        reply = bson.decode(stream.read(length - 4)[17:])
    if not reply["ok"]:
        raise errors.OperationFailure(reply["errmsg"], reply["code"], reply)
    return reply


def session_id():
    return {"id": bson.Binary(uuid.uuid4().bytes, 4)}


class Sessions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Plumbd(arguments=["--replSet", "rs0"]).start()
        cls.client = cls.server.client(replicaSet="rs0")
        cls.db = cls.client.bank

    @classmethod
    def tearDownClass(cls):
        cls.client.close()
        cls.server.__exit__()

    def setUp(self):
        self.client.drop_database("bank")
        self.db.c.insert_many([{"_id": 1, "n": 0}, {"_id": 2, "n": 0}])

    def test_a_driver_takes_it_for_a_primary(self):
        hello = self.client.admin.command("isMaster")
        self.assertEqual((hello["setName"], hello["ismaster"], hello["secondary"]), ("rs0", True, False))
        self.assertEqual(self.client.primary, ("127.0.0.1", self.server.port))
        config = self.client.admin.command("replSetGetConfig")["config"]
        self.assertEqual(config["members"][0]["host"], f"127.0.0.1:{self.server.port}")

    def test_with_transaction_commits(self):
        def work(session):
            self.db.c.insert_one({"_id": 3}, session=session)
            self.db.c.update_one({"_id": 1}, {"$inc": {"n": 1}}, session=session)
            return [d["_id"] for d in self.db.c.find({}, session=session)]
        with self.client.start_session() as session:
            seen = session.with_transaction(work, ReadConcern("snapshot"), MAJORITY)
        self.assertEqual(seen, [1, 2, 3])
        self.assertEqual(self.db.c.find_one({"_id": 1})["n"], 1)

    def test_abort_leaves_nothing(self):
        with self.client.start_session() as session:
            with self.assertRaises(ZeroDivisionError), session.start_transaction():
                self.db.c.delete_many({}, session=session)
                self.assertEqual(self.db.c.count_documents({}, session=session), 0)
                raise ZeroDivisionError
        self.assertEqual(self.db.c.count_documents({}), 2)

    def test_the_second_writer_gets_a_label(self):
        with self.client.start_session() as one, self.client.start_session() as two:
            one.start_transaction()
            two.start_transaction()
            self.db.c.update_one({"_id": 1}, {"$inc": {"n": 1}}, session=one)
            with self.assertRaises(errors.OperationFailure) as caught:
                self.db.c.update_one({"_id": 1}, {"$inc": {"n": 1}}, session=two)
            self.assertEqual(caught.exception.code, 112)
            self.assertTrue(caught.exception.has_error_label("TransientTransactionError"))
            one.commit_transaction()
            two.abort_transaction()
        self.assertEqual(self.db.c.find_one({"_id": 1})["n"], 1)

    def test_with_transaction_tries_again(self):
        def increment():
            with self.client.start_session() as session:
                def work(inside):
                    found = self.db.c.find_one({"_id": 1}, session=inside)
                    self.db.c.update_one({"_id": 1}, {"$set": {"n": found["n"] + 1}}, session=inside)
                for _ in range(20):
                    session.with_transaction(work)
        threads = [threading.Thread(target=increment) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(self.db.c.find_one({"_id": 1})["n"], 80)

    def test_many_documents_of_a_cursor_in_a_transaction(self):
        self.db.big.insert_many([{"_id": i} for i in range(5000)])
        with self.client.start_session() as session, session.start_transaction():
            cursor = self.db.big.find({}, batch_size=100, session=session)
            seen = [next(cursor)["_id"]]
            self.db.big.insert_one({"_id": 10_000})     # outside: not in the snapshot
            seen += [d["_id"] for d in cursor]
        self.assertEqual(seen, list(range(5000)))

    def test_causal_sessions_read_what_they_wrote(self):
        with self.client.start_session(causal_consistency=True) as session:
            for i in range(10, 30):
                self.db.c.insert_one({"_id": i}, session=session)
                self.assertIsNotNone(self.db.c.find_one({"_id": i}, session=session))
            self.assertIsNotNone(session.operation_time)

    def test_retryable_writes_are_sent_and_done_once(self):
        before = self.client.admin.command("serverStatus")["transactions"]
        self.db.c.update_one({"_id": 1}, {"$inc": {"n": 1}})
        command = {"insert": "c", "documents": [{"_id": 7}], "lsid": session_id(), "txnNumber": bson.Int64(1)}
        for _ in range(2):
            self.assertEqual(raw(self.server, "bank", command)["n"], 1)
        update = {"update": "c", "updates": [{"q": {"_id": 7}, "u": {"$inc": {"n": 1}}}],
                  "lsid": command["lsid"], "txnNumber": bson.Int64(2)}
        for _ in range(2):
            self.assertEqual(raw(self.server, "bank", update)["nModified"], 1)
        self.assertEqual(self.db.c.find_one({"_id": 7})["n"], 1)
        after = self.client.admin.command("serverStatus")["transactions"]
        self.assertEqual(after["retriedStatementsCount"] - before["retriedStatementsCount"], 2)
        self.assertEqual(after["transactionsCollectionWriteCount"] -
                         before["transactionsCollectionWriteCount"], 3)

    def test_kill_sessions_ends_a_transaction(self):
        with self.client.start_session() as session:
            session.start_transaction()
            self.db.c.update_one({"_id": 1}, {"$inc": {"n": 1}}, session=session)
            self.client.admin.command("killSessions", [session.session_id])
            self.assertEqual(self.db.c.update_one({"_id": 1}, {"$inc": {"n": 5}}).modified_count, 1)
            with self.assertRaises(errors.OperationFailure) as caught:
                session.commit_transaction()
            self.assertEqual(caught.exception.code, 251)
        self.assertEqual(self.db.c.find_one({"_id": 1})["n"], 5)

    def test_change_streams_say_that_they_are_missing(self):
        with self.assertRaises(errors.OperationFailure) as caught:
            self.db.c.watch()
        self.assertIn("changeStream", str(caught.exception))

    def test_two_threads_of_one_session_take_turns(self):
        lsid, failed = session_id(), []

        def write(number):
            try:
                raw(self.server, "bank", {"insert": "turns", "documents": [{"_id": number}], "lsid": lsid,
                                          "txnNumber": bson.Int64(1), "stmtId": number})
            except errors.OperationFailure as error:
                failed.append(error)
        threads = [threading.Thread(target=write, args=(n,)) for n in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual((failed, self.db.turns.count_documents({})), ([], 16))


class AfterACrash(unittest.TestCase):
    def test_retries_are_recognised(self):
        with Plumbd(arguments=["--replSet", "rs0"]) as server:
            client = server.client(replicaSet="rs0")
            lsid, number = session_id(), bson.Int64(1)
            client.bank.c.insert_one({"_id": 0, "n": 0})
            insert = {"insert": "c", "documents": [{"_id": i} for i in range(1, 2000)], "lsid": lsid,
                      "txnNumber": number, "writeConcern": {"w": 1, "j": True}}
            raw(server, "bank", insert)
            modify = {"findAndModify": "c", "query": {"_id": 0}, "update": {"$inc": {"n": 1}}, "new": True,
                      "lsid": session_id(), "txnNumber": number, "writeConcern": {"w": 1, "j": True}}
            first = raw(server, "bank", modify)["value"]
            commit = {"commitTransaction": 1, "lsid": session_id(), "txnNumber": number,
                      "autocommit": False, "writeConcern": {"w": "majority"}}
            raw(server, "bank", {"insert": "c", "documents": [{"_id": "in a transaction"}], "lsid": commit["lsid"],
                                 "txnNumber": number, "autocommit": False, "startTransaction": True})
            raw(server, "admin", commit)
            client.close()
            server.kill()
            server.start()
            client = server.client(replicaSet="rs0")
            self.assertEqual(raw(server, "bank", insert)["n"], 1999)
            self.assertEqual(raw(server, "bank", modify)["value"], first)
            self.assertEqual(raw(server, "admin", commit)["ok"], 1)
            self.assertEqual(client.bank.c.count_documents({}), 2001)
            self.assertEqual(client.bank.c.find_one({"_id": 0})["n"], 1)
            client.close()


class KilledTransfers(unittest.TestCase):
    """kill -9 under transfers: each is there as a whole or not at all, and what was acknowledged is there."""

    def move_until_killed(self, client, seed, acknowledged):
        draw, bank = random.Random(seed), client.bank
        with client.start_session() as session:
            while True:
                name = f"{seed}-{len(acknowledged)}-{draw.random()}"
                source, target = draw.sample(range(ACCOUNTS), 2)

                try:
                    session.start_transaction(write_concern=MAJORITY)
                    bank.accounts.update_one({"_id": source}, {"$inc": {"balance": -1}}, session=session)
                    bank.moves.insert_one({"_id": name}, session=session)
                    bank.accounts.update_one({"_id": target}, {"$inc": {"balance": 1}}, session=session)
                    session.commit_transaction()
                except errors.OperationFailure:
                    if session.in_transaction:      # a conflict: the next one
                        session.abort_transaction()
                    continue
                except errors.PyMongoError:
                    return
                acknowledged.append(name)

    def test_rounds(self):
        acknowledged, draw = [], random.Random(7)
        with Plumbd(arguments=["--replSet", "rs0"]) as server:
            client = server.client(replicaSet="rs0")
            client.bank.accounts.insert_many([{"_id": i, "balance": 100} for i in range(ACCOUNTS)])
            client.bank.create_collection("moves")
            client.admin.command("fsync")
            client.close()
            for number in range(KILLS):
                client = pymongo.MongoClient(server.url, replicaSet="rs0", serverSelectionTimeoutMS=200,
                                             socketTimeoutMS=2000)
                threads = [threading.Thread(target=self.move_until_killed,
                                            args=(client, number * 10 + n, acknowledged)) for n in range(4)]
                for thread in threads:
                    thread.start()
                time.sleep(draw.uniform(0.2, 0.7))
                server.kill()
                for thread in threads:
                    thread.join()
                client.close()
                server.start()
                with server.client(replicaSet="rs0") as after:
                    self.assertEqual(sum(d["balance"] for d in after.bank.accounts.find()), ACCOUNTS * 100)
                    there = {d["_id"] for d in after.bank.moves.find()}
                    self.assertEqual([name for name in acknowledged if name not in there], [])
                    for name in ("accounts", "moves"):
                        self.assertTrue(after.bank.validate_collection(name, full=True)["valid"])
                    self.assertTrue(after.config.validate_collection("transactions", full=True)["valid"])
        self.assertGreater(len(acknowledged), KILLS)


class Transfers(unittest.TestCase):
    """Money moves between accounts in transactions: no snapshot shows another sum."""

    def setUp(self):
        self.server = Plumbd(arguments=["--replSet", "rs0"]).start()
        self.client = self.server.client(replicaSet="rs0")
        self.accounts = self.client.bank.accounts
        self.accounts.insert_many([{"_id": i, "balance": 100} for i in range(ACCOUNTS)])
        self.until = time.monotonic() + TRANSFER_SECONDS
        self.wrong, self.done = [], []

    def tearDown(self):
        self.client.close()
        self.server.__exit__()

    def transfer(self, seed):
        draw, done = random.Random(seed), 0
        with self.client.start_session() as session:
            def move(inside):
                source, target = draw.sample(range(ACCOUNTS), 2)
                amount = draw.randint(1, 20)
                taken = self.accounts.update_one({"_id": source, "balance": {"$gte": amount}},
                                                 {"$inc": {"balance": -amount}}, session=inside)
                if taken.modified_count:
                    self.accounts.update_one({"_id": target}, {"$inc": {"balance": amount}}, session=inside)
            while time.monotonic() < self.until:
                session.with_transaction(move)
                done += 1
        self.done.append(done)

    def watch(self):
        reads = 0
        with self.client.start_session() as session:
            while time.monotonic() < self.until:
                with session.start_transaction(ReadConcern("snapshot")):
                    one = sum(d["balance"] for d in self.accounts.find({}, session=session, batch_size=7))
                    [two] = self.accounts.aggregate(
                        [{"$group": {"_id": None, "sum": {"$sum": "$balance"}}}], session=session)
                if (one, two["sum"]) != (ACCOUNTS * 100, ACCOUNTS * 100):
                    self.wrong.append((one, two["sum"]))
                reads += 1
        self.done.append(reads)

    def test_the_sum_never_changes(self):
        threads = [threading.Thread(target=self.transfer, args=(n,)) for n in range(6)]
        threads += [threading.Thread(target=self.watch) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(self.wrong, [])
        self.assertEqual(len(self.done), 8, "a thread died")
        self.assertTrue(all(self.done), self.done)
        self.assertEqual(sum(d["balance"] for d in self.accounts.find()), ACCOUNTS * 100)
        self.assertTrue(self.client.bank.validate_collection("accounts", full=True)["valid"])
        status = self.client.admin.command("serverStatus")["transactions"]
        self.assertEqual(status["currentOpen"], 0)


class NodeDriver(unittest.TestCase):
    @unittest.skipUnless((MODULES / "mongodb").is_dir(), "npm's mongodb is not installed")
    def test_transactions(self):
        with Plumbd(arguments=["--replSet", "rs0"]) as server:
            url = f"{server.url}/?replicaSet=rs0"
            done = subprocess.run(["node", "-e", NODE_PROGRAM, url], cwd=HERE, text=True,
                                  env={**os.environ, "NODE_PATH": str(MODULES)}, capture_output=True,
                                  timeout=60)
            self.assertEqual(done.returncode, 0, done.stderr)
            said = json.loads(done.stdout)
        self.assertEqual(said["set"], "rs0")
        self.assertEqual(said["aborted"], "changed my mind")
        self.assertEqual(said["labels"], ["TransientTransactionError"])
        self.assertEqual(said["pages"], [1, 2, 3])
        self.assertTrue(said["seen"])
        self.assertEqual(said["all"], [{"_id": 1, "n": 11}, {"_id": 2, "n": 5}, {"_id": 3, "n": 0},
                                       {"_id": 4, "n": 0}])


if __name__ == "__main__":
    if "--seconds" in sys.argv:
        at = sys.argv.index("--seconds")
        TRANSFER_SECONDS = int(sys.argv[at + 1])
        KILLS = 2 * TRANSFER_SECONDS
        del sys.argv[at:at + 2]
    unittest.main()
