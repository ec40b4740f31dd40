# SPDX-License-Identifier: GPL-3.0-or-later
"""plumb advise: one workload from five sources, saved without its values, read from a damaged log.

What may differ between sources is said in docs/capture.md: figures (source code has none), and that
source code cannot know how long a list is that is made at run time.
"""
import gzip
import json
import random
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from plumbd import BIN, ROOT, Plumbd, plumb
from replica_set import ReplicaSet

PROJECT = ROOT / "projects/earlybird"
SOURCE = ROOT / "tests/data/earlybird_source"
SAMPLES = ROOT / "tests/conformance/samples"
COUNTS = ("calls", "batches", "keysExamined", "docsExamined", "returned", "sortsInMemory")


class Sources(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Plumbd(arguments=["--slow-ms", "0"]).start()
        cls.folder = tempfile.TemporaryDirectory()
        cls.db = cls.server.client().earlybird
        cls.plumb("generate", "--scale", 2000, "--faults", "0")
        # Large enough that the profiler forgets nothing of the run.
        cls.db.create_collection("system.profile", capped=True, size=64 << 20)
        cls.db.command("profile", 2)
        cls.plumb("bench", "--samples", 2, "--time-limit", "0.02")
        cls.db.command("profile", 0)
        cls.log = Path(cls.folder.name) / "server.log"
        shutil.copy(cls.server.data.parent / "plumbd.log", cls.log)

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()
        cls.folder.cleanup()

    @classmethod
    def plumb(cls, *arguments, project=PROJECT, check=0, database="earlybird"):
        return plumb(*arguments, "--url", cls.server.url, "--db", database, "--project", project,
                     cwd=cls.folder.name, check=check)

    def shapes(self, *source, **options):
        listed = self.plumb("--json", "--quiet", "advise", *source, "--list-shapes", **options)
        return {shape["text"]: shape for shape in json.loads(listed.stdout)["shapes"]}

    def added(self, *source, **options):
        advised = self.plumb("advise", "--json", "--quiet", *source, **options)
        return {(index["collection"], *index["key"].items())
                for index in json.loads(advised.stdout)["indexes"] if index["what"] == "add"}

    def path(self, name):
        return Path(self.folder.name) / name

    def test_every_source_alone_gives_the_declared_shapes(self):
        declared = set(self.shapes())
        self.assertEqual(len(declared), 33)
        for source in (("--from-profile",), ("--from-log", self.log),
                       ("--from-source", SOURCE / "python"),
                       ("--from-source", SOURCE / "javascript")):
            self.assertEqual(set(self.shapes(*source)), declared, source)

    def test_log_and_profiler_of_one_run_agree_on_the_figures(self):
        log = self.shapes("--from-log", self.log)
        profile = self.shapes("--from-profile")
        for text, shape in profile.items():
            self.assertEqual({name: shape[name] for name in COUNTS},
                             {name: log[text][name] for name in COUNTS}, text)

    def test_what_the_measurement_put_back_is_no_workload(self):
        put_back = self.db.system.profile.count_documents(
            {"op": "update", "command.upsert": True, "appName": "plumbline"})
        self.assertGreater(put_back, 0)
        self.assertFalse([text for text in self.shapes("--from-profile") if "replacement" in text])

    def test_recorded_log_and_profiler_of_a_real_server_agree(self):
        log = self.shapes("--from-log", SAMPLES / "mongod-4.2.log")
        profile = self.shapes("--from-profile-export", SAMPLES / "profile.jsonl")
        self.assertEqual(set(log), set(profile))
        self.assertGreater(len(log), 20)
        for text, shape in profile.items():
            self.assertEqual({name: shape[name] for name in COUNTS},
                             {name: log[text][name] for name in COUNTS}, text)

    def test_the_recorded_run_before_the_indexes_gives_sensible_advice(self):
        lines = (SAMPLES / "mongod-4.2.log").read_text().splitlines()
        built = [at for at, line in enumerate(lines) if "createIndexes" in line]
        half = built[0] if built else len(lines) // 2
        first = self.path("first_half.log")
        first.write_text("\n".join(lines[:half]) + "\n")
        advice = json.loads(self.plumb("advise", "--json", "--quiet", "--from-log", first).stdout)
        added = self.added("--from-log", first)
        leading = {(collection, first_field[0]) for collection, first_field, *_ in added}
        for wanted in (("users", "id"), ("users", "email"), ("orders", "id"), ("orders", "user_id"),
                       ("delivery_statuses", "order_id")):
            self.assertIn(wanted, leading)
        self.assertIn(("orders", ("user_id", 1), ("delivery_date", -1)),
                      {index[:3] for index in added})
        self.assertLess(advice["cost_after_us"], advice["cost_before_us"] / 1.5)

    def test_a_log_may_come_through_a_pipe_plain_or_packed(self):
        for text in (self.log.read_bytes(), gzip.compress(self.log.read_bytes())):
            done = subprocess.run(
                [BIN / "plumb", "--json", "--quiet", "advise", "--from-log", "-", "--list-shapes",
                 "--db", "earlybird"], input=text, capture_output=True, check=True)
            listed = {shape["text"] for shape in json.loads(done.stdout)["shapes"]}
            self.assertEqual(listed, set(self.shapes("--from-log", self.log)))

    def test_a_damaged_log_is_read_as_far_as_it_goes(self):
        rng = random.Random(7)
        lines = self.log.read_bytes().splitlines()[:3000]
        for _ in range(300):
            at = rng.randrange(len(lines))
            line = bytearray(lines[at])
            if line and rng.random() < 0.5:
                line = line[:rng.randrange(len(line))]
            elif line:
                for _ in range(5):
                    line[rng.randrange(len(line))] = rng.randrange(256)
            lines[at] = bytes(line).replace(b"\n", b" ")
        garbled = self.path("garbled.log")
        garbled.write_bytes(b"\n".join(lines))
        done = self.plumb("advise", "--from-log", garbled, "--list-shapes")
        self.assertRegex(done.stderr, r"[1-9]\d* malformed")
        packed = self.path("cut.log.gz")
        packed.write_bytes(gzip.compress(self.log.read_bytes())[:50_000])
        done = self.plumb("advise", "--from-log", packed, "--list-shapes")
        self.assertIn("cut short: only what came before", done.stderr)
        self.assertGreater(len(done.stdout.splitlines()), 3)

    def constants(self):
        """Values that the log's conditions and changes hold, and no field name or word of a shape."""
        found = set(re.findall(r'"((?:usr|ord|sub|prd|cust|del|lnk|bil)_[0-9a-f-]{36})"',
                               self.log.read_text(errors="replace")))
        found |= set(re.findall(r'"([^"\s]+@[^"\s]+)"', self.log.read_text(errors="replace")))
        self.assertGreater(len(found), 100)
        return found

    def test_a_saved_workload_holds_no_value_and_gives_the_same_shapes(self):
        project = self.path("saved")
        shutil.copytree(PROJECT, project)
        saved = project / "workload.yaml"
        self.plumb("advise", "--from-log", self.log, "--save-workload", saved)
        text = saved.read_text()
        constants = self.constants()
        self.assertFalse([value for value in constants if value in text])
        for word in ("delivered", "paused", "out_for_delivery", "2026-01"):
            self.assertNotIn(word, text)
        self.assertEqual(set(self.shapes(project=project)), set(self.shapes()))
        self.assertEqual(self.added(project=project), self.added("--from-log", self.log))
        again = self.path("again.yaml")
        self.plumb("advise", "--from-log", self.log, "--save-workload", again)
        self.assertEqual(again.read_text(), text)

    def test_nothing_else_that_is_written_holds_a_value_of_the_log(self):
        document = self.path("STRATEGY.md")
        strategy = self.path("strategy.yaml")
        text = self.plumb("advise", "--json", "--quiet", "--from-log", self.log,
                          "--write-document", document, "--write-strategy", strategy).stdout
        text += document.read_text() + strategy.read_text()
        text += json.dumps(self.shapes("--from-log", self.log))
        self.assertFalse([value for value in self.constants() if value in text])

    def test_values_are_kept_if_they_are_asked_for(self):
        project = self.path("kept")
        shutil.copytree(PROJECT, project)
        self.plumb("advise", "--from-profile", "--save-workload", project / "workload.yaml",
                   "--keep-values")
        text = (project / "workload.yaml").read_text()
        self.assertIn("--keep-values", text)
        self.assertIn("usr_", text)
        self.assertEqual(set(self.shapes(project=project)), set(self.shapes()))

    def test_a_saved_workload_needs_a_source(self):
        failed = self.plumb("advise", "--save-workload", self.path("none.yaml"), check=2)
        self.assertIn("--from-log", failed.stderr)

    def test_the_counters_of_every_member_stand_beside_the_shapes(self):
        def fill(client):
            client.earlybird.orders.insert_many([{"_id": n, "user_id": n % 50} for n in range(500)])
            client.earlybird.orders.create_index("user_id")
        folder = self.path("members")
        folder.mkdir()
        with ReplicaSet(folder, 2, fill) as members:
            for number, uses in ((0, 7), (1, 3)):
                with members.client_of(number) as client:
                    for user in range(uses):
                        list(client.earlybird.orders.find({"user_id": user}))
            listed = plumb("--json", "--quiet", "advise", "--from-source", SOURCE / "python",
                           "--from-counters", "--list-shapes", "--url", members.url,
                           "--db", "earlybird", cwd=self.folder.name, check=0)
            counters = {each["collection"]: each for each in json.loads(listed.stdout)["counters"]}
            uses = {index["name"]: index["members"] for index in counters["orders"]["indexes"]}
            self.assertEqual(sorted(uses["user_id_1"].values()), [3, 7])
            self.assertEqual(counters["users"]["indexes"], [])
            text = plumb("advise", "--from-source", SOURCE / "python", "--from-counters",
                         "--list-shapes", "--url", members.url, "--db", "earlybird",
                         cwd=self.folder.name, check=0).stdout
            self.assertRegex(text, r"user_id_1 .*127\.0\.0\.1:\d+ [37], 127\.0\.0\.1:\d+ [37]")


if __name__ == "__main__":
    unittest.main()
