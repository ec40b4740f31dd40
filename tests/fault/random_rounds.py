#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random migrations through `plumb migrate`, broken at random moments, again and again.

    tests/fault/random_rounds.py [--rounds 500] [--seed 1] [--documents 1500]

A recipe is one to three migrations of random operations. It runs undisturbed once, up and down: that is
what the documents and indexes have to be. Then, in each round, a command is broken one to three times
in a row, so that what recovers is broken too: the runner by SIGKILL or Ctrl-C, the server by SIGKILL, the
connection by a drop, or the runner at a fault point. After that one more command runs in peace and has to end
with every migration applied, or every one rolled back, with the documents and indexes of the one or of
the other, byte for byte, and nothing else left. A failure prints the seed and the recipe, and ends the run.
"""
import argparse
import json
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from content_hash import database_state, plumb_collections  # noqa: E402
from plumbd import BIN, Plumbd, plumb  # noqa: E402
from test_migrate_data_faults import POINTS, Proxy  # noqa: E402

ROUNDS_A_RECIPE = 5
BREAKS = ("fault", "kill", "kill", "ctrl-c", "server", "connection")

# Each makes the operations of one theme, on collections that no other theme touches in another way.
THEMES = (
    lambda dice: [{"add_field": {"collection": "things", "field": "new", "expression": {"$multiply": ["$n", dice.randint(2, 9)]}}}],
    lambda dice: [{"transform": {"collection": "things", "filter": {"n": {"$gt": dice.randint(0, 900)}},
                                 "pipeline": [{"$set": {"m": {"$add": ["$m", 1]}}}]}}],
    lambda dice: [{"link": {"from": "things", "to": "owners", "on": {"kind": "kind", "first": "a"}, "set": {"owner": "id"}}}],
    lambda dice: [{"remove_field": {"collection": "owners", "field": "note"}}],
    lambda dice: [{"delete": {"collection": "old", "filter": {"n": {"$lt": dice.randint(1, 400)}}}}],
    lambda dice: [{"rename_field": {"collection": "things", "from": "last", "to": "renamed"}},
                  {"create_indexes": {"collection": "things", "indexes": [{"key": {"renamed": 1, "n": -1}}]}}],
    lambda dice: [{"create_indexes": {"collection": "things", "on_conflict": "replace",
                                      "indexes": [{"key": {"n": 1}, "name": "mine"}, {"key": {"m": 1}}]}}],
    lambda dice: [{"create_indexes": {"collection": "owners", "indexes": [
        {"key": {"a": 1}, "unique": True}, {"key": {"kind": 1, "a": dice.choice((1, -1))}}]}}],
    lambda dice: [{"drop_indexes": {"collection": "old", "names": ["n_1"]}}],
    lambda dice: [{"create_collection": {"collection": "fresh"}},
                  {"create_indexes": {"collection": "fresh", "indexes": [{"key": {"x": 1}}]}}],
    lambda dice: [{"set_validator": {"collection": "things", "validator": {"n": {"$exists": True}}}}],
    lambda dice: [{"rename_collection": {"collection": "away", "to": "there"}}],
    lambda dice: [{"drop_collection": {"collection": "gone"}}],
)


def recipe(dice):
    """The `up` of one to three migrations."""
    themes = dice.sample(THEMES, dice.randint(2, 6))
    out = [[] for _ in range(dice.randint(1, 3))]
    for number, theme in enumerate(themes):
        out[number * len(out) // len(themes)] += theme(dice)
    return [operations for operations in out if operations]


def fill(db, documents):
    db.things.insert_many({"_id": f"t{n}", "first": n, "n": n, "m": n % 10, "kind": ("even", "odd")[n % 2], "last": f"l{n}"}
                          for n in range(documents))
    db.things.create_index("kind", name="mine")
    db.owners.insert_many({"id": f"o{n}", "a": n, "kind": ("even", "odd")[n % 2], "note": {"of": n}} for n in range(300))
    for name in ("old", "away", "gone"):
        db[name].insert_many({"_id": n, "n": n} for n in range(500))
        db[name].create_index("n")


class Rounds:
    def __init__(self, folder, dice, documents):
        self.folder, self.dice, self.documents = folder, dice, documents
        self.project = folder / "project"
        self.counts = {}
        self.number = 0
        self.start_server()

    def start_server(self):
        self.server = Plumbd(self.folder / "data").start()
        self.mongo = self.server.client()

    @property
    def db(self):
        return self.mongo[f"recipe{self.number}"]

    def arguments(self, words, port=None):
        return ["--url", f"mongodb://127.0.0.1:{port or self.server.port}", "--db", self.db.name, "--project", self.project, *words]

    def plumb(self, *words):
        return plumb(*self.arguments(words))

    def fail(self, text):
        files = "\n".join(path.read_text() for path in sorted((self.project / "migrations").iterdir()))
        raise SystemExit(f"FAILED: {text}\nrecipe:\n{files}")

    def must(self, *words):
        done = self.plumb(*words)
        if done.returncode != 0:
            self.fail(f"{' '.join(words)} ended with {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def new_recipe(self):
        if self.number:
            self.mongo.drop_database(self.db.name)
        self.number += 1
        shutil.rmtree(self.project, ignore_errors=True)
        (self.project / "migrations").mkdir(parents=True)
        (self.project / "plumbline.yaml").write_text("name: rounds\n")
        for version, operations in enumerate(recipe(self.dice), 1):
            (self.project / f"migrations/{version:03}_r.yaml").write_text(
                json.dumps({"version": version, "name": "r", "up": operations}))
        fill(self.db, self.documents)
        self.before = database_state(self.db)
        started = time.monotonic()
        self.must("migrate", "up")
        self.seconds = time.monotonic() - started
        self.after = database_state(self.db)
        self.must("migrate", "down", "--all")
        self.check("rolled back")

    def break_it(self, words):
        what = self.dice.choice(BREAKS)
        self.counts[what] = self.counts.get(what, 0) + 1
        if what == "fault":
            spec = f"{self.dice.choice(POINTS)}={self.dice.choice(('kill', 'fail'))}@{self.dice.randint(1, 30)}"
            return f"{spec}: exit {self.plumb('--fault', spec, *words).returncode}"
        proxy = Proxy(self.server.port) if what == "connection" else None
        moment = self.dice.random() * self.seconds * 1.1
        run = subprocess.Popen([BIN / "plumb", *map(str, self.arguments(words, proxy and proxy.port))], stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
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
        run.communicate(timeout=300)
        if proxy:
            proxy.close()
        if what == "server":
            self.start_server()
        return f"{what} after {moment:.3f} s: exit {run.returncode}"

    def check(self, wanted, said=""):
        states = {each["state"] for each in self.db["_plumb_migrations"].find({}, {"state": 1})}
        allowed = {"applied"} if wanted == "applied" else {"rolled_back"}
        if not states <= allowed:
            self.fail(f"the ledger says {sorted(states)}, wanted is {wanted}\n{said}")
        state, expected = database_state(self.db), self.after if wanted == "applied" else self.before
        for name in sorted(set(state) | set(expected)):
            if state.get(name) != expected.get(name):
                self.fail(f"{name} is {state.get(name)}, wanted is {expected.get(name)}\n{said}")
        left = set(plumb_collections(self.db)) - {"_plumb_lock", "_plumb_migrations"}
        if wanted == "rolled back" and left:
            self.fail(f"left behind: {sorted(left)}\n{said}")

    def round(self):
        said = []
        for _ in range(self.dice.choice((1, 1, 1, 2, 3))):
            words = self.dice.choice((("migrate", "up"), ("migrate", "up"), ("migrate", "down", "--all")))
            said.append(f"{' '.join(words)}: {self.break_it(words)}")
        wanted = self.dice.choice(("applied", "rolled back"))
        done = self.must("migrate", "up") if wanted == "applied" else self.must("migrate", "down", "--all")
        self.check(wanted, "\n".join([*said, done.stdout, done.stderr]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--documents", type=int, default=1500)
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="plumb-rounds-"))
    rounds = None
    done = 0
    try:
        rounds = Rounds(folder, random.Random(options.seed), options.documents)
        for done in range(options.rounds):
            if done % ROUNDS_A_RECIPE == 0:
                rounds.new_recipe()
            rounds.round()
            if (done + 1) % 50 == 0:
                print(f"{done + 1} rounds", flush=True)
        done = options.rounds
    except SystemExit as failed:
        raise SystemExit(f"seed {options.seed}, round {done + 1}\n{failed}") from None
    finally:
        if rounds:
            rounds.mongo.close()
            rounds.server.__exit__()
        shutil.rmtree(folder, ignore_errors=True)
    broken = ", ".join(f"{count} {what}" for what, count in sorted(rounds.counts.items()))
    print(f"{done} rounds, {rounds.number} recipes, broken {sum(rounds.counts.values())} times ({broken}): "
          "each ended applied or rolled back, byte for byte")


if __name__ == "__main__":
    main()
