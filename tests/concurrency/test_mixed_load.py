# SPDX-License-Identifier: GPL-3.0-or-later
"""64 connections read, write, build, drop and validate at once, without an error that is not the load's own.

    tests/concurrency/test_mixed_load.py                # five seconds, as in the suite
    tests/concurrency/test_mixed_load.py --seconds 60
"""
import argparse
import random
import sys
import threading
import time
import unittest

import pymongo
from pymongo import errors

from plumbd import Plumbd

SECONDS = 5.0
CLIENTS = 64
DOCUMENTS = 5000
DUPLICATE_KEY = 11000
# Indexes come and go: a query whose plan rests on one that is dropped ends with this, as MongoDB's.
QUERY_PLAN_KILLED = 175
STATUSES = ("pending", "confirmed", "delivered")


def order(number, rng):
    return {"_id": number, "n": 0, "user": rng.randrange(200), "status": rng.choice(STATUSES),
            "tags": [rng.randrange(5) for _ in range(rng.randrange(3))], "pad": "x" * 200}


class Client(threading.Thread):
    def __init__(self, server, number, until):
        super().__init__(daemon=True)
        self.mongo = server.client(retryReads=False, retryWrites=False)
        self.orders = self.mongo.mixed.orders
        self.rng = random.Random(number)
        self.number = number
        self.until = until
        self.problems = []
        self.done = 0
        self.mine = 0
        self.increments = 0

    def run(self):
        weighed = [(self.find_one, 30), (self.find_some, 15), (self.increment, 20), (self.insert, 15),
                   (self.delete, 3), (self.count, 5), (self.group, 2), (self.journaled, 5)]
        steps, weights = zip(*weighed)
        while time.monotonic() < self.until:
            step = self.rng.choices(steps, weights)[0]
            try:
                step()
                self.done += 1
            except errors.OperationFailure as problem:
                if problem.code != QUERY_PLAN_KILLED:
                    self.problems.append(f"{step.__name__}: {problem}")
            except errors.PyMongoError as problem:
                self.problems.append(f"{step.__name__}: {problem!r}")
                return

    def find_one(self):
        self.orders.find_one({"_id": self.rng.randrange(DOCUMENTS)})

    def find_some(self):
        list(self.orders.find({"user": self.rng.randrange(200)}, batch_size=3).sort("_id", -1).limit(20))

    def increment(self):
        self.increments += self.orders.update_one({"_id": 0}, {"$inc": {"n": 1}}).modified_count
        self.orders.update_one({"_id": self.rng.randrange(1, DOCUMENTS)},
                               {"$set": {"status": self.rng.choice(STATUSES), "user": self.rng.randrange(200)}})

    def insert(self):
        self.orders.insert_one(order(f"{self.number}-{self.mine}", self.rng))
        self.mine += 1

    def journaled(self):
        self.orders.with_options(write_concern=pymongo.WriteConcern(j=True)).insert_one(
            order(f"{self.number}-{self.mine}", self.rng))
        self.mine += 1

    def delete(self):
        if self.mine:
            self.orders.delete_one({"_id": f"{self.number}-{self.rng.randrange(self.mine)}"})

    def count(self):
        self.orders.count_documents({"status": self.rng.choice(STATUSES)})

    def group(self):
        list(self.orders.aggregate([{"$group": {"_id": "$status", "n": {"$sum": 1}}}]))


class Administrator(Client):
    """Builds and drops indexes, builds them anew, and validates, beside the others."""

    def run(self):
        while time.monotonic() < self.until:
            for step in (self.build, self.rebuild, self.validate, self.scratch, self.drop):
                try:
                    step()
                    self.done += 1
                except errors.PyMongoError as problem:
                    self.problems.append(f"{step.__name__}: {problem}")

    def build(self):
        self.orders.create_indexes([pymongo.IndexModel([("user", 1)]), pymongo.IndexModel([("status", 1), ("n", -1)]),
                                    pymongo.IndexModel([("tags", 1)])])

    def rebuild(self):
        self.mongo.mixed.command("reIndex", "orders")

    def validate(self):
        report = self.mongo.mixed.command("validate", "orders", full=True)
        if not report["valid"]:
            self.problems.append(f"validate: {report}")

    def scratch(self):
        scratch = self.mongo.mixed.scratch
        scratch.insert_many([{"n": n} for n in range(100)])
        scratch.rename("scratch2", dropTarget=True)
        self.mongo.mixed.scratch2.drop()

    def drop(self):
        self.orders.drop_indexes()


class MixedLoad(unittest.TestCase):
    def test_64_connections_at_once(self):
        with Plumbd() as server:
            rng = random.Random(0)
            orders = server.client().mixed.orders
            orders.insert_many([order(number, rng) for number in range(DOCUMENTS)])
            until = time.monotonic() + SECONDS
            clients = [(Administrator if number == 0 else Client)(server, number, until) for number in range(CLIENTS)]
            for client in clients:
                client.start()
            for client in clients:
                client.join(timeout=SECONDS + 120)
                self.assertFalse(client.is_alive(), "a client hangs")
            problems = [problem for client in clients for problem in client.problems]
            self.assertEqual(problems[:5], [], f"{len(problems)} problems")
            print(f"{sum(client.done for client in clients)} operations of {CLIENTS} clients, "
                  f"{clients[0].done} of them the administrator's")
            self.assertEqual(orders.find_one({"_id": 0})["n"], sum(client.increments for client in clients))
            report = server.client().mixed.command("validate", "orders", full=True)
            self.assertTrue(report["valid"], report)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    arguments, rest = parser.parse_known_args()
    SECONDS = arguments.seconds
    unittest.main(argv=[sys.argv[0], *rest])
