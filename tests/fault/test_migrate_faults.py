# SPDX-License-Identifier: GPL-3.0-or-later
"""Migration 003 against a real engine: what it prints, owns, refuses, and how it survives being
killed or made to fail at every step.
"""

import datetime
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

from plumbd import BIN, ROOT, Plumbd, plumb

PROJECT = ROOT / "projects/earlybird"
COLLECTIONS = {
    "users": ["id_1", "email_1", "role_1"],
    "orders": ["user_id_1", "status_1_delivery_date_-1", "delivery_date_1", "user_id_1_status_1"],
    "subscriptions_v2": ["status_1", "customer_id_1", "id_1_status_1"],
    "products": ["id_1"],
    "delivery_statuses": ["order_id_1"],
}
POINTS = ("ledger.before_write", "ledger.after_write", "migrate.before_operation",
          "migrate.after_operation")
HITS_MAX = 60

FIRST_RUN = """\
============================================================
MIGRATION 003: ADD DATABASE INDEXES
============================================================

INFO: Starting Migration 003: Creating indexes...
INFO: Creating indexes on db.users...
  ✓ Created index: id_1
  ✓ Created index (UNIQUE): email_1
  ✓ Created index: role_1
INFO: Creating indexes on db.orders...
  ✓ Created index: user_id_1
  ✓ Created index: status_1_delivery_date_-1
  ✓ Created index: delivery_date_1
  ✓ Created index: user_id_1_status_1
INFO: Creating indexes on db.subscriptions_v2...
  ✓ Created index: status_1
  ✓ Created index: customer_id_1
  ✓ Created index: id_1_status_1
INFO: Creating indexes on db.products...
  ✓ Created index: id_1
INFO: Creating indexes on db.delivery_statuses...
  ✓ Created index: order_id_1
✓ Migration 003 completed successfully
Created 12 indexes
"""


class Outcome:
    """How a run of plumb ended."""

    def __init__(self, done):
        self.code = done.returncode
        self.out = done.stdout
        self.err = done.stderr

    def __repr__(self):
        return f"exit {self.code}\n--- out\n{self.out}\n--- err\n{self.err}"


class MigrationCase(unittest.TestCase):
    """One server for the class, a database with a little of EarlyBird for each test."""

    @classmethod
    def setUpClass(cls):
        cls.server = Plumbd().start()
        cls.mongo = cls.server.client()

    @classmethod
    def tearDownClass(cls):
        cls.mongo.close()
        cls.server.__exit__()

    def setUp(self):
        self.name = "t_" + self.id().rsplit(".", 1)[1][:40]
        self.mongo.drop_database(self.name)
        self.db = self.mongo[self.name]
        self.fill()
        self.before = self.indexes()

    def arguments(self, *words, project=PROJECT):
        return ["--url", self.server.url, "--db", self.name, "--project", str(project), *words]

    def plumb(self, *words, **options):
        return Outcome(plumb(*self.arguments(*words, **options)))

    def start_plumb(self, *words):
        clean = {k: v for k, v in os.environ.items() if k not in ("MONGO_URL", "DB_NAME")}
        return subprocess.Popen([BIN / "plumb", *self.arguments(*words)], stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True, env=clean)

    def indexes(self):
        """{collection: {name: definition}} of everything but Plumbline's own collections."""
        return {collection: {each["name"]: {k: v for k, v in each.items() if k not in ("v", "ns")}
                             for each in self.db[collection].list_indexes()}
                for collection in self.db.list_collection_names()
                if not collection.startswith("_plumb_")}

    def fill(self, users=50):
        self.db.users.insert_many(
            {"id": f"usr_{n}", "email": f"u{n}@x.in", "role": "customer"} for n in range(users))
        self.db.orders.insert_many(
            {"id": f"ord_{n}", "user_id": f"usr_{n % 7}", "status": "delivered",
             "delivery_date": f"2026-01-{n % 28 + 1:02}"} for n in range(100))
        self.db.subscriptions_v2.insert_many(
            {"id": f"sub_{n}", "customer_id": f"cust_{n}", "status": "active"} for n in range(30))
        self.db.products.insert_many({"id": f"prd_{n}", "category": "milk"} for n in range(10))
        self.db.delivery_statuses.insert_many({"order_id": f"ord_{n}"} for n in range(20))

    def expected(self):
        """The indexes before, and the twelve."""
        names = {c: {"_id_", *i} for c, i in COLLECTIONS.items()}
        for collection, indexes in self.before.items():
            names.setdefault(collection, set()).update(indexes)
        return names

    def names(self):
        return {c: set(i) for c, i in self.indexes().items()}

    def ledger(self):
        return self.db["_plumb_migrations"].find_one({"_id": 3})

    def assert_applied(self):
        self.assertEqual(self.names(), self.expected())
        self.assertEqual(self.ledger()["state"], "applied")

    def assert_as_before(self):
        self.assertEqual(self.indexes(), self.before)

    def owned(self):
        return sum(len(o["owned"]) for o in self.ledger()["operations"])


class Migration003(MigrationCase):
    def test_prints_what_it_did(self):
        first = self.plumb("migrate", "run", "003")
        self.assertEqual((first.code, first.out), (0, FIRST_RUN), first)
        self.assert_applied()

    def test_second_run_creates_none(self):
        self.plumb("migrate", "run", "003")
        ledger = self.ledger()
        second = self.plumb("migrate", "run", "003")
        self.assertEqual(second.code, 0, second)
        self.assertEqual(second.out.count("= exists:"), 12)
        self.assertIn("Created 0 indexes, 12 exist already", second.out)
        self.assertEqual(self.ledger(), ledger)

    def test_rollback_drops_the_twelve(self):
        self.plumb("migrate", "run", "003")
        back = self.plumb("migrate", "rollback", "003")
        self.assertEqual(back.code, 0, back)
        self.assertIn("Dropped 12 indexes", back.out)
        self.assert_as_before()
        self.assertEqual(self.ledger()["state"], "rolled_back")
        again = self.plumb("migrate", "rollback", "003")
        self.assertEqual(again.code, 0, again)
        self.assertIn("nothing to roll back", again.out)

    def test_up_down_up(self):
        for _ in range(3):
            self.assertEqual(self.plumb("migrate", "run", "003").code, 0)
            self.assert_applied()
            self.assertEqual(self.plumb("migrate", "down", "--all").code, 0)
            self.assert_as_before()
        self.assertEqual(len([e for e in self.ledger()["events"] if e["event"] == "applied"]), 3)

    def test_keeps_an_index_that_was_there(self):
        self.db.orders.create_index("user_id")
        self.db.products.create_index("id", name="mine")
        self.before = self.indexes()
        run = self.plumb("migrate", "run", "003")
        self.assertEqual(run.code, 0, run)
        self.assertIn("= exists: user_id_1\n", run.out)
        self.assertIn("= exists: id_1, as mine\n", run.out)
        self.assertIn("Created 10 indexes, 2 exist already", run.out)
        self.assertEqual(self.owned(), 10)
        self.assertEqual(self.plumb("migrate", "rollback", "003").code, 0)
        self.assert_as_before()

    def test_repairs_what_was_dropped_by_hand(self):
        self.plumb("migrate", "run", "003")
        self.db.orders.drop_index("user_id_1")
        run = self.plumb("migrate", "run", "003")
        self.assertEqual(run.code, 0, run)
        self.assertIn("Created 1 index, 11 exist already", run.out)
        self.assert_applied()
        self.assertEqual(self.owned(), 12)

    def test_leaves_an_index_that_changed_since(self):
        self.plumb("migrate", "run", "003")
        self.db.users.drop_index("role_1")
        self.db.users.create_index("role", name="role_1", sparse=True)
        back = self.plumb("migrate", "rollback", "003")
        self.assertEqual(back.code, 0, back)
        self.assertIn("! kept: role_1", back.out)
        self.assertEqual(self.names()["users"], {"_id_", "role_1"})

    def test_refuses_another_definition_before_building(self):
        self.db.delivery_statuses.create_index("order_id", unique=True)
        self.before = self.indexes()
        run = self.plumb("migrate", "run", "003")
        self.assertEqual(run.code, 4, run)
        self.assertIn("unique: wanted -, found true", run.err)
        self.assert_as_before()
        self.assertIsNone(self.ledger())

    def test_refuses_duplicates_and_names_them(self):
        self.db.users.insert_many([{"id": "usr_a", "email": "u7@x.in"}, {"id": "usr_b"},
                                   {"id": "usr_c", "email": None}])
        run = self.plumb("--json", "migrate", "run", "003")
        self.assertEqual(run.code, 4, run)
        for text in ('"u7@x.in"', "usr_7", "usr_a", "usr_b", "usr_c", "null or missing"):
            self.assertIn(text, run.err)
        problem = json.loads(run.out)["error"]["details"]["problems"][0]
        self.assertEqual(problem["code"], "duplicates")
        self.assertEqual(len(problem["duplicates"]), 2)
        self.assert_as_before()
        self.assertIsNone(self.ledger())

    def test_dry_run_writes_nothing(self):
        collections = set(self.db.list_collection_names())
        run = self.plumb("migrate", "run", "003", "--dry-run")
        self.assertEqual(run.code, 0, run)
        self.assertEqual(run.out.count('"createIndexes"'), 5)
        self.assertEqual(set(self.db.list_collection_names()), collections)
        self.assert_as_before()
        plan = self.plumb("--json", "migrate", "plan")
        self.assertEqual([each["created"] for each in json.loads(plan.out)["migrations"]
                          if each["version"] == "003"], [12])
        self.assertEqual(set(self.db.list_collection_names()), collections)

    def test_verify_shows_drift(self):
        drift = self.plumb("verify")
        self.assertEqual(drift.code, 1, drift)
        self.plumb("migrate", "run", "003")
        good = self.plumb("verify")
        self.assertEqual(good.code, 0, good)
        for line in ("users: 4 indexes", "orders: 5 indexes", "subscriptions_v2: 4 indexes",
                     "products: 2 indexes", "delivery_statuses: 2 indexes"):
            self.assertIn(line, good.out)
        self.assertIn("prefix of user_id_1_status_1", good.out)
        self.db.orders.create_index("notes")
        self.assertEqual(self.plumb("verify").code, 1)
        self.assertEqual(self.plumb("verify", "--allow-extra").code, 0)

    def test_edited_file_stops(self):
        self.plumb("migrate", "run", "003")
        with tempfile.TemporaryDirectory() as folder:
            project = pathlib.Path(folder) / "p"
            shutil.copytree(PROJECT, project)
            file = project / "migrations" / "003_add_indexes.yaml"
            file.write_text(file.read_text().replace("key: {role: 1}", "key: {role: -1}"))
            run = self.plumb("migrate", "run", "003", project=project)
            self.assertEqual(run.code, 4, run)
            self.assertIn("- create_indexes on users", run.err)
            self.assertIn("+ create_indexes on users", run.err)
            self.assertEqual(self.plumb("migrate", "status", project=project).code, 1)
        self.assert_applied()

    def test_status_and_history(self):
        pending = json.loads(self.plumb("--json", "migrate", "status").out)["migrations"]
        self.assertEqual([m["state"] for m in pending if m["version"] == "003"], ["pending"])
        self.plumb("migrate", "run", "003")
        applied = json.loads(self.plumb("--json", "migrate", "status").out)["migrations"]
        self.assertEqual([m["ownedIndexes"] for m in applied if m["version"] == "003"], [12])
        events = json.loads(self.plumb("--json", "migrate", "history").out)["events"]
        self.assertEqual(events[0]["event"], "applying")
        self.assertEqual(events[-1]["event"], "applied")


class Lock(MigrationCase):
    def hold(self, seconds, **holder):
        now = datetime.datetime.utcnow()
        self.db["_plumb_lock"].replace_one(
            {"_id": "migration"},
            {"fence": 41, "acquired_at": now, "holder": {
                "host": "elsewhere", "machine": "m", "process_id": 7, "process_start": 1,
                "run": "r", "tool": "plumb", **holder},
             "expires_at": now + datetime.timedelta(seconds=seconds)}, upsert=True)

    def test_another_holder_is_named(self):
        self.hold(60)
        run = self.plumb("migrate", "run", "003")
        self.assertEqual(run.code, 4, run)
        self.assertIn("process 7 on elsewhere", run.err)
        self.assert_as_before()

    def test_lease_that_is_over_is_taken(self):
        self.hold(-1)
        self.assertEqual(self.plumb("migrate", "run", "003").code, 0)
        self.assert_applied()
        lock = self.db["_plumb_lock"].find_one()
        self.assertIsNone(lock["holder"])
        self.assertGreater(lock["fence"], 41)

    def test_unlock(self):
        self.hold(60)
        self.assertEqual(self.plumb("migrate", "unlock").code, 4)
        self.assertEqual(self.plumb("migrate", "unlock", "--force").code, 0)
        self.assertEqual(self.plumb("migrate", "run", "003").code, 0)

    def test_ledger_of_a_newer_runner_is_not_overwritten(self):
        self.plumb("migrate", "run", "003")
        self.plumb("migrate", "rollback", "003")
        self.db["_plumb_migrations"].update_one({"_id": 3}, {"$set": {"fence": 10**9}})
        before = self.ledger()
        run = self.plumb("migrate", "run", "003")
        self.assertEqual(run.code, 4, run)
        self.assertEqual(self.ledger(), before)
        self.assert_as_before()

    def test_two_runners_create_each_index_once(self):
        runs = [self.start_plumb("--json", "migrate", "run", "003") for _ in range(3)]
        created = 0
        for run in runs:
            out, err = run.communicate(timeout=60)
            self.assertIn(run.returncode, (0, 4), err)
            if run.returncode == 0:
                created += json.loads(out)["migrations"][0]["created"]
        self.assertEqual(created, 12)
        self.assert_applied()
        self.assertEqual(self.owned(), 12)


class StepByStep(MigrationCase):
    """With an index that is not the migration's own."""

    def fill(self, users=50):
        super().fill(users)
        self.db.orders.create_index("user_id")

    def reset(self):
        self.mongo.drop_database(self.name)
        self.fill()


class KilledAtEachStep(StepByStep):
    """kill -9 at the n-th hit of each fault point, for every n that a run has."""

    def each_kill(self, point, *words):
        """Runs the command killed at hit 1, 2 … and yields n until it gets through."""
        for hit in range(1, HITS_MAX):
            run = self.plumb("--fault", f"{point}=kill@{hit}", *words)
            if run.code == 0:
                self.assertGreater(hit, 1, "the fault point was never hit")
                return
            self.assertEqual(run.code, -signal.SIGKILL, run)
            yield hit
        self.fail("more hits than expected")

    def test_run_is_finished_by_the_next_run(self):
        for point in POINTS:
            for hit in self.each_kill(point, "migrate", "run", "003"):
                with self.subTest(point=point, hit=hit):
                    again = self.plumb("migrate", "run", "003")
                    self.assertEqual(again.code, 0, again)
                    self.assert_applied()
                    self.assertEqual(self.owned(), 11)
                    self.assertEqual(self.plumb("migrate", "rollback", "003").code, 0)
                    self.assert_as_before()
                self.reset()
            self.reset()

    def test_run_is_taken_back_by_rollback(self):
        for point in POINTS:
            for hit in self.each_kill(point, "migrate", "run", "003"):
                with self.subTest(point=point, hit=hit):
                    back = self.plumb("migrate", "rollback", "003")
                    self.assertEqual(back.code, 0, back)
                    self.assert_as_before()
                self.reset()
            self.reset()

    def test_rollback_is_finished_by_the_next_rollback_or_run(self):
        for point in POINTS:
            self.plumb("migrate", "run", "003")
            for hit in self.each_kill(point, "migrate", "rollback", "003"):
                with self.subTest(point=point, hit=hit):
                    if hit % 2 == 0:
                        again = self.plumb("migrate", "run", "003")
                        self.assertEqual(again.code, 0, again)
                        self.assert_applied()
                    self.assertEqual(self.plumb("migrate", "rollback", "003").code, 0)
                    self.assert_as_before()
                self.plumb("migrate", "run", "003")
            self.reset()


class FailsAtEachStep(StepByStep):
    """The same points return an error instead: what was done is undone at once."""

    def test_failure_rolls_back(self):
        for point in POINTS:
            for hit in range(1, HITS_MAX):
                run = self.plumb("--fault", f"{point}=fail@{hit}", "migrate", "run", "003")
                if run.code == 0:
                    break
                with self.subTest(point=point, hit=hit):
                    self.assertEqual(run.code, 5, run)
                    self.assert_as_before()
                    self.assertEqual(self.ledger()["state"], "rolled_back")
            self.assertGreater(hit, 5, "the fault point was hardly hit")
            self.reset()

    def test_failing_rollback_says_so_and_is_finished_later(self):
        run = self.plumb("--fault", "migrate.after_operation=fail@3", "--fault",
                         "migrate.before_operation=fail@4", "migrate", "run", "003")
        self.assertEqual(run.code, 6, run)
        self.assertEqual(self.ledger()["state"], "failed")
        self.assertEqual(self.plumb("migrate", "rollback", "003").code, 0)
        self.assert_as_before()


class Interrupted(MigrationCase):
    def test_ctrl_c_stops_the_build_and_rolls_back(self):
        batch = [{"id": f"ord_{n}", "user_id": f"usr_{n % 997}", "status": "delivered",
                  "delivery_date": f"2026-01-{n % 28 + 1:02}", "notes": "x" * 200}
                 for n in range(20000)]
        for _ in range(10):
            self.db.orders.insert_many([dict(each) for each in batch])
        run = self.start_plumb("migrate", "run", "003")
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and run.poll() is None:
            running = self.mongo.admin.command("currentOp")["inprog"]
            if any(op.get("command", {}).get("createIndexes") == "orders" for op in running):
                run.send_signal(signal.SIGINT)
                break
        out, err = run.communicate(timeout=60)
        self.assertEqual(run.returncode, 5, out + err)
        self.assert_as_before()
        self.assertEqual(self.ledger()["state"], "rolled_back")


class EngineDies(unittest.TestCase):
    """The engine is killed during a build, or with the command that started it."""

    def test_build_that_died_with_its_server_is_finished_later(self):
        for point in ("index_build.after_scan", "index_build.after_load",
                      "index_build.before_commit"):
            with self.subTest(point), tempfile.TemporaryDirectory() as folder:
                arguments = ("--db", "shop", "--project", PROJECT, "migrate", "run", "003")
                data = pathlib.Path(folder, "data")
                server = Plumbd(data, ["--fault", f"{point}=kill@3"]).start()
                done = plumb("--url", server.url, *arguments)
                self.assertIn(done.returncode, (3, 6), done.stderr)
                self.assertEqual(server.process.wait(timeout=30), -signal.SIGKILL)
                server.close()
                with Plumbd(data) as again:
                    done = plumb("--url", again.url, *arguments, check=0)
                    found = again.client().shop
                    self.assertEqual({c: set(found[c].index_information()) - {"_id_"}
                                      for c in COLLECTIONS},
                                     {c: set(i) for c, i in COLLECTIONS.items()})
                    owned = found["_plumb_migrations"].find_one()["operations"]
                    self.assertEqual(sum(len(o["owned"]) for o in owned), 12)

    def test_embedded_engine_ends_with_a_killed_command_and_starts_again(self):
        with tempfile.TemporaryDirectory() as folder:
            arguments = ("--data", pathlib.Path(folder, "data"), "--project", PROJECT)
            run = (*arguments, "migrate", "run", "003")
            killed = plumb("--fault", "migrate.after_operation=kill@2", *run)
            self.assertEqual(killed.returncode, -signal.SIGKILL)
            again = plumb(*run, check=0)
            self.assertIn("exist already", again.stdout)
            plumb(*arguments, "verify", check=0)


if __name__ == "__main__":
    unittest.main()
