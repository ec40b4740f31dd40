# SPDX-License-Identifier: GPL-3.0-or-later
"""plumb advise: from each source the same shapes, and what an honest look at the shop must find."""
import json
import shutil
import tempfile
import unittest
from pathlib import Path

from plumbd import ROOT, Plumbd, plumb

PROJECT = ROOT / "projects/earlybird"
SAMPLES = ROOT / "tests/conformance/samples"
BACKEND = '''
async def me(user_id):
    return await db.users.find_one({"id": user_id})

async def history(user_id, page):
    return await db.orders.find({"user_id": user_id}).sort("delivery_date", -1).limit(20).to_list(20)

async def confirm(order_id):
    await db.orders.update_one({"id": order_id}, {"$set": {"status": "confirmed"}})
'''


class Advise(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Plumbd().start()
        cls.folder = tempfile.TemporaryDirectory()
        cls.db = cls.server.client().earlybird
        cls.plumb("generate", "--scale", 5000, "--faults", "0")

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()
        cls.folder.cleanup()

    @classmethod
    def plumb(cls, *arguments, project=PROJECT, check=0):
        return plumb(*arguments, "--url", cls.server.url, "--db", "earlybird", "--project", project,
                     cwd=cls.folder.name, check=check)

    def advise(self, *arguments, **options):
        return json.loads(self.plumb("advise", "--json", "--quiet", *arguments, **options).stdout)

    @staticmethod
    def keys(advice, what):
        return {(index["collection"], *index["key"].items())
                for index in advice["indexes"] if index["what"] == what}

    @staticmethod
    def found(advice):
        return {(finding["code"], finding["about"]) for finding in advice["findings"]}

    def test_finds_what_the_declared_workload_needs(self):
        advice = self.advise("--max-total", 18)
        added = self.keys(advice, "add")
        self.assertIn(("orders", ("id", 1)), added)
        self.assertIn(("delivery_statuses", ("id", 1)), added)
        self.assertIn(("users", ("email", 1)), added)
        self.assertIn(("orders", ("user_id", 1), ("delivery_date", -1)), added)
        self.assertNotIn(("orders", ("user_id", 1)), added)
        self.assertLessEqual(len(added), 18)
        self.assertLess(advice["cost_after_us"], advice["cost_before_us"] / 3)
        found = self.found(advice)
        self.assertIn(("low_selectivity", "Q12"), found)
        self.assertIn(("low_selectivity", "Q4"), found)
        self.assertIn(("unindexed_update", "Q24"), found)
        self.assertIn(("missing_index", "Q1"), found)

    def test_gives_the_same_advice_for_the_same_inputs(self):
        self.assertEqual(self.advise(), self.advise())

    def test_writes_nothing(self):
        writes = lambda: self.db.client.admin.command("serverStatus")["metrics"]["document"]
        before = {name: writes()[name] for name in ("inserted", "updated", "deleted")}
        collections = set(self.db.list_collection_names())
        self.advise()
        self.assertEqual(before, {name: writes()[name] for name in before})
        self.assertEqual(collections, set(self.db.list_collection_names()))

    def test_judges_the_indexes_of_step_30(self):
        self.plumb("migrate", "run", "003")
        try:
            advice = self.advise()
        finally:
            self.plumb("migrate", "rollback", "003")
        found = self.found(advice)
        self.assertIn(("redundant_index", "user_id_1"), found)
        self.assertIn(("sort_in_memory", "Q5"), found)
        self.assertIn(("write_amplification", "Q24"), found)
        self.assertIn(("unindexed_update", "Q24"), found)
        self.assertIn(("orders", ("user_id", 1)), self.keys(advice, "drop"))
        self.assertIn(("users", ("email", 1)), self.keys(advice, "keep"))
        self.assertIn(("orders", ("id", 1)), self.keys(advice, "add"))

    def test_says_that_a_constant_never_matches(self):
        project = Path(self.folder.name) / "misspelt"
        shutil.copytree(PROJECT, project)
        workload = project / "workload.yaml"
        workload.write_text(workload.read_text().replace("status: delivered", "status: DELIVERED"))
        found = self.found(self.advise(project=project))
        self.assertIn(("never_matches", "Q7"), found)
        self.assertNotIn(("never_matches", "Q7"), self.found(self.advise()))

    def test_limits_are_kept(self):
        advice = self.advise("--max-indexes", 1)
        per_collection = {}
        for collection, *_ in self.keys(advice, "add"):
            per_collection[collection] = per_collection.get(collection, 0) + 1
        self.assertEqual(set(per_collection.values()), {1})

    def test_a_server_log_and_profiler_documents_give_the_same_shapes(self):
        def shapes(*source):
            lines = self.plumb("advise", *source, "--list-shapes").stdout.splitlines()[1:]
            return sorted((line.split()[0], line.split()[1]) for line in lines if line.strip())
        log = shapes("--from-log", SAMPLES / "mongod-4.2.log")
        profile = shapes("--from-profile-export", SAMPLES / "profile.jsonl")
        self.assertGreater(len(log), 20)
        self.assertEqual(log, profile)

    def test_source_code_gives_a_first_workload(self):
        folder = Path(self.folder.name) / "backend"
        folder.mkdir()
        (folder / "api.py").write_text(BACKEND)
        listed = self.plumb("advise", "--from-source", folder, "--list-shapes").stdout
        self.assertIn("find orders {user_id: =} sort: {delivery_date: -1} limit: n", listed)
        self.assertIn("api.py:6", listed)
        self.assertEqual(self.keys(self.advise("--from-source", folder), "add"),
                         {("users", ("id", 1)), ("orders", ("id", 1)),
                          ("orders", ("user_id", 1), ("delivery_date", -1))})

    def test_the_profiler_of_a_run_is_a_source(self):
        self.db.command("profile", 2)
        for user in self.db.users.find({}, limit=20):
            self.db.orders.find_one({"id": user["id"]})
            list(self.db.orders.find({"user_id": user["id"]}).sort("delivery_date", -1).limit(20))
        self.db.command("profile", 0)
        added = self.keys(self.advise("--from-profile"), "add")
        self.assertIn(("orders", ("id", 1)), added)
        self.assertIn(("orders", ("user_id", 1), ("delivery_date", -1)), added)

    def test_the_strategy_it_writes_can_be_verified(self):
        project = Path(self.folder.name) / "advised"
        shutil.copytree(PROJECT, project)
        self.advise("--write-strategy", project / "strategy.yaml",
                    "--write-document", project / "STRATEGY.md")
        report = json.loads(self.plumb("verify", "--all", "--json", project=project, check=1).stdout)
        self.assertGreater(report["counts"]["missing"], 10)
        self.assertIn("## Indexes", (project / "STRATEGY.md").read_text())

    def test_a_log_that_is_not_there_is_named(self):
        failed = self.plumb("advise", "--from-log", "/nowhere.log", check=None)
        self.assertNotEqual(failed.returncode, 0)
        self.assertIn("/nowhere.log", failed.stderr)


if __name__ == "__main__":
    unittest.main()
