# SPDX-License-Identifier: GPL-3.0-or-later
"""The other projects of projects/: they can be filled, migrated and measured, and the advice on them
is sensible: close to the best of all sets of indexes, cheaper than the strategy a team wrote by hand.
"""
import json
import tempfile
import unittest

from plumbd import ROOT, Plumbd, plumb

PROJECTS = {
    "recipes": {
        "wanted": {("recipes", "id"), ("recipes", "tags"), ("recipes", "cook_id"), ("cooks", "email"),
                   ("recipes", "published_at")},
        "arrays": ("recipes", "tags"),
    },
    "telemetry": {
        "wanted": {("readings", "device_id"), ("rollups", "device_id"), ("devices", "id")},
        "arrays": None,
    },
}


class Projects(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Plumbd().start()
        cls.folder = tempfile.TemporaryDirectory()
        for name in PROJECTS:
            cls.plumb(name, "generate")

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
            self.plumb(name, "generate", "--drop")
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

    def test_every_query_can_be_measured(self):
        for name in PROJECTS:
            rows = json.loads(self.plumb(name, "bench", "--json", "--quiet", "--samples", 2,
                                         "--time-limit", "0.02").stdout)["rows"]
            self.assertGreater(len(rows), 10)
            self.assertFalse([row for row in rows if row.get("error")], name)


if __name__ == "__main__":
    unittest.main()
