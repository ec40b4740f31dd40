# SPDX-License-Identifier: GPL-3.0-or-later
"""plumb bench: what it measures, and that it leaves nothing behind."""
import hashlib
import json
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import bson

from plumbd import BIN, ROOT, Plumbd, plumb

PROJECT = ROOT / "projects/earlybird"


class Bench(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Plumbd().start()
        cls.folder = tempfile.TemporaryDirectory()
        cls.db = cls.server.client().earlybird
        cls.run_plumb("generate", "--scale", 1500, "--faults", 0)
        cls.content = cls.content_hash()

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()
        cls.folder.cleanup()

    def tearDown(self):
        self.assertEqual(self.content_hash(), self.content, "bench must leave the data as it was")
        self.assertEqual([name for name in self.db.list_collection_names() if name.startswith("_")], [])

    @classmethod
    def words(cls, *arguments):
        return [*map(str, arguments), "--url", cls.server.url, "--db", "earlybird", "--project", str(PROJECT)]

    @classmethod
    def run_plumb(cls, *arguments, check=0):
        return plumb(*cls.words(*arguments), cwd=cls.folder.name, check=check)

    @classmethod
    def content_hash(cls):
        digest = hashlib.sha256()
        for name in sorted(cls.db.list_collection_names()):
            digest.update(name.encode())
            for document in cls.db[name].find().sort("_id", 1):
                digest.update(bson.encode(document))
        return digest.hexdigest()

    def test_samples_come_in_rounds(self):
        recording = json.loads(self.run_plumb("bench", "--json", "--only", "Q1", "Q24", "Q25", "--samples", 30,
                                              "--time-limit", "0.2").stdout)
        self.assertEqual(recording["schema"], 2)
        for row in recording["rows"]:
            self.assertEqual(row["error"], "")
            self.assertGreaterEqual(row["samples"], 30)
            self.assertEqual(len(row["kept_rounds"]), 5)
            self.assertEqual(sum(row["kept_rounds"]), len(row["kept_ns"]))
            self.assertEqual(len(row["round_cpu_ns"]), 5)
            self.assertLessEqual(row["p50_ns"], row["p99_ns"])
            self.assertLessEqual(row["p99_ns"], row["max_ns"])
        self.assertGreater(recording["resources"]["resident_bytes_max"], 0)
        self.assertGreater(recording["resources"]["cache_bytes"], 0)
        users = next(each for each in recording["collections"] if each["name"] == "users")
        self.assertGreater(users["indexes"][0]["cache_bytes"], 0)

    def test_an_open_loop_keeps_its_rate_whatever_the_answers_take(self):
        mixed = json.loads(self.run_plumb("bench", "--json", "--mixed", 3, "--rate", 100,
                                          "--connections", 3).stdout)
        self.assertEqual((mixed["errors"], mixed["connections"], mixed["rate"]), (0, 3, 100))
        self.assertGreater(mixed["calls"] + mixed["unanswered"], 230)
        self.assertLess(mixed["calls"] + mixed["unanswered"], 370)
        self.assertGreater(mixed["server_cpu_ns"], 0)
        self.assertGreater(mixed["bytes_sent"], mixed["bytes_received"])
        self.assertEqual(sum(row["calls"] for row in mixed["rows"]), mixed["calls"])
        by_id = {row["id"]: row["calls"] for row in mixed["rows"]}
        self.assertGreater(by_id["Q1"], by_id["Q2"])

    def test_a_stall_of_the_server_is_slow_for_all_that_fell_due_in_it(self):
        running = subprocess.Popen([BIN / "plumb", *self.words("bench", "--json", "--mixed", 3, "--rate", 200)],
                                   cwd=self.folder.name, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                   text=True)
        time.sleep(1.5)
        self.server.process.send_signal(signal.SIGSTOP)
        time.sleep(1)
        self.server.process.send_signal(signal.SIGCONT)
        mixed = json.loads(running.communicate(timeout=60)[0])
        # One call in three hundred met the stall itself; a third of all fell due while it lasted.
        self.assertGreater(mixed["p95_ns"], 100e6)
        self.assertLess(mixed["service_p99_ns"], mixed["p95_ns"])

    def test_rates_are_calls_or_a_multiple(self):
        twice = json.loads(self.run_plumb("bench", "--json", "--mixed", 0.5, "--rate", "2x").stdout)
        self.assertAlmostEqual(twice["rate"], 2 * 1379 / 60, delta=4)
        for bad in ("fast", "0", "-3", "x"):
            self.run_plumb("bench", "--mixed", 1, f"--rate={bad}", check=2)
        self.run_plumb("bench", "--rate", 5, check=2)

    def test_a_closed_loop_is_faster_than_a_slow_rate(self):
        closed = json.loads(self.run_plumb("bench", "--json", "--mixed", 1).stdout)
        self.assertEqual(closed["rate"], 0)
        self.assertGreater(closed["throughput"], 60)

    def test_writes_are_measured_on_scratch_copies(self):
        trial = json.loads(self.run_plumb("bench", "--writes", "--json", "--only", "orders", "users",
                                          "--documents", 300, "--rounds", 3).stdout)
        orders = next(each for each in trial["collections"] if each["name"] == "orders")
        self.assertEqual(orders["documents"], 300)
        self.assertEqual([index["name"] for index in orders["indexes"]],
                         ["user_id_1", "status_1_delivery_date_-1", "delivery_date_1", "user_id_1_status_1"])
        self.assertEqual([row["kind"] for row in orders["rows"]],
                         ["insert", "update of an indexed field", "update of no indexed field", "delete"])
        for collection in trial["collections"]:
            for row in collection["rows"]:
                self.assertEqual(row["error"], "")
                self.assertEqual([level["indexes"] for level in row["levels"]],
                                 list(range(len(collection["indexes"]) + 1)))
                self.assertTrue(all(level["samples"] >= 30 for level in row["levels"]))
        indexed = {field for index in orders["indexes"] for field in json.loads(index["key"])}
        self.assertIn(orders["rows"][1]["field"], indexed)
        self.assertNotIn(orders["rows"][2]["field"], indexed)
        self.run_plumb("bench", "--writes", "--only", "no_such_collection", check=2)

    def test_ctrl_c_drops_the_scratch_copies(self):
        running = subprocess.Popen([BIN / "plumb", *self.words("bench", "--writes", "--rounds", 1000)],
                                   cwd=self.folder.name, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                   text=True)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if any(name.startswith("_plumb_bench_") for name in self.db.list_collection_names()):
                break
            time.sleep(0.02)
        running.send_signal(signal.SIGINT)
        self.assertIn("scratch copies are dropped", running.communicate(timeout=60)[1])
        self.assertNotEqual(running.returncode, 0)

    def test_what_a_killed_run_left_is_dropped_by_the_next(self):
        self.db["_plumb_bench_orders_0"].insert_one({"left": "behind"})
        self.run_plumb("bench", "--writes", "--only", "orders", "--documents", 50, "--rounds", 2)

    def test_a_foreign_server_cannot_be_made_cold(self):
        said = self.run_plumb("bench", "--cold", check=2)
        self.assertIn("cannot be emptied from here", said.stderr)


class Cold(unittest.TestCase):
    def test_cold_calls_are_first_calls_of_a_fresh_engine(self):
        with tempfile.TemporaryDirectory() as folder:
            project = ("--project", PROJECT)
            plumb("generate", "--scale", 1000, "--faults", 0, *project, cwd=folder, check=0)
            done = plumb("bench", "--before", "--cold=2", "--only", "Q1", "Q6", "Q25", "--samples", 5, "--time-limit",
                         "0.1", *project, cwd=folder, check=0)
            self.assertIn("is restarted 2 times", done.stderr)
            rows = {row["id"]: row for row in
                    json.loads(Path(folder, ".plumbline/bench/before.json").read_text())["rows"]}
            self.assertEqual([len(rows[query]["cold_ns"]) for query in ("Q1", "Q6", "Q25")], [2, 2, 0])
            self.assertGreater(min(rows["Q6"]["cold_ns"]), rows["Q6"]["p50_ns"])


if __name__ == "__main__":
    unittest.main()
