# SPDX-License-Identifier: GPL-3.0-or-later
"""plumb migrate, one command after the other: what it writes, what it refuses, and by which exit code it says so."""
import datetime
import json
import os
import pty
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from plumbd import BIN, Plumbd, plumb

COMMANDS = ["new", "lint", "plan", "status", "up", "down", "run", "rollback", "redo", "history", "duplicates", "baseline",
            "repair", "unlock", "prune", "schema"]


def index(key, options="", collection="orders"):
    return (f"  - create_indexes: {{collection: {collection}, indexes: [{{key: {key}{options}, purpose: test}}]}}\n")


class Project(unittest.TestCase):
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
        (self.project / "plumbline.yaml").write_text("name: x\n")
        (self.project / "migrations").mkdir()
        self.db = self.client[re.sub(r"\W", "_", self.id().split(".", 2)[-1])[-60:]]
        self.db.orders.insert_many({"_id": n, "id": f"ord_{n}", "n": n, "s": f"s{n % 7}"} for n in range(500))

    def tearDown(self):
        self.client.drop_database(self.db.name)
        self.folder.cleanup()

    def write(self, version, up, name="x", head=""):
        path = self.project / f"migrations/{version:03}_{name}.yaml"
        path.write_text(f"version: {version}\nname: {name}\n{head}up:\n{up}")
        return path

    def migrate(self, *arguments, check=0):
        return plumb("migrate", *arguments, "--url", self.server.url, "--db", self.db.name, cwd=self.project, check=check)

    def json(self, *arguments, check=0):
        return json.loads(self.migrate(*arguments, "--json", check=check).stdout)

    def indexes(self, collection="orders"):
        return set(self.db[collection].index_information()) - {"_id_"}


class Help(unittest.TestCase):
    def test_each_command_explains_itself_with_an_example(self):
        overview = plumb("migrate", "--help", check=0).stdout
        for command in COMMANDS:
            self.assertRegex(overview, rf"(?m)^  {command}\b")
            said = plumb("migrate", command, "--help", check=0).stdout
            self.assertIn(f"Example:\n  plumb migrate {command}", said)


class New(Project):
    def test_takes_the_next_number_and_never_overwrites(self):
        self.assertEqual(Path(self.json("new", "Add Users-Index")["file"]).name, "001_add_users_index.yaml")
        self.assertEqual(Path(self.json("new", "again")["file"]).name, "002_again.yaml")
        self.write(7, index("{n: 1}"))
        self.assertEqual(Path(self.json("new", "x")["file"]).name, "008_x.yaml")
        self.migrate("new", "--", "--", check=2)

    def test_from_strategy_it_has_what_the_database_has_not(self):
        (self.project / "strategy.yaml").write_text(
            "indexes:\n"
            "  - {collection: orders, key: {n: 1}, priority: 1, purpose: 'by number: all'}\n"
            "  - {collection: orders, key: {s: 1, n: -1}, priority: 2, purpose: by status}\n"
            "  - {collection: users, key: {email: 1}, unique: true, priority: 1, purpose: log-in}\n")
        self.db.orders.create_index("n")
        path = self.project / self.json("new", "missing", "--from-strategy")["file"]
        self.assertNotIn("by number", path.read_text())
        self.migrate("up")
        self.assertEqual(self.indexes(), {"n_1", "s_1_n_-1"})
        self.assertTrue(self.db.users.index_information()["email_1"]["unique"])
        said = self.migrate("new", "nothing", "--from-strategy")
        self.assertIn("every index", said.stderr)
        self.assertFalse((self.project / "migrations/002_nothing.yaml").exists())


class Reports(Project):
    def test_edited_deleted_and_late_files_are_reported(self):
        self.write(1, index("{n: 1}"))
        self.write(3, index("{s: 1}"))
        self.migrate("up")
        self.assertEqual(self.migrate("status").stdout.count("applied"), 2)
        self.write(1, index("{n: -1}"))
        self.assertIn("edited", self.migrate("status", check=1).stdout)
        self.assertIn("edited", self.migrate("up", check=4).stderr)
        said = self.migrate("run", "001", check=4).stderr
        self.assertIn('- create_indexes on orders: {"key": {"n": 1}', said)
        self.assertIn('+ create_indexes on orders: {"key": {"n": -1}', said)
        (self.project / "migrations/001_x.yaml").unlink()
        self.assertIn("its file is gone", self.migrate("status", check=1).stdout)
        self.assertIn("its file is gone", self.migrate("up").stderr)
        self.write(2, index("{id: 1}"))
        rows = self.json("status", check=1)["migrations"]
        self.assertIn("late", rows[1]["problem"])
        self.assertEqual(rows[1]["state"], "pending")
        self.assertIn("late", self.migrate("up").stderr)
        self.assertIn("id_1", self.indexes())
        self.migrate("down", "--all")
        self.assertEqual(self.indexes(), set())

    def test_history_has_every_event_and_loses_none(self):
        self.write(1, index("{n: 1}"))
        self.migrate("up")
        self.migrate("down")
        self.migrate("up")
        events = [each["event"] for each in self.json("history")["events"]]
        self.assertEqual(events.count("applied"), 2)
        self.assertEqual(events.count("rolled_back"), 1)
        self.assertEqual(self.json("history", "2")["events"], [])
        self.assertIn("applied", self.migrate("history", "001").stdout)

    def test_usage_errors_are_exit_2(self):
        self.migrate("run", "9", check=2)
        self.migrate("run", "x", check=2)
        self.migrate("up", "--window", "25:00-26:00", check=2)
        self.migrate("down", "--soak", "ten minutes", check=2)
        self.migrate("baseline", check=2)
        self.migrate("nosuch", check=2)


class DryRun(Project):
    def counters(self):
        status = self.client.admin.command("serverStatus")
        return {**{name: status["opcounters"][name] for name in ("insert", "update", "delete")},
                **status["metrics"]["document"]}

    def test_writes_nothing_by_the_servers_own_counters(self):
        self.db.users.insert_many({"_id": n, "email": f"{n}@x.in"} for n in range(50))
        self.write(1, index("{n: 1}") + index("{email: 1}", ", unique: true", "users"))
        self.write(2, "  - add_field: {collection: orders, field: a, value: 1}\n"
                      "  - rename_field: {collection: orders, from: s, to: state}\n"
                      "  - delete: {collection: orders, filter: {n: {$lt: 10}}}\n", head="allow: [DOWN_LOSES_DATA]\n")
        collections = sorted(self.db.list_collection_names())
        before = self.counters()
        for command in (["plan"], ["up", "--dry-run"], ["run", "001", "--dry-run"], ["lint"], ["status"], ["history"],
                        ["repair"], ["prune", "--dry-run"], ["baseline", "--to", "001", "--dry-run"],
                        ["duplicates", "001"]):
            self.migrate(*command, check=None)
        self.assertEqual(self.counters()["inserted"], before["inserted"])
        after = self.counters()
        # A counter that does not move at all would prove nothing.
        self.db.orders.insert_one({"_id": "moved"})
        self.assertGreater(self.counters()["inserted"], after["inserted"])
        for name in ("insert", "update", "delete", "deleted", "inserted", "updated"):
            self.assertEqual(after[name], before[name], name)
        self.assertEqual(sorted(self.db.list_collection_names()), collections)
        self.assertEqual(self.indexes() | self.indexes("users"), set())

    def test_predicts_size_time_and_head_room_and_says_on_what_it_rests(self):
        self.write(1, index("{n: 1}"))
        said = self.migrate("plan").stdout
        self.assertIn("estimated, not measured", said)
        self.assertIn("1 → 2 of 64 indexes", said)
        forecast = self.json("plan")["migrations"][0]["forecast"][0]
        self.assertEqual(forecast["documents"], 500)
        self.assertEqual(forecast["indexes"][0]["entries"], 500)
        self.assertLess(forecast["msLow"], forecast["msHigh"])
        self.assertLess(forecast["indexes"][0]["bytesLow"], forecast["indexes"][0]["bytesHigh"])
        self.assertEqual((forecast["indexesNow"], forecast["indexesThen"], forecast["indexLimit"]), (1, 2, 64))

    def test_shows_duplicates_and_conflicts_before_anything_is_built(self):
        self.db.orders.update_many({}, {"$set": {"d": 1}})
        self.write(1, index("{d: 1}", ", unique: true"))
        self.assertIn("orders.d_1", self.migrate("plan", check=4).stderr)
        self.db.orders.create_index("s", name="n_1")
        self.write(1, index("{n: 1}"))
        self.assertIn("n_1 is in the way", self.migrate("plan", check=4).stderr)

    def test_a_refused_migration_hides_neither_those_before_nor_those_after(self):
        self.db.orders.update_many({}, {"$set": {"d": 1}})
        self.write(1, index("{n: 1}"))
        self.write(2, index("{d: 1}", ", unique: true"))
        self.write(3, index("{s: 1}"))
        said = self.migrate("plan", check=4)
        self.assertIn("MIGRATION 003", said.stdout)
        self.assertIn("orders.d_1 is unique", said.stderr)
        said = self.migrate("up", check=4).stderr
        self.assertIn("migration 002: refused before anything was built", said)
        self.assertIn("Applied before it, and they stay: 001", said)
        self.assertEqual(self.indexes(), {"n_1"})


class Refusals(Project):
    def test_outside_the_window_nothing_runs(self):
        self.write(1, index("{n: 1}"))
        now = datetime.datetime.now()
        later, end = ((now + datetime.timedelta(hours=hours)).strftime("%H:%M") for hours in (3, 5))
        said = self.migrate("up", "--window", f"{later}-{end}", check=4)
        self.assertIn(f"the window is {later}-{end}", said.stderr)
        self.assertEqual(self.indexes(), set())
        begin = (now - datetime.timedelta(hours=2)).strftime("%H:%M")
        self.migrate("up", "--window", f"{begin}-{end}")
        self.assertEqual(self.indexes(), {"n_1"})

    def test_lint_errors_stop_a_run_with_their_place(self):
        self.db.orders.insert_one({"_id": "arrays", "a": [1, 2], "b": [1, 2]})
        self.db.orders.delete_many({"_id": {"$type": "number"}})
        self.write(1, index("{n: 1}") + index("{a: 1, b: 1}"))
        said = self.migrate("up", check=4)
        self.assertRegex(said.stderr, r"001_x\.yaml:5:\d+: PARALLEL_ARRAYS")
        self.assertEqual(self.indexes(), set())
        error = self.json("up", check=4)["error"]
        self.assertEqual(error["details"]["problems"][0]["code"], "PARALLEL_ARRAYS")

    def test_unlock_says_who_holds_it(self):
        self.assertIn("nobody", self.migrate("unlock").stdout)
        self.write(1, index("{n: 1}"))
        self.migrate("up")
        soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=5)
        self.db["_plumb_lock"].update_one({"_id": "migration"}, {"$set": {
            "expires_at": soon, "holder": {"host": "elsewhere", "machine": "m", "process_id": 7, "process_start": 1,
                                           "run": "r", "tool": "t"}}})
        self.write(2, index("{s: 1}"))
        self.assertIn("elsewhere", self.migrate("up", check=4).stderr)
        self.assertIn("elsewhere", self.migrate("unlock", check=4).stderr)
        self.assertTrue(self.json("unlock", "--force")["taken"])
        self.migrate("up")


class Rolling(Project):
    def test_prints_the_steps_and_runs_nothing(self):
        self.write(1, index("{n: 1}"))
        self.migrate("up", "--rolling", check=None)
        self.assertEqual(self.indexes(), set())
        members = self.project / "members.yaml"
        members.write_text("members:\n" + "".join(
            f"  - {{name: 'db{n}:1', url: 'mongodb://db{n}:1', standalone_url: 'mongodb://db{n}:2', stop: 'false', "
            f"start_standalone: 'false', start: 'false'}}\n" for n in range(3)))
        rolling = ("--rolling", "--members", members)
        steps = "\n".join(self.json("up", *rolling, "--dry-run")["migrations"][0]["steps"])
        self.assertLess(steps.index("db0:1"), steps.index("db2:1"))
        self.assertIn("createIndexes", steps)
        self.assertEqual(self.indexes(), set())
        self.write(1, index("{n: 1}", ", unique: true"))
        self.migrate("run", "001", *rolling, "--dry-run", check=4)
        self.migrate("run", "001", "--members", members, check=2)
        members.write_text("members: []\n")
        self.migrate("run", "001", *rolling, check=2)


class Baseline(Project):
    def test_takes_files_as_applied_and_runs_nothing(self):
        self.write(1, index("{n: 1}"))
        self.write(2, index("{s: 1}"))
        self.write(3, index("{id: 1}"))
        self.migrate("baseline", "--to", "002")
        self.assertEqual(self.indexes(), set())
        rows = self.json("status")["migrations"]
        self.assertEqual([(row["state"], row.get("baseline")) for row in rows],
                         [("applied", True), ("applied", True), ("pending", None)])
        self.migrate("up")
        self.assertEqual(self.indexes(), {"id_1"})
        self.assertIn("baseline --forget 002", self.migrate("rollback", "002", check=4).stderr)
        self.migrate("down", "--all")
        self.assertEqual([row["state"] for row in self.json("status")["migrations"]],
                         ["applied", "applied", "rolled_back"])
        self.migrate("baseline", "--forget", "002")
        self.migrate("up")
        self.assertEqual(self.indexes(), {"s_1", "id_1"})

    def test_a_list_of_versions(self):
        self.write(1, index("{n: 1}"))
        self.write(2, index("{s: 1}"))
        self.assertEqual([each["version"] for each in self.json("baseline", "--versions", "2")["migrations"]], ["002"])
        self.migrate("baseline", "--versions", "1,9", check=2)
        self.migrate("up")
        self.assertEqual(self.indexes(), {"n_1"})

    def test_imports_the_changelog_of_migrate_mongo(self):
        day = datetime.datetime(2024, 5, 1)
        self.db.changelog.insert_many([
            {"fileName": "20240502090000-add_status_index.js", "appliedAt": day + datetime.timedelta(days=1)},
            {"fileName": "20240501090000-first.js", "appliedAt": day}])
        self.assertIn("would be", self.migrate("baseline", "--import", "migrate-mongo", "--dry-run").stdout)
        self.assertEqual(self.json("status")["migrations"], [])
        self.migrate("baseline", "--import", "migrate-mongo")
        rows = self.json("status")["migrations"]
        self.assertEqual([(row["version"], row["name"], row["state"]) for row in rows],
                         [("001", "first", "applied"), ("002", "add_status_index", "applied")])
        self.assertIn("20240501090000-first.js", self.migrate("history").stdout)
        self.write(3, index("{n: 1}"))
        self.migrate("up")
        self.assertEqual(self.indexes(), {"n_1"})

    def test_imports_the_change_log_of_mongock(self):
        at = datetime.datetime(2024, 5, 1)
        self.db.mongockChangeLog.insert_many([
            {"changeId": "system-change-00001", "author": "mongock", "timestamp": at, "state": "EXECUTED",
             "type": "EXECUTION", "systemChange": True},
            {"changeId": "client-initializer_before", "author": "a", "timestamp": at, "state": "EXECUTED",
             "type": "BEFORE_EXECUTION"},
            {"changeId": "client-initializer", "author": "a", "timestamp": at, "state": "EXECUTED", "type": "EXECUTION"},
            {"changeId": "broken", "author": "a", "timestamp": at, "state": "FAILED", "type": "EXECUTION"}])
        said = self.migrate("baseline", "--import", "mongock")
        self.assertIn("001 client_initializer: taken as applied, mongock: client-initializer by a", said.stdout)
        self.assertIn("broken by a (FAILED)", said.stderr)
        self.assertEqual(len(self.json("status")["migrations"]), 1)

    def test_a_file_that_is_not_the_change_of_its_number_stops_the_import(self):
        self.db.changelog.insert_one({"fileName": "1-first.js", "appliedAt": datetime.datetime(2024, 5, 1)})
        self.write(1, index("{n: 1}"), name="other")
        self.assertIn("begin after 001", self.migrate("baseline", "--import", "migrate-mongo", check=4).stderr)
        self.migrate("baseline", "--import", "flyway", check=2)


class Duplicates(Project):
    def setUp(self):
        super().setUp()
        self.db.users.insert_many([
            {"_id": 1, "id": "usr_1", "email": "a@x.in", "created_at": "2026-01-01"},
            {"_id": 2, "id": "usr_2", "email": "a@x.in", "created_at": "2025-01-01"},
            {"_id": 3, "id": "usr_3", "email": "b@x.in", "created_at": "2025-01-01"},
            {"_id": 4, "id": "usr_4"}, {"_id": 5, "id": "usr_5", "email": None}])
        self.write(1, index("{email: 1}", ", unique: true", "users"))

    def test_counts_what_the_index_would_refuse_and_says_what_a_rule_keeps(self):
        said = self.json("duplicates", "001", check=1)["indexes"][0]
        self.assertEqual((said["values"], said["documents"], said["surplus"]), (2, 4, 2))
        self.assertEqual(said["empty"], [{"field": "email", "missing": 1, "null": 1, "emptyText": 0}])
        kept = {each["value"]: each["keep"].split()[0] for each in said["listed"]}
        self.assertEqual(kept['"a@x.in"'], "usr_2")
        said = self.json("duplicates", "001", "--keep", "newest", check=1)["indexes"][0]
        self.assertEqual({each["value"]: each["keep"].split()[0] for each in said["listed"]}['"a@x.in"'], "usr_1")
        text = self.migrate("duplicates", "001", check=1).stdout
        self.assertIn("are one value to the server", text)
        self.assertEqual(self.db.users.count_documents({}), 5)

    def test_under_the_index_s_own_filter(self):
        self.write(1, index("{email: 1}", ", unique: true, partial: {email: {$gt: ''}}", "users"))
        said = self.json("duplicates", "001", check=1)["indexes"][0]
        self.assertEqual((said["values"], said["surplus"]), (1, 1))

    def test_a_written_migration_resolves_them_and_can_be_taken_back(self):
        self.migrate("up", check=4)
        before = list(self.db.users.find().sort("_id"))
        self.migrate("duplicates", "001", "--write", check=1)
        self.assertEqual(self.db.users.count_documents({}), 5)
        self.assertTrue((self.project / "migrations/002_resolve_duplicates_users_email_1.yaml").exists())
        self.migrate("run", "002")
        self.assertEqual(self.db.users.count_documents({}), 3)
        self.migrate("duplicates", "001")
        self.migrate("up")
        self.assertTrue(self.db.users.index_information()["email_1"]["unique"])
        self.migrate("rollback", "001")
        self.migrate("rollback", "002")
        self.assertEqual(list(self.db.users.find().sort("_id")), before)


class Progress(Project):
    def setUp(self):
        super().setUp()
        self.db.orders.insert_many({"_id": n, "n": n} for n in range(1000, 12500))
        self.write(1, "  - add_field: {collection: orders, field: a, value: 1}\n", head="allow: [DOWN_LOSES_DATA]\n")
        self.arguments = [BIN / "plumb", "migrate", "up", "--url", self.server.url, "--db", self.db.name,
                          "--throttle"]

    def test_off_a_terminal_a_line_every_few_seconds_with_the_time_left(self):
        done = subprocess.run([*self.arguments, "1500"], cwd=self.project, text=True, capture_output=True,
                              stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = [line for line in done.stderr.splitlines() if line.startswith("orders")]
        self.assertTrue(lines, done.stderr)
        self.assertLess(len(lines), 5)
        self.assertRegex(lines[0], r"orders .* left")

    def test_on_a_terminal_a_bar_with_the_time_left(self):
        ours, theirs = pty.openpty()
        process = subprocess.Popen([*self.arguments, "8000"], cwd=self.project, stdin=theirs, stdout=theirs,
                                   stderr=theirs)
        os.close(theirs)
        said = b""
        try:
            while chunk := os.read(ours, 4096):
                said += chunk
        except OSError:  # the other end is closed
            pass
        os.close(ours)
        self.assertEqual(process.wait(), 0)
        self.assertRegex(said.decode(), "█.*orders .* left")


class Aftermath(Project):
    def test_prune_asks_and_then_there_is_no_way_back(self):
        self.assertIn("nothing", self.migrate("prune").stdout)
        self.write(1, "  - remove_field: {collection: orders, field: s}\n")
        self.migrate("up")
        kept = self.json("prune", "--dry-run")["collections"]
        self.assertEqual([(each["version"], each["kind"], each["of"]) for each in kept],
                         [("001", "remove_field", "orders")])
        self.assertGreater(kept[0]["bytes"], 0)
        self.assertIn("--yes", self.migrate("prune", check=4).stderr)
        self.assertIn(kept[0]["collection"], self.db.list_collection_names())
        self.assertTrue(self.json("prune", "--yes")["dropped"])
        self.assertNotIn(kept[0]["collection"], self.db.list_collection_names())
        self.assertNotEqual(self.migrate("down", check=None).returncode, 0)
        self.assertEqual(self.db.orders.count_documents({"s": {"$exists": True}}), 0)
        self.assertIn("pruned", [each["event"] for each in self.json("history")["events"]])

    def half_way(self):
        """A migration whose second step fails, and whose way back fails too."""
        self.write(1, index("{n: 1}") + index("{s: 1}"))
        return self.migrate("up", "--fault", "migrate.after_operation=kill@1", check=None)

    def test_repair_explains_a_killed_run_and_settles_it_when_told(self):
        self.assertIn("nothing is half-way", self.migrate("repair").stdout)
        self.assertNotEqual(self.half_way().returncode, 0)
        said = self.migrate("repair", check=1).stdout
        for expected in ("001 x: applying", "n_1 is there", "repair --rollback 001", "repair --mark-applied 001"):
            self.assertIn(expected, said)
        self.assertEqual(self.indexes(), {"n_1"})            # explaining changed nothing
        unfinished = self.json("repair", check=1)["unfinished"][0]
        self.assertTrue(unfinished["anythingLeft"])
        self.migrate("repair", "--rollback", "001")
        self.assertEqual(self.indexes(), set())
        self.assertIn("nothing is half-way", self.migrate("repair").stdout)

    def test_repair_explains_a_rollback_that_failed(self):
        self.write(1, index("{n: 1}") + index("{s: 1}"))
        self.migrate("up", "--fault", "migrate.after_operation=fail@2", "--fault", "migrate.before_operation=fail@3",
                     check=6)
        said = self.migrate("repair", check=1).stdout
        self.assertIn("001 x: failed", said)
        self.assertIn("taking it back failed", said)
        self.assertIn("n_1 is there", said)
        self.assertIn("repair", self.migrate("status", check=1).stdout)
        self.migrate("repair", "--rollback", "001")
        self.assertEqual(self.indexes(), set())

    def test_repair_can_resume_or_accept(self):
        self.half_way()
        self.migrate("repair", "--resume", "001")
        self.assertEqual(self.indexes(), {"n_1", "s_1"})
        self.migrate("down")
        self.half_way()
        self.migrate("repair", "--mark-rolled-back", "001")
        self.assertEqual(self.json("status")["migrations"][0]["state"], "rolled_back")
        self.assertEqual(self.indexes(), {"n_1"})
        self.migrate("repair", "--mark-applied", "001", check=2)
        self.migrate("repair", "--rollback", "001", "--resume", "001", check=2)

    def test_redo_goes_back_and_forth(self):
        self.migrate("redo", check=2)
        self.write(1, index("{n: 1}"))
        self.migrate("up")
        self.migrate("redo")
        self.assertEqual(self.indexes(), {"n_1"})
        events = [each["event"] for each in self.json("history")["events"]]
        self.assertEqual(events.count("applied"), 2)


if __name__ == "__main__":
    unittest.main()
