# SPDX-License-Identifier: GPL-3.0-or-later
"""plumb verify: each kind of drift of tests/data/drift.yaml is found with its mark and repaired; members that differ
are named; the gate for declared queries; watching."""
import json
import os
import select
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import yaml

from plumbd import BIN, ROOT, Plumbd, plumb

DRIFT = yaml.safe_load((ROOT / "tests/data/drift.yaml").read_text())
NO_DRIFT = ("adopted", "builtin", "ignored", "later", "ok")
KINDS_AT_LEAST = 12


def write_project(folder, strategy=None, workload=None):
    (folder / "plumbline.yaml").write_text("name: x\n")
    (folder / "strategy.yaml").write_text(yaml.safe_dump(strategy or DRIFT["strategy"], sort_keys=False))
    if workload is not None:
        (folder / "workload.yaml").write_text(yaml.safe_dump(workload, sort_keys=False))
    return folder


def specification(index):
    """An index of strategy.yaml, as createIndexes takes it."""
    out = {"key": index["key"], "name": index.get("name") or "_".join(f"{k}_{v}" for k, v in index["key"].items())}
    for ours, theirs in (("unique", "unique"), ("sparse", "sparse"), ("partial", "partialFilterExpression"),
                         ("expire_after", "expireAfterSeconds"), ("collation", "collation")):
        if ours in index:
            out[theirs] = index[ours]
    return out


def as_declared(db):
    for collection, documents in DRIFT["documents"].items():
        db[collection].insert_many([dict(each) for each in documents])
    for collection in DRIFT["documents"]:
        db.command({"createIndexes": collection, "indexes": [
            specification(index) for index in DRIFT["strategy"]["indexes"] if index["collection"] == collection]})


def marks(report):
    """What is not ok, by "collection.name"."""
    return {f"{collection['name']}.{line['name']}": line["mark"] for collection in report["collections"]
            for line in collection["lines"] if line["mark"] not in ("ok", "builtin")}


def words(report):
    return "\n".join(line.get(field, "") for collection in report["collections"] for line in collection["lines"]
                     for field in ("detail", "redundant", "kept"))


class OneServer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Plumbd().start()
        cls.client = cls.server.client()

    @classmethod
    def tearDownClass(cls):
        cls.client.close()
        cls.server.__exit__()

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.project = Path(self.folder.name)
        self.db = self.client.shop

    def tearDown(self):
        self.client.drop_database("shop")
        self.folder.cleanup()

    def plumb(self, *arguments, check=None):
        return plumb(*arguments, "--url", self.server.url, "--db", "shop", cwd=self.project, check=check)

    def report(self, *arguments):
        done = self.plumb("verify", "--json", *arguments)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        report = json.loads(done.stdout)
        self.assertEqual(done.returncode, 1 if report["drift"] else 0)
        return report


class Drift(OneServer):
    def test_each_kind_is_found_and_repaired(self):
        drifting = 0
        for kind in DRIFT["kinds"]:
            with self.subTest(kind["name"]):
                self.client.drop_database("shop")
                with tempfile.TemporaryDirectory() as folder:
                    self.project = write_project(Path(folder))
                    drifting += self.plant_find_repair(kind)
        self.assertGreaterEqual(drifting, KINDS_AT_LEAST)

    def plant_find_repair(self, kind):
        as_declared(self.db)
        for command in kind["plant"]:
            self.db.command(command)
        report = self.report()
        self.assertEqual(marks(report), kind["marks"])
        self.assertIn(kind.get("note", ""), words(report))
        drift = any(mark not in NO_DRIFT for mark in kind["marks"].values())
        self.assertEqual(report["drift"], drift)
        left = kind.get("left", {})
        by_hand = any(mark not in NO_DRIFT for mark in left.values())
        fixed = json.loads(self.plumb("verify", "--fix", "--json", check=1 if by_hand else 0).stdout)
        self.assertEqual(bool(fixed["by_hand"]), by_hand)
        self.assertEqual("file" in fixed, kind["marks"] != left)
        if "file" in fixed:
            before = {name: list(self.db[name].index_information()) for name in self.db.list_collection_names()}
            self.plumb("migrate", "up", check=0)
            for name in left:
                collection, index = name.split(".", 1)
                self.assertIn(index, before[collection])
                self.assertIn(index, self.db[collection].index_information(), "an unknown index was dropped")
        self.assertEqual(marks(self.report()), left)
        return int(drift)

    def test_the_text_has_a_mark_on_each_line_and_says_what_differs(self):
        write_project(self.project)
        as_declared(self.db)
        self.db.users.drop_index("email_1")
        self.db.users.create_index("email", name="email_1")
        self.db.orders.drop_index("user_id_1")
        said = self.plumb("verify", check=1).stdout
        self.assertIn("users: 4 indexes\n  - _id_: { _id: 1 }  ·\n", said)
        self.assertIn("  - email_1: { email: 1 }  ✗ different (unique: wanted true, found -)\n", said)
        self.assertIn("  - user_id_1: { user_id: 1 }  ✗ missing (orders of a user)\n", said)
        self.assertIn("✗ drift: 5 of 7 declared indexes are there; 1 missing, 1 different, 0 extra\n", said)

    def test_fix_names_the_file_and_the_next_steps(self):
        write_project(self.project)
        as_declared(self.db)
        self.db.orders.drop_index("user_id_1")
        said = self.plumb("verify", "--fix", "--name", "Bring Orders Back", check=0).stdout
        self.assertIn("wrote migrations/001_bring_orders_back.yaml\nnext: plumb migrate lint 001", said)
        self.plumb("migrate", "lint", "001", check=0)
        self.plumb("migrate", "up", check=0)
        self.assertEqual(self.plumb("verify", "--fix", check=0).stdout, "no migration is needed\n")

    def test_fix_does_not_write_again_what_a_pending_migration_does(self):
        write_project(self.project)
        as_declared(self.db)
        self.db.orders.drop_index("user_id_1")
        self.db.users.drop_index("email_1")
        self.db.users.create_index("email", name="email_1")
        self.plumb("verify", "--fix", check=0)
        said = self.plumb("verify", "--fix", check=1).stdout
        self.assertIn("orders.user_id_1: pending migration 001 does it", said)
        self.assertIn("users.email_1: pending migration 001 does it", said)
        self.assertIn("next: plumb migrate up, plumb verify", said)
        self.assertEqual(len(list((self.project / "migrations").glob("*.yaml"))), 1)
        self.plumb("migrate", "up", check=0)
        self.assertEqual(self.plumb("verify", "--fix", check=0).stdout, "no migration is needed\n")

    def test_validate_is_asked_only_deep(self):
        write_project(self.project)
        as_declared(self.db)
        self.assertNotIn("valid", self.report()["collections"][0])
        self.assertEqual([(c["name"], c["valid"]) for c in self.report("--deep")["collections"]],
                         [("users", True), ("orders", True), ("sessions", True)])

    def test_use_is_a_tier_with_a_reason(self):
        write_project(self.project)
        as_declared(self.db)
        for _ in range(3):
            list(self.db.orders.find({"user_id": 1}))
        lines = {line["name"]: line for c in self.report()["collections"] for line in c["lines"]}
        self.assertEqual((lines["user_id_1"]["usage"], lines["role_1"]["usage"]), ("used", "counters_young"))
        self.assertIn("kept: unique", lines["email_1"]["usage_reason"])
        self.assertIn("use: used (3 uses in 1 day)", self.plumb("verify", "--usage", check=0).stdout)


class Members(unittest.TestCase):
    """Three servers with the same data stand in for the members of a replica set."""

    def test_the_member_that_a_build_missed_is_named(self):
        with Plumbd() as one, Plumbd() as two, Plumbd() as three, tempfile.TemporaryDirectory() as folder:
            project = write_project(Path(folder))
            for server in (one, two, three):
                with server.client() as client:
                    as_declared(client.shop)
            names = [f"127.0.0.1:{server.port}" for server in (one, two, three)]
            options = ["--url", one.url, "--db", "shop", "--member", two.url, "--member", three.url]
            same = json.loads(plumb("verify", "--json", *options, cwd=project, check=0).stdout)
            self.assertEqual(same["members"], {"asked": names, "not_asked": [], "inconsistent": []})

            with three.client() as client:
                client.shop.orders.drop_index("user_id_1")
                client.shop.orders.create_index("own", name="own_1")
            with two.client() as client:
                client.shop.users.drop_index("role_1")
                client.shop.users.create_index("role", name="role_1", sparse=True)
            report = json.loads(plumb("verify", "--json", *options, cwd=project, check=1).stdout)
            self.assertEqual(marks(report), {"orders.user_id_1": "inconsistent", "orders.own_1": "inconsistent",
                                             "users.role_1": "inconsistent"})
            found = {each["name"]: each for each in report["members"]["inconsistent"]}
            self.assertEqual(found["user_id_1"]["lacking"], [names[2]])
            self.assertEqual(found["own_1"]["lacking"], names[:2])
            self.assertEqual(found["role_1"]["different"], [f"{names[1]}: sparse: wanted -, found true"])
            said = plumb("verify", *options, cwd=project, check=1).stdout
            self.assertIn(f"- user_id_1: {{ user_id: 1 }}  ✗ inconsistent (not on {names[2]})", said)
            fixed = json.loads(plumb("verify", "--fix", "--json", *options, cwd=project, check=1).stdout)
            self.assertEqual((fixed["changes"], len(fixed["by_hand"])), (0, 3))
            self.assertNotIn("file", fixed)

    def test_a_member_that_does_not_answer_is_said_and_no_drift(self):
        with Plumbd() as one, tempfile.TemporaryDirectory() as folder:
            project = write_project(Path(folder))
            with one.client() as client:
                as_declared(client.shop)
            report = json.loads(plumb("verify", "--json", "--url", one.url, "--db", "shop", "--member",
                                      "mongodb://127.0.0.1:1", cwd=project, check=0).stdout)
            self.assertEqual([each["name"] for each in report["members"]["not_asked"]], ["127.0.0.1:1"])
            self.assertEqual(report["collections"][1]["lines"][1]["usage"], "not_all_asked")


class Rights(unittest.TestCase):
    def test_a_user_who_may_only_read_learns_what_was_not_looked_at(self):
        with Plumbd() as server, tempfile.TemporaryDirectory() as folder:
            project = write_project(Path(folder))
            with server.client() as client:
                as_declared(client.shop)
                client.shop.command("createUser", "reader", pwd="p@ss", roles=["read"])
            server.stop()
            server.arguments = ["--auth"]
            server.start()
            url = f"mongodb://reader:p%40ss@127.0.0.1:{server.port}/shop"
            done = plumb("verify", "--json", "--deep", "--url", url, "--db", "shop", cwd=project, check=0)
            self.assertNotIn("p%40ss", done.stdout + done.stderr)
            notes = json.loads(done.stdout)["notes"]
            for looked_at in ("currentOp", "$indexStats", "orders was not validated"):
                self.assertTrue(any(looked_at in note and note.endswith(": this user may not") for note in notes), notes)


class Queries(OneServer):
    def gate(self, queries, *arguments, check):
        workload = {"schema": 1, "queries": [{"id": name, "frequency": 1, **query} for name, query in queries.items()]}
        write_project(self.project, workload=workload)
        self.db.orders.insert_many({"_id": n, "a": n % 50, "b": n} for n in range(1200))
        self.db.orders.create_index([("a", 1), ("b", 1)])
        self.db.few.insert_many({"n": n} for n in range(10))
        said = json.loads(self.plumb("verify", "--queries", "--json", *arguments, check=check).stdout)
        return {row["id"]: row for row in said["queries"]}

    def test_only_large_scans_that_nobody_allows_fail(self):
        rows = self.gate({
            "indexed": {"command": {"find": "orders", "filter": {"a": 1}}},
            "by_id": {"command": {"find": "orders", "filter": {"_id": 5}}},
            "covered": {"command": {"find": "orders", "filter": {"a": 1}, "projection": {"_id": 0, "b": 1}}},
            "counted": {"command": {"count": "orders"}},
            "count_scan": {"command": {"count": "orders", "query": {"a": 1}}},
            "distinct": {"command": {"distinct": "orders", "key": "a"}},
            "small": {"command": {"find": "few", "filter": {"n": 3}}},
            "allowed": {"scan_allowed": "all are shown", "command": {"find": "orders", "filter": {}}},
            "needless": {"scan_allowed": "once it did", "command": {"find": "orders", "filter": {"a": 3}}},
            "written": {"command": {"insert": "orders", "documents": [{"x": 1}]}},
        }, check=0)
        self.assertEqual({name: row["mark"] for name, row in rows.items()}, {
            "indexed": "no_scan", "by_id": "no_scan", "covered": "no_scan", "counted": "no_scan",
            "count_scan": "no_scan", "distinct": "no_scan", "small": "small", "allowed": "allowed",
            "needless": "no_scan", "written": "no_scan"})
        self.assertEqual(rows["allowed"]["reason"], "all are shown")
        self.assertEqual([name for name, row in rows.items() if row["permission_unused"]], ["needless"])

    def test_scans_are_named_with_their_size(self):
        rows = self.gate({
            "find": {"command": {"find": "orders", "filter": {"b": 1}}},
            "update": {"command": {"update": "orders", "updates": [{"q": {"a": 1}, "u": {"$set": {"c": 1}}},
                                                                   {"q": {"c": 1}, "u": {"$set": {"c": 2}}}]}},
            "lookup": {"command": {"aggregate": "few", "pipeline": [{"$match": {"_id": 1}}, {"$lookup": {
                "from": "orders", "localField": "n", "foreignField": "b", "as": "o"}}], "cursor": {}}},
            "group": {"command": {"aggregate": "orders", "pipeline": [{"$match": {"b": {"$gt": 5}}}, {"$group": {
                "_id": "$a", "n": {"$sum": 1}}}], "cursor": {}}},
            "refused": {"command": {"find": "orders", "filter": {"$nonsense": 1}}},
        }, check=1)
        self.assertEqual({name: row["mark"] for name, row in rows.items()}, {
            "find": "scans", "update": "scans", "lookup": "scans", "group": "scans", "refused": "failed"})
        self.assertEqual(rows["find"]["scans"], [{"collection": "orders", "documents": 1200, "statement": "find"}])
        self.assertEqual(rows["lookup"]["scans"][-1]["statement"], "the inner side of its $lookup")

    def test_the_floor_is_an_option(self):
        rows = self.gate({"find": {"command": {"find": "orders", "filter": {"b": 1}}}}, "--floor", "1201", check=0)
        self.assertEqual(rows["find"]["mark"], "small")
        said = self.plumb("verify", "--queries", "--floor", "1200", check=1).stdout
        self.assertIn("- find: find  ✗ scans  orders: 1 200 documents (find)", said)


class Watching(OneServer):
    def lines_until(self, process, text, seconds=20):
        """Reads until a line holds the text, and returns all lines."""
        said, deadline = b"", time.monotonic() + seconds
        while time.monotonic() < deadline:
            if select.select([process.stdout], [], [], 0.2)[0]:
                said += os.read(process.stdout.fileno(), 4096)
                if text in said.decode() and said.endswith(b"\n"):
                    return said.decode().splitlines()
        raise AssertionError(f"no line with {text!r} in {said!r}")

    def start(self, *arguments):
        environment = {key: value for key, value in os.environ.items() if key not in ("MONGO_URL", "DB_NAME")}
        return subprocess.Popen(
            [BIN / "plumb", "verify", "--watch", "1", "--url", self.server.url, "--db", "shop", *arguments],
            cwd=self.project, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def test_only_changes_are_printed_until_ctrl_c(self):
        write_project(self.project)
        as_declared(self.db)
        process = self.start()
        try:
            self.lines_until(process, "✓ no drift")
            self.db.orders.drop_index("user_id_1")
            changed = self.lines_until(process, "✗ drift")
            self.assertEqual(len(changed), 2, changed)
            self.assertIn("orders:  - user_id_1: { user_id: 1 }  ✗ missing", changed[0])
            self.db.orders.create_index("user_id")
            self.assertIn("user_id_1: { user_id: 1 }  ✓", self.lines_until(process, "✓ no drift")[0])
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(timeout=20), 0)
        finally:
            process.kill()
            process.communicate()

    def test_json_is_a_line_for_each_change(self):
        write_project(self.project)
        as_declared(self.db)
        process = self.start("--json")
        try:
            self.assertFalse(json.loads(self.lines_until(process, "}")[0])["drift"])
            self.db.orders.drop_index("user_id_1")
            lines = self.lines_until(process, "}")
            self.assertEqual([json.loads(line)["drift"] for line in lines], [True])
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(timeout=20), 1)
        finally:
            process.kill()
            process.communicate()

    def test_a_server_that_is_not_there_is_not_waited_for(self):
        write_project(self.project)
        plumb("verify", "--watch", "1", "--url", "mongodb://127.0.0.1:1", "--db", "shop", cwd=self.project, check=3)


if __name__ == "__main__":
    unittest.main()
