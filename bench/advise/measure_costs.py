#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the units of work cost that `plumb advise` counts in: the defaults of CostWeights.

    bench/advise/measure_costs.py [--documents 100000] [--bytes 900] [--url mongodb://…]

Each figure is the difference of two commands that differ in that unit alone, the least of several
runs, divided by the number of units. Without --url a plumbd of its own is started.
"""
import argparse
import math
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests/support"))
from plumbd import Plumbd  # noqa: E402
import pymongo  # noqa: E402
from bson.codec_options import CodecOptions  # noqa: E402
from bson.raw_bson import RawBSONDocument  # noqa: E402

RAW = CodecOptions(document_class=RawBSONDocument)
RUNS = 5
SEEKS = 150
WRITES = 4000
INDEXES = 4


def least(work, runs=RUNS):
    """Microseconds of the fastest run: what the machine's other work added least to."""
    best = math.inf
    for _ in range(runs):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best * 1e6


def documents(count, size):
    rng = random.Random(1)
    order = list(range(count))
    rng.shuffle(order)
    pad = "x" * max(0, size - 90)
    return [{"_id": at, "a": order[at], "b": at % 97, "c": rng.random(), "pad": pad}
            for at in range(count)]


def measure_reads(db, count):
    raw = lambda *command, **rest: db.command(*command, codec_options=RAW, **rest)
    nothing = {"$mod": [1_000_003, 1_000_001]}
    figures = {}
    empty = least(lambda: [db.nothing.find_one({"a": 1}) for _ in range(500)]) / 500
    figures["call"] = empty
    counted = lambda filter_, **options: least(lambda: db.command("count", "read", query=filter_, **options))
    figures["scan"] = (counted({"b": nothing}) - empty) / count
    start = time.perf_counter()
    db.read.create_index([("a", 1), ("b", 1)], name="ab")
    figures["build"] = (time.perf_counter() - start) * 1e6 / count
    db.read.create_index([("a", 1)], name="a")
    keys = counted({"a": {"$gte": 0}, "b": nothing}, hint="ab") - empty
    figures["key"] = keys / count
    figures["count_key"] = (counted({"a": {"$gte": 0}}, hint="a") - empty) / count
    fetched = counted({"a": {"$gte": 0}, "b": nothing}, hint="a") - empty
    figures["fetch"] = (fetched - keys) / count
    step = count // SEEKS
    points = [at * step for at in range(SEEKS)]
    sought = counted({"a": {"$in": points}, "b": nothing}, hint="ab") - empty
    figures["seek"] = sought / SEEKS - figures["key"]
    # One batch holds 16 MB, and a find may sort 32 MB.
    some = min(count, 15_000)
    find = {"filter": {"a": {"$lt": some}}, "hint": {"$natural": 1}, "singleBatch": True,
            "batchSize": some}
    ids = least(lambda: raw("find", "read", **find, projection={"_id": 1}))
    in_order = least(lambda: raw("find", "read", **find, projection={"_id": 1}, sort={"c": 1}))
    figures["sort"] = (in_order - ids) / (some * math.log2(some))
    figures["reply"] = (least(lambda: raw("find", "read", **find)) - empty) / some - (
        figures["scan"] * count / some)
    return figures


def insert_each(db, name, indexes, count, size):
    db[name].drop()
    db[name].insert_one({"_id": -1})
    for at in range(indexes):
        db[name].create_index([("abcpad"[at], 1)])
    rows = documents(WRITES, size)
    start = time.perf_counter()
    for row in rows:
        db[name].insert_one(row)
    return (time.perf_counter() - start) * 1e6 / WRITES


def measure_writes(db, count, size):
    bare = min(insert_each(db, "write", 0, count, size) for _ in range(3))
    indexed = min(insert_each(db, "write", INDEXES - 1, count, size) for _ in range(3))
    return {"write": bare, "index_write": (indexed - bare) / (INDEXES - 1)}


def measure_misses(count, size):
    """Random look-ups by _id in a cache that holds a tenth of the data, against one that holds all."""
    times = {}
    for megabytes in (max(32, int(count * size / 1e7)), 1024):
        with Plumbd(arguments=["--cache-size-mb", str(megabytes)]) as server:
            db = server.client().costs
            fill(db, "read", count, size)
            rng = random.Random(2)
            asked = [rng.randrange(count) for _ in range(4000)]
            look = lambda: [db.read.find_one({"_id": at}) for at in asked]
            look()
            times[megabytes] = least(look, 3) / len(asked)
    small, large = sorted(times)
    share = max(0.05, 1 - small * 1e6 / (count * size))
    return {"miss": max(0.0, times[small] - times[large]) / share}


def fill(db, name, count, size):
    db[name].drop()
    rows = documents(count, size)
    for at in range(0, count, 5000):
        db[name].insert_many(rows[at:at + 5000])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--bytes", type=int, default=900)
    parser.add_argument("--url")
    parser.add_argument("--no-misses", action="store_true", help="leave out the run with a small cache")
    options = parser.parse_args()
    server = None if options.url else Plumbd(arguments=["--cache-size-mb", "1024"]).start()
    try:
        client = pymongo.MongoClient(options.url) if options.url else server.client()
        db = client.plumbline_costs
        fill(db, "read", options.documents, options.bytes)
        figures = measure_reads(db, options.documents)
        figures |= measure_writes(db, options.documents, options.bytes)
        client.drop_database(db.name)
    finally:
        if server:
            server.__exit__()
    if not options.url and not options.no_misses:
        figures |= measure_misses(options.documents, options.bytes)
    print(f"{options.documents} documents of {options.bytes} bytes; microseconds a unit, and in units of a key")
    for name, value in figures.items():
        print(f"{name:<12}{value:>9.3f}{value / figures['key']:>9.1f}")


if __name__ == "__main__":
    main()
