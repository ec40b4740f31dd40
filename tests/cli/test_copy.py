# SPDX-License-Identifier: GPL-3.0-or-later
"""plumb copy: a database to another deployment, killed in the middle, continued, verified."""
import json
import os
import signal
import subprocess
import time
import unittest

import bson
from bson import Decimal128, Int64, ObjectId, SON
from pymongo import ASCENDING, DESCENDING

from plumbd import BIN, Plumbd, plumb

MARKER = "_plumbline_copy"
ORDERS = 8000
DONE, PROBLEMS, USAGE, NO_SERVER, REFUSED, NOT_ROLLED_BACK = 0, 1, 2, 3, 4, 6


def fill(database):
    """Collections with whatever a copy may get wrong: ids of many types, indexes, options, a view."""
    ids = [1, 2.5, Int64(3), Decimal128("4"), "a", "b", ObjectId(), {"x": 1}, b"bin", True, bson.MinKey(), None]
    database.mixed.insert_many([{"_id": one, "n": -0.0, "s": "\u00e9\0"} for one in ids])
    database.command("create", "checked", validator={"n": {"$gte": 0}}, validationLevel="moderate")
    database.checked.insert_many([{"_id": i, "n": i} for i in range(300)])
    # It was there before the validator: a copy must not stumble over it.
    database.command("insert", "checked", documents=[{"_id": "old", "n": -1}], bypassDocumentValidation=True)
    database.command("create", "log", capped=True, size=65536, max=500)
    database.log.insert_many([{"_id": 100 - i} for i in range(50)])
    database.orders.insert_many([{"_id": f"order_{i:06}", "user": i % 97, "items": [i, i + 1], "pad": "x" * 300}
                                 for i in range(ORDERS)])
    database.orders.create_index([("user", ASCENDING), ("_id", DESCENDING)], name="by_user")
    database.orders.create_index("items", sparse=True)
    database.orders.create_index("user", name="partial", partialFilterExpression={"user": {"$gt": 90}})
    database.mixed.create_index("s", unique=False, expireAfterSeconds=3600)
    database.empty.create_index("never", unique=True)
    database.command("create", "big_orders", viewOn="orders", pipeline=[{"$match": {"user": 96}}])


def contents(database):
    """Everything of a database that a copy must bring over."""
    out = {}
    for row in database.list_collections():
        name = row["name"]
        if name == MARKER or name.startswith("system."):
            continue
        documents = [bson.encode(d) for d in database[name].find()]
        if not row["options"].get("capped"):
            documents.sort()
        indexes = {}
        if row["type"] == "collection":
            indexes = {i["name"]: {k: v for k, v in i.items() if k != "ns"} for i in database[name].list_indexes()}
        out[name] = (row["type"], row["options"], documents, indexes)
    return out


class Copy(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.source_server, cls.target_server = Plumbd().start(), Plumbd().start()
        cls.source = cls.source_server.client(document_class=SON)
        cls.target = cls.target_server.client(document_class=SON)
        fill(cls.source.shop)

    @classmethod
    def tearDownClass(cls):
        cls.source_server.__exit__()
        cls.target_server.__exit__()

    def setUp(self):
        for name in self.target.list_database_names():
            if name not in ("admin", "local", "config"):
                self.target.drop_database(name)

    def arguments(self, *more, to=None):
        return ["--url", self.source_server.url, "--db", "shop", "copy", "--to", to or self.target_server.url, *more]

    def copy(self, *more, check=DONE, to=None):
        return plumb(*self.arguments(*more, to=to), check=check)

    def assert_copied(self, name="shop"):
        wanted, got = contents(self.source.shop), contents(self.target[name])
        self.assertEqual(sorted(wanted), sorted(got))
        for collection, (kind, options, documents, indexes) in wanted.items():
            self.assertEqual((kind, options, indexes), (got[collection][0], got[collection][1], got[collection][3]))
            self.assertTrue(documents == got[collection][2], f"{collection} differs")
        self.assertNotIn(MARKER, self.target[name].list_collection_names())

    def test_everything_comes_over(self):
        done = self.copy()
        self.assert_copied()
        self.assertIn("copied and verified", done.stdout)
        self.assertIn("orders: 8 000 documents", done.stdout)

    def test_json_tells_counts_and_hashes(self):
        report = json.loads(self.copy("--json", "--to-db", "other").stdout)
        self.assert_copied("other")
        self.assertTrue(report["equal"])
        orders = next(line for line in report["collections"] if line["name"] == "orders")
        self.assertEqual((ORDERS, ORDERS, 3), (orders["documents"], orders["copied"], orders["indexes"]))
        self.assertEqual(orders["hash"], orders["sourceHash"])
        self.assertEqual("view", report["collections"][-1]["kind"])

    def test_killed_and_continued(self):
        for _ in range(3):
            run = subprocess.Popen([BIN / "plumb", *self.arguments("--json")], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
            before = self.target.shop.orders.estimated_document_count()
            deadline = time.monotonic() + 30
            while (self.target.shop.orders.estimated_document_count() < before + 1000 and run.poll() is None
                   and time.monotonic() < deadline):
                pass
            run.send_signal(signal.SIGKILL)
            run.wait()
            if self.target.shop.orders.estimated_document_count() >= ORDERS:
                break
        report = json.loads(self.copy("--json").stdout)
        orders = next(line for line in report["collections"] if line["name"] == "orders")
        self.assertTrue(report["resumed"])
        self.assertGreater(orders["continued"], 0)
        self.assertEqual(ORDERS, orders["continued"] + orders["copied"])
        self.assert_copied()

    def test_ctrl_c_leaves_what_can_be_continued(self):
        run = subprocess.Popen([BIN / "plumb", *self.arguments()], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               text=True, env={**os.environ})
        deadline = time.monotonic() + 30
        while self.target.shop.orders.estimated_document_count() == 0 and time.monotonic() < deadline:
            pass
        run.send_signal(signal.SIGINT)
        _, told = run.communicate(timeout=60)
        if run.returncode != DONE:  # it may have been done already
            self.assertEqual(NOT_ROLLED_BACK, run.returncode, told)
            self.assertIn("the same command goes on with it", told)
        self.copy(check=DONE if run.returncode else REFUSED)
        self.assert_copied()

    def test_a_target_with_data_is_refused(self):
        self.target.shop.other.insert_one({"_id": 1})
        told = self.copy(check=REFUSED).stderr
        self.assertIn("shop.other already", told)
        self.assertEqual(["other"], self.target.shop.list_collection_names())
        self.copy("--into-nonempty")
        self.assertEqual(1, self.target.shop.other.count_documents({}))
        self.target.shop.drop_collection("other")
        self.assert_copied()

    def test_a_collection_of_the_same_name_is_never_mixed(self):
        self.target.shop.orders.insert_one({"_id": "order_000001"})
        self.copy("--into-nonempty", check=REFUSED)
        self.assertEqual(1, self.target.shop.orders.count_documents({}))

    def test_itself_is_refused(self):
        told = self.copy(to=self.source_server.url.replace("127.0.0.1", "localhost"), check=REFUSED).stderr
        self.assertIn("is the database that is to be copied", told)
        self.assertNotIn(MARKER, self.source.shop.list_collection_names())

    def test_a_difference_is_found(self):
        self.copy()
        # As if the last run had been stopped, and somebody wrote meanwhile.
        self.target.shop[MARKER].insert_many([{"_id": ""}] + [{"_id": name} for name in contents(self.source.shop)])
        self.target.shop.checked.update_one({"_id": 7}, {"$set": {"n": 8}})
        self.target.shop.orders.drop_index("items_1")
        self.target.shop.orders.create_index("items")
        report = json.loads(self.copy("--json", check=PROBLEMS).stdout)
        wrong = {line["name"]: line["difference"] for line in report["collections"] if not line["equal"]}
        self.assertEqual({"checked": "the contents differ", "orders": "the index items_1 is another one"}, wrong)

    def test_errors_name_no_password(self):
        done = self.copy(to="mongodb://me:geheim@127.0.0.1:1/?serverSelectionTimeoutMS=300", check=NO_SERVER)
        self.assertNotIn("geheim", done.stdout + done.stderr)
        plumb("--url", self.source_server.url, "--db", "shop", "copy", check=USAGE)
        self.assertEqual(PROBLEMS, plumb("--url", self.source_server.url, "--db", "nothing", "copy", "--to",
                                         self.target_server.url).returncode)


if __name__ == "__main__":
    unittest.main()
