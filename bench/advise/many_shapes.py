#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long `plumb advise` takes for very many different queries.

    bench/advise/many_shapes.py [--shapes 10000] [--documents 20000] [--collections 5]

Writes a profiler's export with as many different shapes on several made collections, loads those into
a plumbd of its own, and times the whole command, reading of the export and sampling included.
"""
import argparse
import json
import random
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests/support"))
from plumbd import Plumbd, plumb  # noqa: E402

FIELDS = 24
LIMIT_SECONDS = 5


def document(rng, at):
    out = {"_id": at, "key": f"k{at}"}
    for field in range(FIELDS):
        # From two values to as many as there are documents.
        out[f"f{field}"] = rng.randrange(2 ** (field * 14 // FIELDS + 1))
    return out


def condition(rng):
    kind = rng.randrange(4)
    if kind == 0:
        return {"$gt": rng.randrange(100), "$lt": 1000}
    if kind == 1:
        return {"$in": [rng.randrange(50) for _ in range(3)]}
    return rng.randrange(100)


def command(rng, collections):
    fields = rng.sample(range(FIELDS), rng.randint(1, 4))
    out = {"find": f"c{rng.randrange(collections)}",
           "filter": {f"f{field}": condition(rng) for field in fields}}
    if rng.random() < 0.4:
        out["sort"] = {f"f{rng.randrange(FIELDS)}": rng.choice((1, -1))}
        out["limit"] = 20
    return out


def skeleton(command_):
    parts = [f"{path}:{sorted(value) if isinstance(value, dict) else '='}"
             for path, value in sorted(command_["filter"].items())]
    return command_["find"], tuple(parts), str(command_.get("sort"))


def write_export(path, rng, options):
    seen = set()
    with open(path, "w", encoding="utf-8") as out:
        while len(seen) < options.shapes:
            made = command(rng, options.collections)
            if skeleton(made) in seen:
                continue
            seen.add(skeleton(made))
            out.write(json.dumps({
                "op": "query", "ns": f"many.{made['find']}", "command": made | {"$db": "many"},
                "keysExamined": 0, "docsExamined": options.documents, "nreturned": 5, "millis": 3,
                "planSummary": "COLLSCAN", "ts": {"$date": "2026-01-27T06:00:00Z"}}) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shapes", type=int, default=10_000)
    parser.add_argument("--documents", type=int, default=20_000, help="of each collection")
    parser.add_argument("--collections", type=int, default=5)
    parser.add_argument("--keep", help="leave the export there")
    options = parser.parse_args()
    rng = random.Random(5)
    with tempfile.TemporaryDirectory() as folder, Plumbd() as server:
        db = server.client().many
        for collection in range(options.collections):
            for begin in range(0, options.documents, 5000):
                db[f"c{collection}"].insert_many(
                    [document(rng, at) for at in range(begin, min(begin + 5000, options.documents))])
        export = Path(options.keep or f"{folder}/export.jsonl")
        write_export(export, rng, options)
        common = ("--url", server.url, "--db", "many", "--from-profile-export", export)
        start = time.perf_counter()
        plumb("advise", "--list-shapes", *common, cwd=folder, check=0)
        read = time.perf_counter() - start
        start = time.perf_counter()
        advice = json.loads(plumb("advise", "--json", "--quiet", *common, cwd=folder, check=0).stdout)
        seconds = time.perf_counter() - start
    added = sum(index["what"] == "add" for index in advice["indexes"])
    print(f"{len(advice['queries'])} shapes on {options.collections} collections of "
          f"{options.documents} documents: {added} indexes in {seconds:.2f} s, {read:.2f} s of it to read "
          f"the export; {seconds / LIMIT_SECONDS:.2f} of the {LIMIT_SECONDS} s it may take")
    return 0 if seconds <= LIMIT_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
