# SPDX-License-Identifier: GPL-3.0-or-later
"""plumb runbook: the checklist with this database's figures, before and after a rehearsal."""
import json
import shutil
import tempfile
import unittest
from pathlib import Path

from plumbd import ROOT, Plumbd, plumb

DONE, USAGE = 0, 2


class Runbook(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Plumbd().start()
        cls.folder = Path(tempfile.mkdtemp(prefix="plumb-runbook-"))
        cls.project = cls.folder / "earlybird"
        shutil.copytree(ROOT / "projects/earlybird", cls.project)
        cls.base = ["--url", cls.server.url, "--project", cls.project]
        plumb(*cls.base, "generate", "--scale", "1000", "--faults", "0", "--before-migrations",
              cwd=cls.folder, check=DONE)

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        shutil.rmtree(cls.folder)

    def steps(self, *arguments):
        done = plumb(*self.base, "--json", "runbook", *arguments, cwd=self.folder, check=DONE)
        sections = json.loads(done.stdout)["sections"]
        return {section["name"]: section["steps"] for section in sections}

    def test_figures_come_from_this_database_and_from_the_rehearsal(self):
        before = self.steps()
        self.assertEqual(list(before), ["window", "forecast", "run", "checks", "back", "watch", "abort"])
        orders = next(step for step in before["checks"] if step["text"].startswith("orders:"))
        self.assertIn("1 before; 1 000 documents", orders["text"])
        back = next(step for step in before["back"] if step["text"].startswith("Time of the way back"))
        self.assertIn("not recorded", back["source"])
        self.assertIn("rehearse`", back["source"])
        plumb(*self.base, "-q", "rehearse", cwd=self.folder)
        after = self.steps("--window", "02:00-05:00")
        back = next(step for step in after["back"] if step["text"].startswith("Time of the way back"))
        self.assertIn("in the rehearsal", back["text"])
        self.assertIn("rehearsal of", back["source"])
        up = next(step for step in after["run"] if step["text"] == "Migrate")
        self.assertTrue(up["command"].endswith("migrate up --window 02:00-05:00"))

        # What the runbook says has to be there is there once its command has run.
        expected = {step["text"].split(":")[0]: int(step["text"].split(": ")[1].split(" ")[0])
                    for step in after["checks"] if " before; " in step["text"]}
        plumb(*self.base, "migrate", "up", cwd=self.folder, check=DONE)
        database = self.server.client().earlybird
        found = {name: len(list(database[name].list_indexes())) for name in expected}
        self.assertEqual(found, expected)
        done = plumb(*self.base, "runbook", cwd=self.folder, check=DONE)
        self.assertIn("nothing to deploy", done.stdout)

    def test_owners_of_the_project_are_named(self):
        file = self.project / "plumbline.yaml"
        others = [line for line in file.read_text().splitlines() if not line.startswith("watch:")]
        file.write_text("\n".join([*others, "owners: {watch: Asha, abort: Ravi}",
                                   "deploy: {window: 01:00-02:00}", "watch: {for: 24h}", ""]))
        text = plumb(*self.base, "--db", "another", "runbook", cwd=self.folder, check=DONE).stdout
        for wanted in ("Asha watches", "Ravi decides", "01:00-02:00 local time", "For 24h",
                       "--db another migrate up"):
            self.assertIn(wanted, text)
        out = self.folder / "runbook.md"
        plumb(*self.base, "--db", "another", "runbook", "--out", out, cwd=self.folder, check=DONE)
        self.assertIn("- [ ] Asha watches", out.read_text())

    def test_wrong_window_is_refused(self):
        plumb(*self.base, "runbook", "--window", "25:00-26:00", cwd=self.folder, check=USAGE)


if __name__ == "__main__":
    unittest.main()
