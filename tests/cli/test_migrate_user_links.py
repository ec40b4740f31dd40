# SPDX-License-Identifier: GPL-3.0-or-later
"""Migration 004 on people who are hard to tell apart: whoever is linked is linked both ways and once; the rest is left,
counted, and named where it can be read."""
import json
import unittest

from content_hash import database_state
from plumbd import ROOT, Plumbd, plumb

EARLYBIRD = ROOT / "projects/earlybird"


def user(name, phone=None, email=None, customer=None):
    return {"id": f"usr_{name}", "phone": phone, "email": email, "customer_v2_id": customer and f"cust_{customer}"}


def customer(name, phone=None, email=None, of=None):
    return {"id": f"cust_{name}", "phone": phone, "email": email, "user_id": of and f"usr_{of}"}


class UserLinks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Plumbd().start()
        cls.mongo = cls.server.client()

    @classmethod
    def tearDownClass(cls):
        cls.mongo.close()
        cls.server.__exit__()

    def setUp(self):
        self.mongo.drop_database("shop")
        self.db = self.mongo.shop

    def migrate(self, *words, check=0):
        return plumb("--url", self.server.url, "--db", "shop", "--project", EARLYBIRD, "migrate", *words, check=check)

    def link(self, users, customers, check=0):
        self.db.users.insert_many(users)
        self.db.customers_v2.insert_many(customers)
        return self.migrate("run", "004", "--json", check=check)

    def links(self):
        return ({each["id"][4:]: each["customer_v2_id"] and each["customer_v2_id"][5:] for each in self.db.users.find()},
                {each["id"][5:]: each["user_id"] and each["user_id"][4:] for each in self.db.customers_v2.find()})

    def left(self):
        operation = self.db["_plumb_migrations"].find_one({"_id": 4})["operations"][0]
        ids = operation.get("left_ids", [])
        return operation.get("left", 0), {each["id"] for each in self.db.customers_v2.find({"_id": {"$in": ids}})}

    def test_phone_then_email_and_half_links_are_completed(self):
        self.link([user("a", "+91 98765 43210"), user("b", "1111111111", "b@x.in"), user("c", customer="c")],
                  [customer("a", "098765-43210"), customer("b", "2222222222", "B@x.in"), customer("c")])
        both = {name: name for name in "abc"}
        self.assertEqual(self.links(), (both, both))
        self.assertEqual(self.left(), (0, set()))

    def test_two_customers_who_agree_with_one_user_by_different_means_are_not_both_linked(self):
        said = json.loads(self.link([user("u", "9000000001", "u@x.in")],
                                    [customer("p", "9000000001"), customer("e", "9000000002", "u@x.in")]).stdout)
        users, customers = self.links()
        self.assertEqual(users, {"u": "p"})
        self.assertEqual(customers, {"p": "u", "e": None})
        self.assertEqual(self.left(), (1, {"cust_e"}))
        self.assertEqual(said["migrations"][0]["left"], 1)

    def test_a_phone_that_two_have_decides_nothing_and_is_counted(self):
        before_people = ([user("u", "9000000001"), user("v", "9000000001"), user("w", "9000000003")],
                         [customer("c", "9000000001"), customer("d", "9000000003"), customer("f", "9000000003")])
        self.link(*before_people)
        users, customers = self.links()
        self.assertEqual(set(users.values()) | set(customers.values()), {None})
        self.assertEqual(self.left(), (3, {"cust_c", "cust_d", "cust_f"}))
        self.assertIn("3 left", self.migrate("history", "004").stdout)

    def test_what_contradicted_itself_before_stays_and_is_no_reason_to_fail(self):
        self.link([user("a", customer="x"), user("b", "9000000001", customer="gone"), user("n", "9000000009")],
                  [customer("x", of="b"), customer("n", "9000000009")])
        users, customers = self.links()
        self.assertEqual(users, {"a": "x", "b": "gone", "n": "n"})
        self.assertEqual(customers, {"x": "b", "n": "n"})

    def test_goes_back_to_the_byte(self):
        self.db.users.insert_many([user("a", "9000000001"), user("u", "9000000002", "u@x.in")])
        self.db.customers_v2.insert_many([customer("a", "9000000001"), customer("p", "9000000002"),
                                          customer("e", "9000000004", "u@x.in")])
        before = database_state(self.db)
        self.migrate("run", "004")
        self.migrate("rollback", "004")
        self.assertEqual(database_state(self.db), before)


if __name__ == "__main__":
    unittest.main()
