# SPDX-License-Identifier: GPL-3.0-or-later
"""The other projects of projects/: they can be filled, migrated and measured, and the advice on them
is sensible: close to the best of all sets of indexes, cheaper than the strategy a team wrote by hand.
"""
import json
import shutil
import tempfile
import unittest
from pathlib import Path

from plumbd import ROOT, Plumbd, plumb

PROJECTS = {
    "recipes": {
        "scale": 6000,
        "wanted": {("recipes", "id"), ("recipes", "tags"), ("recipes", "cook_id"), ("cooks", "email"),
                   ("recipes", "published_at")},
    },
    "telemetry": {
        "scale": 15000,
        "wanted": {("readings", "device_id"), ("rollups", "device_id"), ("devices", "id")},
    },
}


class Projects(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Plumbd().start()
        cls.folder = tempfile.TemporaryDirectory()
        for name in PROJECTS:
            cls.plumb(name, "generate", "--scale", PROJECTS[name]["scale"])

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()
        cls.folder.cleanup()

    @classmethod
    def plumb(cls, name, *arguments, check=0):
        return plumb(*arguments, "--url", cls.server.url, "--project", ROOT / "projects" / name,
                     cwd=cls.folder.name, check=check)

    def advise(self, name, *arguments):
        return json.loads(self.plumb(name, "advise", "--json", "--quiet", *arguments).stdout)

    def keys(self, advice):
        return {(index["collection"], *index["key"].items())
                for index in advice["indexes"] if index["what"] == "add"}

    def test_the_data_is_the_same_every_time(self):
        for name in PROJECTS:
            database = self.server.client()[name]
            before = {each: list(database[each].find().limit(50).sort("_id", 1))
                      for each in database.list_collection_names()}
            refused = self.plumb(name, "generate", check=4)
            self.assertIn("--drop", refused.stderr)
            self.plumb(name, "generate", "--drop", "--scale", PROJECTS[name]["scale"])
            for each, documents in before.items():
                self.assertEqual(list(database[each].find().limit(50).sort("_id", 1)), documents)

    def test_every_wanted_look_up_gets_an_index(self):
        for name, expected in PROJECTS.items():
            keys = self.keys(self.advise(name))
            self.assertLessEqual(expected["wanted"], {(key[0], key[1][0]) for key in keys}, name)

    def test_no_key_holds_two_arrays(self):
        for collection, *fields in self.keys(self.advise("recipes")):
            paths = [path for path, _ in fields]
            self.assertFalse("tags" in paths and any(path.startswith("comments") for path in paths),
                             (collection, fields))

    def test_the_choice_is_close_to_the_best_of_all_sets(self):
        for name in PROJECTS:
            best = self.advise(name, "--selection", "exact")["cost_after_us"]
            for method in ("auto", "climb"):
                chosen = self.advise(name, "--selection", method)["cost_after_us"]
                self.assertLessEqual(chosen, best * 1.05, (name, method))

    def test_it_is_cheaper_than_what_the_team_wrote_with_no_more_indexes(self):
        for name in PROJECTS:
            against = self.advise(
                name, "--against", ROOT / "projects" / name / "strategy.yaml")["against"]
            self.assertLess(against["advice"]["cost_us"], against["document"]["cost_us"], name)
            self.assertLessEqual(against["advice"]["indexes"], against["document"]["indexes"], name)

    def test_the_flaws_of_the_strategies_are_named(self):
        for name, index in (("recipes", "tags_1"), ("telemetry", "device_id_1")):
            self.plumb(name, "migrate", "up")
            try:
                found = {(finding["code"], finding["about"])
                         for finding in self.advise(name)["findings"]}
                self.assertIn(("redundant_index", index), found)
            finally:
                self.plumb(name, "migrate", "down", "--last")
        found = {finding["code"] for finding in self.advise("telemetry")["findings"]}
        self.assertIn("ttl_on_non_date", found)

    def test_the_advised_set_is_written_as_a_migration_that_up_applies(self):
        project = Path(self.folder.name) / "written"
        shutil.copytree(ROOT / "projects/recipes", project)
        (project / "migrations/001_first_indexes.yaml").unlink()

        def run(*arguments):
            return plumb(*arguments, "--url", self.server.url, "--project", project,
                         cwd=self.folder.name, check=0)
        added = self.keys(json.loads(
            run("advise", "--json", "--quiet", "--write", "--write-strategy",
                project / "strategy.yaml").stdout))
        written = project / "migrations/001_advised_indexes.yaml"
        text = written.read_text()
        again = run("advise", "--write")
        self.assertIn("says this already", again.stderr)
        self.assertEqual(written.read_text(), text)
        self.assertEqual(len(list((project / "migrations").glob("*.yaml"))), 1)
        run("migrate", "lint")
        run("migrate", "up")
        database = self.server.client().recipes
        there = {(name, *index["key"])
                 for name in ("recipes", "cooks")
                 for index in database[name].index_information().values()}
        self.assertLessEqual(added, there)
        run("verify")
        self.assertIn("every advised index", run("advise", "--write").stderr)
        run("migrate", "down", "--last")

    def test_what_the_advice_drops_goes_only_if_that_is_asked_for(self):
        project = Path(self.folder.name) / "dropping"
        shutil.copytree(ROOT / "projects/telemetry", project)

        def run(*arguments):
            return plumb(*arguments, "--url", self.server.url, "--project", project,
                         cwd=self.folder.name, check=0)
        run("migrate", "up")
        run("advise", "--write")
        kept = (project / "migrations/002_advised_indexes.yaml").read_text()
        self.assertIn("# Not dropped here", kept)
        self.assertNotIn("drop_indexes", kept)
        (project / "migrations/002_advised_indexes.yaml").unlink()
        run("advise", "--write", "--write-drops")
        readings = self.server.client().telemetry.readings
        before = set(readings.index_information())
        run("migrate", "up")
        after = set(readings.index_information())
        self.assertIn("device_id_1", before)
        self.assertNotIn("device_id_1", after)
        self.assertIn("expires_at_1", after)
        run("migrate", "down", "--last")
        self.assertEqual(set(readings.index_information()), before)
        run("migrate", "down", "--last")

    def test_every_query_can_be_measured(self):
        for name in PROJECTS:
            rows = json.loads(self.plumb(name, "bench", "--json", "--quiet", "--samples", 2,
                                         "--time-limit", "0.02").stdout)["rows"]
            self.assertGreater(len(rows), 10)
            self.assertFalse([row for row in rows if row.get("error")], name)


if __name__ == "__main__":
    unittest.main()
