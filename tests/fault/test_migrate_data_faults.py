# SPDX-License-Identifier: GPL-3.0-or-later
"""A migration of data operations that is killed: at each step by a fault point, at random moments
by SIGKILL or Ctrl-C, with its server, or by its connection. The next command ends in applied or in
rolled back, with the documents and indexes of the one or of the other, byte for byte.

    test_migrate_data_faults.py [--rounds 500] [--seed 1] [--every]

`--every` tries each hit of each fault point (minutes) instead of a few of each.
"""
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from content_hash import database_state, plumb_collections
from plumbd import BIN, Plumbd, plumb

ROUNDS = 6
SEED = 1
EVERY = False
DOCUMENTS = 2100
POINTS = ("ledger.before_write", "ledger.after_write", "migrate.before_operation",
          "migrate.after_operation", "migrate.before_batch", "migrate.inside_batch",
          "migrate.after_batch")
FEW_HITS = (4, 17)
HITS_MAX = 200

UP = [
    {"create_collection": {"collection": "fresh"}},
    {"add_field": {"collection": "things", "field": "new", "expression": {"$multiply": ["$n", 3]}}},
    {"transform": {"collection": "things", "filter": {"kind": "odd"},
                   "pipeline": [{"$set": {"n": {"$add": ["$n", 1]}}}]}},
    {"link": {"from": "things", "to": "owners", "on": {"kind": "kind", "first": "a"},
              "set": {"owner": "id"}}},
    {"remove_field": {"collection": "things", "field": "first"}},
    {"transform": {"collection": "owners",
                   "pipeline": [{"$replaceWith": {"_id": "$_id", "a": {"$add": ["$a", 1]}}}]}},
    {"delete": {"collection": "things", "filter": {"kind": "odd", "new": {"$gt": 300}}}},
    {"set_validator": {"collection": "things", "validator": {"n": {"$exists": True}}}},
    {"create_indexes": {"collection": "things", "on_conflict": "replace",
                        "indexes": [{"key": {"n": 1}, "name": "mine"}, {"key": {"owner": 1}}]}},
    {"rename_field": {"collection": "things", "from": "last", "to": "renamed"}},
    {"drop_collection": {"collection": "old"}},
]


def fill(db):
    db.things.insert_many(
        {"_id": f"t{n}", "first": n, "n": n, "kind": "even" if n % 2 == 0 else "odd",
         "last": f"l{n}"} for n in range(DOCUMENTS))
    db.owners.insert_many({"id": f"o{n}", "a": n, "kind": "even" if n % 2 == 0 else "odd"}
                          for n in range(300))
    db.old.insert_many({"n": n} for n in range(10))
    db.things.create_index("kind", name="mine")


class Proxy:
    """Passes bytes to a server until drop() closes every connection; later ones pass again."""

    def __init__(self, port):
        self.target = port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.open = []
        self.lock = threading.Lock()
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
                server = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                return
            with self.lock:
                self.open += [client, server]
            for pair in ((client, server), (server, client)):
                threading.Thread(target=self.pump, args=pair, daemon=True).start()

    @staticmethod
    def pump(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
        except OSError:
            pass
        for each in (source, sink):
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def drop(self):
        with self.lock:
            for each in self.open:
                try:
                    each.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
            for each in self.open:
                each.close()
            self.open.clear()

    def close(self):
        self.listener.close()
        self.drop()


class DataFaults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="plumb-faults-"))
        cls.project = cls.folder / "project"
        (cls.project / "migrations").mkdir(parents=True)
        (cls.project / "plumbline.yaml").write_text("name: test\n")
        (cls.project / "migrations/001_test.yaml").write_text(
            json.dumps({"version": 1, "name": "test", "up": UP}))
        cls.start_server()
        fill(cls.mongo.shop)
        cls.before = database_state(cls.mongo.shop)
        cls.plumb("migrate", "up", check=0)
        cls.after = database_state(cls.mongo.shop)
        cls.plumb("migrate", "down", "--all", check=0)
        assert database_state(cls.mongo.shop) == cls.before
        started = time.monotonic()
        cls.plumb("migrate", "up", check=0)
        cls.seconds = time.monotonic() - started
        assert database_state(cls.mongo.shop) == cls.after
        cls.plumb("migrate", "down", "--all", check=0)

    @classmethod
    def tearDownClass(cls):
        cls.mongo.close()
        cls.server.__exit__()
        shutil.rmtree(cls.folder, ignore_errors=True)

    @classmethod
    def start_server(cls):
        cls.server = Plumbd(cls.folder / "data").start()
        cls.mongo = cls.server.client()

    @classmethod
    def arguments(cls, *words, url=None):
        return ["--url", url or cls.server.url, "--db", "shop", "--project", str(cls.project),
                *words]

    @classmethod
    def plumb(cls, *words, **options):
        return plumb(*cls.arguments(*words), **options)

    def start(self, *words, url=None):
        clean = {k: v for k, v in os.environ.items() if k not in ("MONGO_URL", "DB_NAME")}
        return subprocess.Popen([BIN / "plumb", *self.arguments(*words, url=url)], env=clean,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def end_in(self, wanted):
        """The next command ends in what it is asked for, and nothing of the dead run is left."""
        words = ("migrate", "up") if wanted == "applied" else ("migrate", "down", "--all")
        done = self.plumb(*words)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        state = database_state(self.mongo.shop)
        expected = self.after if wanted == "applied" else self.before
        for name in sorted(set(state) | set(expected)):
            self.assertEqual(state.get(name), expected.get(name), f"{name}\n{done.stdout}")
        left = [name for name in plumb_collections(self.mongo.shop)
                if name not in ("_plumb_lock", "_plumb_migrations")]
        if wanted == "rolled back":
            self.assertEqual(left, [])
        return left

    @staticmethod
    def hits():
        return range(1, HITS_MAX) if EVERY else FEW_HITS

    def each_kill(self, *words):
        for point in POINTS:
            for hit in self.hits():
                done = self.plumb("--fault", f"{point}=kill@{hit}", *words)
                if done.returncode == 0:
                    break
                self.assertEqual(done.returncode, -signal.SIGKILL, done.stdout + done.stderr)
                yield point, hit

    def test_killed_up_is_finished(self):
        for point, hit in self.each_kill("migrate", "up"):
            with self.subTest(point=point, hit=hit):
                self.end_in("applied")
            self.end_in("rolled back")
        self.end_in("rolled back")

    def test_killed_up_is_taken_back(self):
        for point, hit in self.each_kill("migrate", "up"):
            with self.subTest(point=point, hit=hit):
                self.end_in("rolled back")
        self.end_in("rolled back")

    def test_killed_down_is_finished(self):
        self.end_in("applied")
        for point, hit in self.each_kill("migrate", "down", "--all"):
            with self.subTest(point=point, hit=hit):
                self.end_in("rolled back")
            self.end_in("applied")
        self.end_in("rolled back")

    def test_failure_at_a_step_rolls_back(self):
        for point in POINTS:
            for hit in self.hits():
                done = self.plumb("--fault", f"{point}=fail@{hit}", "migrate", "up")
                if done.returncode == 0:
                    self.end_in("rolled back")
                    break
                with self.subTest(point=point, hit=hit):
                    self.assertEqual(done.returncode, 5, done.stdout + done.stderr)
                    self.assertEqual(database_state(self.mongo.shop), self.before)

    def disturb(self, dice, words):
        """Runs the command and breaks something at a random moment; says what."""
        moment = dice.random() * self.seconds * 1.1
        what = dice.choice(("fault", "kill", "ctrl-c", "server", "connection"))
        if what == "fault":
            spec = f"{dice.choice(POINTS)}={dice.choice(('kill', 'fail'))}@{dice.randint(1, 40)}"
            self.plumb("--fault", spec, *words)
            return spec
        proxy = Proxy(self.server.port) if what == "connection" else None
        run = self.start(*words, url=f"mongodb://127.0.0.1:{proxy.port}" if proxy else None)
        time.sleep(moment)
        if what == "kill":
            run.kill()
        elif what == "ctrl-c":
            run.send_signal(signal.SIGINT)
        elif what == "connection":
            proxy.drop()
        else:
            self.mongo.close()
            self.server.kill()
        out, _ = run.communicate(timeout=120)
        if proxy:
            proxy.close()
        if what == "server":
            type(self).start_server()
        return f"{what} after {moment:.2f} s: exit {run.returncode}\n{out}"

    def test_random_moments(self):
        dice = random.Random(SEED)
        applied = False
        for number in range(ROUNDS):
            words = ("migrate", "down", "--all") if applied and dice.random() < 0.7 else (
                "migrate", "up")
            what = self.disturb(dice, words)
            with self.subTest(round=number, command=words, what=what):
                wanted = dice.choice(("applied", "rolled back"))
                self.end_in(wanted)
                applied = wanted == "applied"
            if ROUNDS > 50 and (number + 1) % 20 == 0:
                print(f"{number + 1} rounds", file=sys.stderr, flush=True)
        self.end_in("rolled back")


def take_option(name):
    if name not in sys.argv:
        return None
    at = sys.argv.index(name)
    value = sys.argv[at + 1]
    del sys.argv[at:at + 2]
    return int(value)


if __name__ == "__main__":
    ROUNDS = take_option("--rounds") or ROUNDS
    SEED = take_option("--seed") or SEED
    if "--every" in sys.argv:
        EVERY = True
        sys.argv.remove("--every")
    unittest.main()
