# SPDX-License-Identifier: GPL-3.0-or-later
"""EarlyBird's migrations 001 to 007 on generated data as it was before them: all up, all down, all
up leaves identical documents and indexes, and the links are the right ones.

    test_earlybird_migrations.py [--scale 20000]
"""
import re
import sys
import unittest

from content_hash import database_state, plumb_collections
from plumbd import ROOT, Plumbd, plumb

PROJECT = ROOT / "projects/earlybird"
SCALE = 20_000
AUDIT = ("confirmed_by_user_id", "confirmed_by_name", "confirmed_at", "confirmation_method",
         "ip_address", "device_info")


class EarlyBird(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Plumbd().start()
        cls.mongo = cls.server.client()
        for name, more in (("shop", ["--before-migrations"]), ("truth", [])):
            plumb("--url", cls.server.url, "--db", name, "generate", "--scale", SCALE, "--faults",
                  0, *more, check=0)
        cls.shop = cls.mongo.shop
        cls.before = database_state(cls.shop)
        cls.first = cls.migrate("up")
        cls.after = database_state(cls.shop)

    @classmethod
    def tearDownClass(cls):
        cls.mongo.close()
        cls.server.__exit__()

    @classmethod
    def migrate(cls, *words):
        return plumb("--url", cls.server.url, "--db", "shop", "--project", PROJECT, "migrate",
                     *words, check=0)

    def field(self, database, collection, field):
        return {each["id"]: each[field] for each in self.mongo[database][collection].find(
            {field: {"$exists": True}}, {"id": 1, field: 1, "_id": 0})}

    def assert_links(self, collection, field, recall, wrong=0.0):
        """At most this share of wrong links, and at least so many of the right ones. An order whose
        own subscription pauses that day and that holds the product of another is taken for one of
        the other: nothing in the data tells them apart."""
        truth = self.field("truth", collection, field)
        found = self.field("shop", collection, field)
        wanted = sum(1 for v in truth.values() if v is not None)
        right = sum(1 for k, v in found.items() if v is not None and truth.get(k) == v)
        false = sum(1 for k, v in found.items()
                    if v is not None and truth.get(k) is not None and truth[k] != v)
        print(f"{collection}.{field}: {right} of {wanted} right, {false} wrong", file=sys.stderr)
        self.assertLessEqual(false / wanted, wrong)
        self.assertGreaterEqual(right / wanted, recall)

    def test_1_links_are_right(self):
        self.assert_links("orders", "subscription_id", 0.85, 0.001)
        self.assert_links("delivery_statuses", "order_id", 0.85)
        self.assert_links("customers_v2", "user_id", 0.999)
        self.assert_links("users", "customer_v2_id", 0.999)

    def test_2_every_document_has_its_fields(self):
        for field in AUDIT:
            self.assertEqual(self.shop.delivery_statuses.count_documents(
                {field: {"$exists": False}}), 0)
        self.assertEqual(
            self.shop.delivery_statuses.count_documents({"confirmation_method": "legacy"}),
            self.shop.delivery_statuses.count_documents({"status": "delivered"}))

    def test_3_an_index_that_002_made_is_not_owned_by_003(self):
        self.assertIn("= exists: order_id_1\n", self.first.stdout)
        self.assertIn("Created 11 indexes, 1 exists already", self.first.stdout)
        self.migrate("rollback", "003")
        self.assertIn("order_id_1", self.shop.delivery_statuses.index_information())
        self.migrate("run", "003")
        self.assertEqual(database_state(self.shop), self.after)

    def test_4_all_down_all_up(self):
        self.migrate("down", "--all")
        self.assertEqual(database_state(self.shop), self.before)
        self.assertEqual(plumb_collections(self.shop), ["_plumb_lock", "_plumb_migrations"])
        self.migrate("up")
        self.assertEqual(database_state(self.shop), self.after)
        self.assertIsNone(re.search("_plumb_helper", str(self.after)))

    def test_5_data_that_has_the_fields_is_left_alone(self):
        before = {name: state[:2] for name, state in database_state(self.mongo.truth).items()
                  if name != "delivery_statuses"}
        plumb("--url", self.server.url, "--db", "truth", "--project", PROJECT, "migrate", "up",
              check=0)
        after = {name: state[:2] for name, state in database_state(self.mongo.truth).items()
                 if name != "delivery_statuses"}
        self.assertEqual(after, before)


if __name__ == "__main__":
    if "--scale" in sys.argv:
        at = sys.argv.index("--scale")
        SCALE = int(sys.argv[at + 1])
        del sys.argv[at:at + 2]
    unittest.main()
