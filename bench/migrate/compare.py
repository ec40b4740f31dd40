#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `plumb migrate` costs over the bare commands, as ratios of one run on one engine.

    build/bin must be there:  bench/migrate/compare.py [--scale 100000] [--rounds 5]

Prints ratios, each the median over rounds of interleaved runs on the same data:
  overhead   from the ledger's `applying` to its `applied`: the five createIndexes with ledger, lock and
             progress around them, over sending those five from here; wanted <= 1.02
  first      the same where the ledger's collection has to be made first, once in the life of a database
  whole      the whole command, with start, connection, lint and the look for duplicates before
             anything is built, which the bare commands do not do
  one scan   the same five commands over twelve, one an index; wanted well below 1
and, of one more run that the server's profiler looked at, where the whole command's time goes.
"""
import argparse
import datetime
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))

from plumbd import BIN, Plumbd, plumb  # noqa: E402

COLLECTIONS = ("users", "orders", "subscriptions_v2", "products", "delivery_statuses")


def wanted_indexes(client):
    """The twelve of migration 003 as createIndexes takes them, by collection."""
    out = {}
    for name in COLLECTIONS:
        out[name] = [{k: v for k, v in each.items() if k not in ("v", "ns")}
                     for each in client.shop[name].list_indexes() if each["name"] != "_id_"]
    return out


def drop_all(client, ledger=False):
    for name in COLLECTIONS:
        client.shop[name].drop_indexes()
    for name in ("_plumb_migrations", "_plumb_lock"):
        if ledger:
            client.shop.drop_collection(name)
        else:
            client.shop[name].delete_many({})


def where_it_goes(client, url):
    """Rows (what, seconds, commands) of one profiled run, from the process's start to its end."""
    client.shop.command("profile", 2)
    started = datetime.datetime.utcnow()
    migrate(url)
    ended = datetime.datetime.utcnow()
    client.shop.command("profile", 0)
    seen = list(client.shop["system.profile"].find({"appName": "plumbline"}).sort("ts", 1))
    client.shop.drop_collection("system.profile")
    at = {}
    for each in client.shop["_plumb_migrations"].find_one({"_id": 3})["events"]:
        at.setdefault(each["event"], each["at"])
    lock = next(each for each in seen if each["ns"] == "shop._plumb_lock")
    locked = lock["ts"] - datetime.timedelta(milliseconds=lock["millis"])
    builds = [each for each in seen if "createIndexes" in each["command"]]
    building = sum(each["millis"] for each in builds) / 1000
    between = (at["applied"] - at["applying"]).total_seconds()

    def commands(begin, end):
        return sum(begin <= each["ts"] < end for each in seen)

    return [("start, connection, lint", (locked - started).total_seconds(), commands(started, locked)),
            ("lock, duplicates, disk", (at["applying"] - locked).total_seconds(), commands(locked, at["applying"])),
            ("createIndexes", building, len(builds)),
            ("ledger and the rest of it", between - building, commands(at["applying"], at["applied"]) - len(builds)),
            ("giving back the lock, end", (ended - at["applied"]).total_seconds(), commands(at["applied"], ended))]


def by_the_ledger(client):
    """Seconds from `applying` to `applied`."""
    events = client.shop["_plumb_migrations"].find_one({"_id": 3})["events"]
    at = {each["event"]: each["at"] for each in events}
    return (at["applied"] - at["applying"]).total_seconds()


def timed(work):
    started = time.monotonic()
    work()
    return time.monotonic() - started


def bare(client, wanted):
    for name, indexes in wanted.items():
        client.shop.command("createIndexes", name, indexes=indexes)


def one_by_one(client, wanted):
    for name, indexes in wanted.items():
        for index in indexes:
            client.shop.command("createIndexes", name, indexes=[index])


def migrate(url):
    subprocess.run([BIN / "plumb", "--url", url, "--db", "shop", "--project",
                    ROOT / "projects/earlybird", "migrate", "run", "003"],
                   check=True, stdout=subprocess.DEVNULL)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--scale", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="plumb-bench-")
    try:
        with Plumbd(pathlib.Path(folder, "data")) as server:
            plumb("--url", server.url, "--db", "shop", "generate", "--scale", options.scale,
                  "--faults", 0, check=0, timeout=3600)
            client = server.client()
            migrate(server.url)
            wanted = wanted_indexes(client)
            seconds = {"migrate": [], "bare": [], "one by one": [], "first migrate": [], "ledger": [], "first ledger": []}
            ways = {"migrate": lambda: migrate(server.url), "bare": lambda: bare(client, wanted),
                    "one by one": lambda: one_by_one(client, wanted), "first migrate": lambda: migrate(server.url)}
            for number in range(options.rounds):
                # Each way is first once in four rounds.
                order = list(ways)[number % 4:] + list(ways)[:number % 4]
                for way in order:
                    drop_all(client, ledger=way == "first migrate")
                    seconds[way].append(timed(ways[way]))
                    if way.endswith("migrate"):
                        seconds[way.replace("migrate", "ledger")].append(by_the_ledger(client))
            drop_all(client)
            rows = where_it_goes(client, server.url)
            client.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    medians = {way: statistics.median(all_of) for way, all_of in seconds.items()}
    for way, median in medians.items():
        runs = " ".join(f"{each:.2f}" for each in seconds[way])
        print(f"{way:13} {median:7.2f} s   ({runs})")
    overhead = statistics.median(m / b for m, b in zip(seconds["ledger"], seconds["bare"]))
    first = statistics.median(m / b for m, b in zip(seconds["first ledger"], seconds["bare"]))
    whole = statistics.median(m / b for m, b in zip(seconds["migrate"], seconds["bare"]))
    scans = statistics.median(b / o for b, o in zip(seconds["bare"], seconds["one by one"]))
    print(f"overhead     {overhead:7.3f}    by the ledger, over bare createIndexes")
    print(f"first        {first:7.3f}    the same with a ledger to be made")
    print(f"whole        {whole:7.3f}    the whole command, its checks included")
    print(f"one scan     {scans:7.3f}    five commands over twelve")
    for what, took, commands in rows:
        print(f"  {what:26} {1000 * took:7.0f} ms   {commands} commands")


if __name__ == "__main__":
    main()
