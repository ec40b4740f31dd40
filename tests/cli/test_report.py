# SPDX-License-Identifier: GPL-3.0-or-later
"""plumb report: one file that needs no network, and a gate for CI that sees a dropped index."""
import json
import re
import tempfile
import unittest
from html.parser import HTMLParser
from pathlib import Path

from plumbd import ROOT, Plumbd, plumb

PROJECT = ROOT / "projects/earlybird"
QUICK = ("--samples", 10, "--time-limit", "0.05")


class Loads(HTMLParser):
    """Collects what a browser would fetch."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        if tag in ("script", "link", "iframe", "object", "embed", "img", "base", "form"):
            self.found.append(tag)
        for name, value in attrs:
            if name in ("src", "href", "srcset", "action", "data", "poster", "background", "xlink:href"):
                self.found.append(f"{tag} {name}={value}")
            if name.startswith("on"):
                self.found.append(f"{tag} {name}")


class Report(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Plumbd().start()
        cls.folder = tempfile.TemporaryDirectory()
        cls.run_plumb("generate", "--scale", 2000, "--faults", 0)
        cls.run_plumb("bench", "--before", *QUICK)
        cls.run_plumb("bench", "--before", "--mixed", 0.5)
        cls.run_plumb("migrate", "run", "003")
        cls.run_plumb("migrate", "rollback", "003")
        cls.run_plumb("migrate", "run", "003")
        cls.run_plumb("bench", "--after", *QUICK)
        cls.run_plumb("bench", "--after", "--mixed", 0.5)
        cls.run_plumb("bench", "--writes", "--documents", 500, "--rounds", 2)
        cls.run_plumb("report", "--out", "report.html")
        cls.page = Path(cls.folder.name, "report.html").read_text()
        cls.data = json.loads(Path(cls.folder.name, "report.json").read_text())

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()
        cls.folder.cleanup()

    @classmethod
    def run_plumb(cls, *arguments, check=0):
        return plumb(*arguments, "--url", cls.server.url, "--db", "earlybird", "--project", PROJECT,
                     cwd=cls.folder.name, check=check)

    def test_page_loads_nothing(self):
        loads = Loads()
        loads.feed(self.page)
        self.assertEqual(loads.found, [])
        style = re.search(r"<style>(.*?)</style>", self.page, re.S).group(1)
        self.assertNotRegex(style, r"url\(|@import|@font-face")
        self.assertNotRegex(self.page, r"https?://")

    def test_every_section_is_there(self):
        for heading in ("Promises and verdicts", "Before and after", "Plans", "Indexes", "Resources",
                        "The workload as a whole", "What writes cost", "Migrations", "All figures of a call",
                        "Environment", "How to reproduce"):
            self.assertRegex(self.page, rf"<h[23]>{heading}</h[23]>")
        self.assertEqual(len(self.data["summary"]), 5)

    def test_nothing_is_shown_that_was_not_recorded(self):
        for heading in ("Rehearsal", "Watch"):
            self.assertNotIn(f"<h2>{heading}</h2>", self.page)

    def test_every_promise_has_a_verdict_and_a_missed_one_its_reason(self):
        promises = {each["name"]: each for each in self.data["comparison"]["promises"]}
        self.assertEqual(set(promises), {"database CPU", "network", "writes", "size of each index",
                                         "size of all indexes", "memory of the indexes", "rollback", "scale"})
        for promise in [*promises.values(), *self.data["comparison"]["rows"]]:
            if promise["verdict"] in ("missed", "not measured"):
                self.assertTrue(promise["reasons"], promise)
        self.assertEqual(promises["rollback"]["verdict"], "met")
        self.assertEqual(promises["scale"]["verdict"], "not measured")
        for name in ("database CPU", "network", "writes"):
            ratio = promises[name]["ratio"]
            self.assertLessEqual(ratio["low"], ratio["point"])
            self.assertGreaterEqual(ratio["high"], ratio["point"])

    def test_writes_and_mixed_runs_are_in_the_data(self):
        orders = next(each for each in self.data["writes"]["collections"] if each["name"] == "orders")
        insert = next(each for each in orders["rows"] if each["kind"] == "insert")
        self.assertEqual([level["indexes"] for level in insert["levels"]], [0, 1, 2, 3, 4])
        self.assertEqual(len(self.data["mixed"]["before"]), 1)
        self.assertGreater(self.data["mixed"]["after"][0]["throughput"], 0)

    def test_a_rehearsal_of_another_database_is_left_out(self):
        Path(self.folder.name, ".plumbline/watch").mkdir(parents=True, exist_ok=True)
        summary = Path(self.folder.name, ".plumbline/watch/summary.json")
        summary.write_text(json.dumps({"schema": 1, "database": "another", "recommendation": "keep"}))
        self.run_plumb("report", "--out", "other.html")
        self.assertNotIn("<h2>Watch</h2>", Path(self.folder.name, "other.html").read_text())
        summary.write_text(json.dumps({
            "schema": 1, "database": "earlybird", "samples": 7, "recommendation": "keep", "reasons": ["all well"],
            "checklist": [{"title": "reports <1 s", "promised": "", "measured": "3 ms", "verdict": "met",
                           "evidence": "bench"}]}))
        self.run_plumb("report", "--out", "other.html")
        summary.unlink()
        page = Path(self.folder.name, "other.html").read_text()
        self.assertIn("<h2>Watch</h2>", page)
        self.assertIn("reports &lt;1", page)

    def test_a_dropped_index_fails_the_diff(self):
        recorded = Path(self.folder.name, ".plumbline/bench/after.json")
        earlier = Path(self.folder.name, "monday.json")
        earlier.write_bytes(recorded.read_bytes())
        again = self.run_plumb("report", "--diff", earlier, earlier)
        self.assertIn("no regression", again.stdout)
        database = self.server.client().earlybird
        database.delivery_statuses.drop_index("order_id_1")
        try:
            self.run_plumb("bench", "--after", "--only", "Q17", *QUICK)
            said = self.run_plumb("report", "--diff", earlier, recorded, "--tolerance", 10, check=1)
            self.assertRegex(said.stdout, r"Q17 +examines [\d ]+ documents instead of")
            self.assertIn("index order_id_1 is gone; used by Q17", said.stdout)
            machine = json.loads(self.run_plumb("report", "--diff", earlier, recorded, "--json", check=1).stdout)
            self.assertIn("Q17", {each["id"] for each in machine["regressions"]})
        finally:
            database.delivery_statuses.create_index("order_id")
            recorded.write_bytes(earlier.read_bytes())


if __name__ == "__main__":
    unittest.main()
