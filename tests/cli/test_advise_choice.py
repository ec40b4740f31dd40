# SPDX-License-Identifier: GPL-3.0-or-later
"""plumb advise: which variant of an index is chosen, within which limits, and against a written set."""
import json
import tempfile
import unittest
from pathlib import Path

from plumbd import ROOT, Plumbd, plumb

PROJECT = ROOT / "projects/earlybird"

# A project of nothing but queries that are special in some way, on a collection of parcels.
WORKLOAD = '''
schema: 1
about: special queries
seed: 3
today: 2026-01-27
parameters:
  parcel: {sample: parcels}
queries:
  - id: mixed_sort
    title: two directions
    frequency: 50
    command: {find: parcels, filter: {}, sort: {day: -1, weight: 1}, limit: 20}
  - id: long_list
    title: a large list
    frequency: 50
    command:
      find: parcels
      filter: {depot: "{{parcel.depot}}", code: {$in: [%s]}}
      sort: {sent: 1}
      limit: 20
  - id: either
    title: an $or
    frequency: 50
    command: {find: parcels, filter: {$or: [{id: "{{parcel.id}}"}, {parent: "{{parcel.id}}"}]}}
  - id: joined
    title: a $lookup
    frequency: 5
    command:
      aggregate: parcels
      pipeline:
        - {$match: {depot: "{{parcel.depot}}"}}
        - {$lookup: {from: people, localField: owner, foreignField: badge, as: who}}
      cursor: {}
  - id: lost
    title: constant condition
    frequency: 50
    command: {find: parcels, filter: {state: lost, owner: "{{parcel.owner}}"}}
  - id: damaged
    title: what has the field
    frequency: 50
    command: {find: parcels, filter: {damage: {$exists: true}}}
  - id: arrive
    title: new parcels
    frequency: 2000
    command: {insert: parcels, documents: [{id: "new"}]}
'''


def parcels():
    for at in range(6000):
        parcel = {"_id": at, "id": f"p{at}", "parent": f"p{at // 3}", "day": at * 7919 % 400,
                  "weight": at * 31 % 977, "depot": at % 40, "code": at * 17 % 5000, "sent": at * 101 % 6007,
                  "owner": at % 300, "state": "lost" if at % 50 == 0 else "done", "text": "x" * 400}
        if at % 97 == 0:
            parcel["damage"] = "dented"
        yield parcel


class Choice(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Plumbd().start()
        cls.folder = tempfile.TemporaryDirectory()
        client = cls.server.client()
        client.special.parcels.insert_many(parcels())
        client.special.people.insert_many({"_id": at, "badge": at, "name": "n" * 200} for at in range(3000))
        cls.special = Path(cls.folder.name) / "special"
        cls.special.mkdir()
        (cls.special / "plumbline.yaml").write_text("name: special\n")
        (cls.special / "workload.yaml").write_text(
            WORKLOAD % ", ".join(str(at * 20) for at in range(250)))
        cls.plumb("earlybird", PROJECT, "generate", "--scale", 5000, "--faults", "0")

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()
        cls.folder.cleanup()

    @classmethod
    def plumb(cls, database, project, *arguments, check=0):
        return plumb(*arguments, "--url", cls.server.url, "--db", database, "--project", project,
                     cwd=cls.folder.name, check=check)

    def advise(self, *arguments, database="earlybird", project=PROJECT):
        return json.loads(self.plumb(database, project, "advise", "--json", "--quiet", *arguments).stdout)

    def added(self, advice):
        return {(index["collection"], *index["key"].items()): index
                for index in advice["indexes"] if index["what"] == "add"}

    def test_each_special_query_gets_the_index_that_it_needs(self):
        advice = self.advise(database="special", project=self.special)
        added = self.added(advice)
        serving = {label: key for key, index in added.items() for label in index["serves"]}
        self.assertEqual(serving["mixed_sort"], ("parcels", ("day", 1), ("weight", -1)))
        self.assertEqual(serving["long_list"][1:3], (("depot", 1), ("sent", 1)))
        self.assertIn(("parcels", ("id", 1)), added)
        self.assertIn(("parcels", ("parent", 1)), added)
        self.assertEqual(serving["joined/people"], ("people", ("badge", 1)))
        self.assertEqual(added[serving["lost"]].get("partial"), {"state": "lost"})
        damaged = added[serving["damaged"]]
        self.assertTrue(damaged.get("sparse") or damaged.get("partial") == {"damage": {"$exists": True}})

    def test_the_engine_uses_what_was_chosen(self):
        """What is forecast is what explain says once the indexes are there."""
        db = self.server.client().special
        advice = self.advise(database="special", project=self.special)
        names = {}
        for key, index in self.added(advice).items():
            options = {"sparse": True} if index.get("sparse") else {}
            if index.get("partial"):
                options["partialFilterExpression"] = index["partial"]
            name = db[key[0]].create_index(list(key[1:]), **options)
            names.update({label: name for label in index["serves"]})
        commands = {"mixed_sort": {"find": "parcels", "filter": {}, "sort": {"day": -1, "weight": 1}, "limit": 20},
                    "lost": {"find": "parcels", "filter": {"state": "lost", "owner": 50}},
                    "damaged": {"find": "parcels", "filter": {"damage": {"$exists": True}}}}
        forecast = {query["label"]: query["after"] for query in advice["queries"]}
        try:
            for label, command in commands.items():
                explained = db.command("explain", command, verbosity="executionStats")
                self.assertIn(names[label], json.dumps(explained["queryPlanner"]["winningPlan"], default=str))
                examined = explained["executionStats"]["totalDocsExamined"]
                if label == "lost":
                    continue  # the forecast is that of an average owner
                self.assertAlmostEqual(forecast[label]["docs_examined"], examined, delta=max(3, examined * 0.3))
        finally:
            db.parcels.drop_indexes()
            db.people.drop_indexes()

    def test_the_advice_costs_less_than_the_written_strategy_with_no_more_indexes(self):
        for priority, count in ((1, 12), (0, 18)):
            against = self.advise("--max-total", count, "--against", PROJECT / "strategy.yaml",
                                  "--against-priority", priority)["against"]
            self.assertEqual(against["document"]["indexes"], count)
            self.assertLessEqual(against["advice"]["indexes"], count)
            self.assertLess(against["advice"]["cost_us"], against["document"]["cost_us"])
        queries = {query["label"]: query for query in against["queries"]}
        self.assertEqual(queries["Q24"]["document"]["index"], "scan")
        self.assertTrue(queries["Q5"]["document"]["sorts_in_memory"])
        self.assertFalse(queries["Q5"]["advice"]["sorts_in_memory"])

    def test_limits_are_kept_together(self):
        self.assertEqual(len(self.added(self.advise("--max-total", 5))), 5)
        free = self.advise()
        bound = self.advise("--max-write-overhead", 3)
        upkeep = lambda advice, name: sum(index["upkeep_us_a_minute"] for index in advice["indexes"]
                                          if index["collection"] == name)
        self.assertLess(upkeep(bound, "orders"), upkeep(free, "orders"))
        writes = {"orders": (50 + 40) * 60}
        self.assertLessEqual(upkeep(bound, "orders"), 0.03 * writes["orders"] * 1.001)

    def test_priorities_follow_the_gain_in_the_whole_workload(self):
        advice = self.advise()
        for index in advice["indexes"]:
            self.assertEqual(index["priority"], 1 if index["gain_share_of_workload"] >= 0.01 else 2)
        self.assertIn(2, {index["priority"] for index in advice["indexes"]})

    def test_climbing_is_near_the_exact_choice_in_every_project(self):
        asked = {"earlybird": PROJECT, "special": self.special}
        for project in sorted(ROOT.glob("projects/*/data.yaml")):
            name = project.parent.name
            asked[name] = project.parent
            self.plumb(name, project.parent, "generate", "--scale", 3000)
        for name, project in asked.items():
            exact, climbed = (self.advise("--selection", method, database=name, project=project)["cost_after_us"]
                              for method in ("exact", "climb"))
            self.assertLessEqual(climbed, exact * 1.05, name)

    def test_explains_one_query(self):
        text = self.plumb("earlybird", PROJECT, "advise", "--explain", "Q9").stdout
        for part in ("order history by status", "distinct", "most frequent", "a scan would be",
                     "chosen, and the cheapest", "µs a call against"):
            self.assertIn(part, text)
        explained = self.advise("--explain", "Q9")
        self.assertTrue(any(each["chosen"] for each in explained["considered"]))
        self.assertEqual([field["path"] for field in explained["fields"]],
                         ["status", "user_id", "delivery_date"])
        failed = self.plumb("earlybird", PROJECT, "advise", "--explain", "Q99", check=None)
        self.assertNotEqual(failed.returncode, 0)
        self.assertIn("Q24", failed.stderr)

    def test_the_same_inputs_give_the_same_bytes(self):
        files = [Path(self.folder.name) / name for name in ("a.yaml", "b.yaml", "a.md", "b.md")]
        outputs = [self.plumb("earlybird", PROJECT, "advise", "--json", "--quiet", "--max-total", "12",
                              "--write-strategy", files[run], "--write-document", files[run + 2]).stdout
                   for run in range(2)]
        self.assertEqual(*outputs)
        self.assertEqual(files[0].read_bytes(), files[1].read_bytes())
        self.assertEqual(files[2].read_bytes(), files[3].read_bytes())

    def test_statistics_are_in_the_json(self):
        fields = {field["path"]: field for field in self.advise()["statistics"]["users"]["fields"]}
        self.assertEqual(fields["role"]["top"][0]["value"], "customer")
        self.assertAlmostEqual(fields["role"]["distinct"], 5, delta=0.5)
        self.assertEqual(fields["email"]["top"], [])


if __name__ == "__main__":
    unittest.main()
