# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job as a user does it: generate, measure, migrate, verify, measure again, report, and back."""
import hashlib
import json
import tempfile
import unittest
from pathlib import Path

import bson

from plumbd import ROOT, Plumbd, plumb

PROJECT = ROOT / "projects/earlybird"
PER_COLLECTION = {"users": 3, "orders": 4, "subscriptions_v2": 3, "products": 1, "delivery_statuses": 1}
RUN_003 = [
    "=" * 60,
    "MIGRATION 003: ADD DATABASE INDEXES",
    "=" * 60,
    "",
    "INFO: Starting Migration 003: Creating indexes...",
    "INFO: Creating indexes on db.users...",
    "  ✓ Created index: id_1",
    "  ✓ Created index (UNIQUE): email_1",
    "  ✓ Created index: role_1",
    "INFO: Creating indexes on db.orders...",
    "  ✓ Created index: user_id_1",
    "  ✓ Created index: status_1_delivery_date_-1",
    "  ✓ Created index: delivery_date_1",
    "  ✓ Created index: user_id_1_status_1",
    "INFO: Creating indexes on db.subscriptions_v2...",
    "  ✓ Created index: status_1",
    "  ✓ Created index: customer_id_1",
    "  ✓ Created index: id_1_status_1",
    "INFO: Creating indexes on db.products...",
    "  ✓ Created index: id_1",
    "INFO: Creating indexes on db.delivery_statuses...",
    "  ✓ Created index: order_id_1",
    "✓ Migration 003 completed successfully",
    "Created 12 indexes",
]


class EarlyBird(unittest.TestCase):
    def setUp(self):
        self.server = Plumbd().start()
        self.folder = tempfile.TemporaryDirectory()
        self.db = self.server.client().earlybird

    def tearDown(self):
        self.server.__exit__()
        self.folder.cleanup()

    def plumb(self, *arguments, check=0):
        return plumb(*arguments, "--url", self.server.url, "--db", "earlybird", "--project", PROJECT,
                     cwd=self.folder.name, check=check)

    def generate(self, scale=300, faults="0"):
        self.plumb("generate", "--scale", scale, "--faults", faults)

    def content_hash(self):
        digest = hashlib.sha256()
        for name in sorted(self.db.list_collection_names(filter={"name": {"$not": {"$regex": "^_plumb"}}})):
            digest.update(name.encode())
            for document in self.db[name].find().sort("_id", 1):
                digest.update(bson.encode(document))
        return digest.hexdigest()

    def index_names(self):
        return {name: set(self.db[name].index_information()) - {"_id_"} for name in PER_COLLECTION}

    def test_003_prints_what_the_runner_of_step_30_printed(self):
        self.generate()
        said = self.plumb("migrate", "run", "003").stdout.splitlines()
        self.assertEqual([line.rstrip() for line in said if line.strip()],
                         [line for line in RUN_003 if line.strip()])
        self.assertEqual({name: len(names) for name, names in self.index_names().items()}, PER_COLLECTION)

    def test_a_second_run_creates_nothing(self):
        self.generate()
        self.plumb("migrate", "run", "003")
        before = self.server.client().admin.command("serverStatus")["opcounters"]["command"]
        said = self.plumb("migrate", "run", "003").stdout
        self.assertIn("12", said)
        self.assertNotIn("✓ Created index", said)
        self.assertGreater(self.server.client().admin.command("serverStatus")["opcounters"]["command"], before)

    def test_rollback_removes_exactly_what_003_made(self):
        self.generate()
        self.db.orders.create_index("delivery_date")     # there before: kept, not owned
        self.db.orders.create_index("total_amount")
        content = self.content_hash()
        said = self.plumb("migrate", "run", "003").stdout
        self.assertIn("Created 11 indexes", said)
        self.plumb("migrate", "rollback", "003")
        self.assertEqual(self.index_names(), {**{name: set() for name in PER_COLLECTION},
                                              "orders": {"delivery_date_1", "total_amount_1"}})
        self.assertEqual(self.content_hash(), content)
        self.plumb("migrate", "run", "003")

    def test_two_users_with_one_email_stop_it_before_anything_is_built(self):
        self.generate()
        first, second = self.db.users.find().limit(2)
        self.db.users.update_one({"_id": second["_id"]}, {"$set": {"email": first["email"]}})
        said = self.plumb("migrate", "run", "003", check=4)
        text = said.stdout + said.stderr
        for expected in (first["email"], first["id"], second["id"]):
            self.assertIn(expected, text)
        self.assertEqual(self.index_names(), {name: set() for name in PER_COLLECTION})

    def test_an_index_of_the_same_name_and_another_key_stops_it(self):
        self.generate()
        self.db.orders.create_index("total_amount", name="delivery_date_1")
        said = self.plumb("migrate", "run", "003", check=4)
        self.assertIn("delivery_date_1", said.stdout + said.stderr)
        self.assertEqual(self.index_names()["users"], set())

    def test_up_status_down(self):
        self.generate()
        self.plumb("migrate", "up")
        status = json.loads(self.plumb("migrate", "status", "--json").stdout)
        self.assertEqual([(each["version"], each["state"]) for each in status["migrations"]],
                         [(f"00{number}", "applied") for number in range(1, 8)])
        self.assertIn("category_1", self.index_names()["products"])
        self.assertIn("user_id_1_delivery_date_-1", self.index_names()["orders"])
        self.plumb("migrate", "down", "--last")
        self.assertNotIn("user_id_1_delivery_date_-1", self.index_names()["orders"])
        self.plumb("migrate", "down", "--last")
        self.assertEqual(self.index_names()["products"], {"id_1"})
        self.plumb("migrate", "down", "--all")
        self.assertEqual(self.index_names()["orders"], set())

    def test_a_dry_run_writes_nothing(self):
        self.generate()
        collections = sorted(self.db.list_collection_names())
        said = self.plumb("migrate", "run", "003", "--dry-run").stdout
        self.assertIn("createIndexes", said)
        self.assertEqual(sorted(self.db.list_collection_names()), collections)
        self.assertEqual(self.index_names()["users"], set())

    def test_verify_sees_drift_and_says_so_by_its_exit_code(self):
        self.generate()
        self.plumb("verify", check=1)
        self.plumb("migrate", "run", "003")
        said = self.plumb("verify").stdout
        self.assertIn("users: 4 indexes", said)
        self.db.orders.drop_index("delivery_date_1")
        self.db.users.drop_index("email_1")
        self.db.users.create_index("email")              # there, but no longer unique
        drift = json.loads(self.plumb("verify", "--json", check=1).stdout)
        self.assertIn("delivery_date_1", json.dumps(drift))
        self.assertIn("unique", json.dumps(drift))

    def test_same_seed_gives_the_same_documents(self):
        self.generate()
        first = self.content_hash()
        self.plumb("generate", "--scale", 300, "--faults", "0", "--drop")
        self.assertEqual(self.content_hash(), first)
        self.plumb("generate", "--scale", 300, "--faults", "0", "--drop", "--seed", "8")
        self.assertNotEqual(self.content_hash(), first)

    def test_bench_compares_before_and_after(self):
        self.generate(scale=2000)
        content = self.content_hash()
        self.plumb("bench", "--before", "--time-limit", "0.05")
        self.plumb("migrate", "run", "003")
        self.plumb("bench", "--after", "--time-limit", "0.05")
        compared = self.plumb("bench", "--compare", "--json", check=None)
        rows = {row["id"]: row for row in json.loads(compared.stdout)["rows"]}
        self.assertEqual(set(rows), {f"Q{n}" for n in range(1, 27)} | {"D1", "R1", "R2"})
        self.assertIn("COLLSCAN", rows["Q1"]["before"]["plan"])
        self.assertIn("IXSCAN", rows["Q1"]["after"]["plan"])
        self.assertLess(rows["Q1"]["after"]["docs_examined"], 2)
        self.assertIn("COLLSCAN", rows["Q24"]["after"]["plan"])  # step 30 has no orders{id}
        for row in rows.values():
            self.assertTrue(row["verdict"])
            if row["verdict"] == "missed":
                self.assertTrue(row["reasons"], row)
        self.assertEqual(self.content_hash(), content, "bench must leave the data as it was")
        report = Path(self.folder.name, "report.html")
        self.plumb("report", "--out", report)
        page = report.read_text()
        self.assertIn("<svg", page)
        self.assertNotRegex(page, r'(src|href)="https?:')


class Demo(unittest.TestCase):
    def test_runs_end_to_end_without_a_question(self):
        with tempfile.TemporaryDirectory() as folder:
            done = plumb("demo", "--scale", 1000, cwd=folder, check=0)
            self.assertIn("Created 12 indexes", done.stdout)
            for row in ("Q1", "Q12", "Q24", "D1", "R1", "R2"):
                self.assertRegex(done.stdout, rf"(?m)^\W*{row}\b")
            self.assertIn("report.html", done.stdout)
            self.assertEqual(len(list(Path(folder).rglob("report.html"))), 1)
            plumb("demo", "--scale", 1000, cwd=folder, check=0)


if __name__ == "__main__":
    unittest.main()
