#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `plumb rehearse --sample` says of the whole against what the whole then is, on one engine.

    build/bin must be there:  bench/forecast/compare.py [--scale 100000] [--sample 2%] [--seed 1]

Generates a shop and rehearses migrations 003, 006 and 007 on a sample; then on all of it, for the documents that
queries examine and their times; then migrates the shop itself, for the sizes of indexes and the times of builds.
Prints each forecast, its truth and forecast/truth, and how often the error bars held the truth (they are meant to
in nine of ten cases).

100 000 orders take less than two minutes on two quiet cores, 1 000 000 about five. Sizes and documents do not depend
on the load of the machine, times do.
"""
import argparse
import json
import math
import pathlib
import shutil
import statistics
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))

from plumbd import Plumbd, plumb  # noqa: E402

MIGRATIONS = ("003", "006", "007")
PATIENCE = 3600  # seconds for one command
LEAST_DOCUMENTS = 0.5  # a query that examines less than that has no ratio worth a name


class Kind:
    """Forecasts of one kind: rows (what, forecast, truth)."""
    def __init__(self, title, text, least=0):
        self.title, self.text, self.least, self.rows = title, text, least, []

    def add(self, what, estimate, truth):
        self.rows.append((what, estimate, truth))

    @staticmethod
    def held(estimate, truth):
        # What is a count to one and a text to another may differ by rounding.
        slack = 1e-6 * abs(truth)
        return estimate["low"] - slack <= truth <= estimate["high"] + slack

    def show(self):
        print(f"\n{self.title}: forecast (bars), truth, forecast/truth")
        ratios = []
        for what, estimate, truth in self.rows:
            value, low, high = (self.text(estimate[key]) for key in ("value", "low", "high"))
            ratio = estimate["value"] / truth if truth > self.least else math.nan
            if not math.isnan(ratio) and ratio > 0:
                ratios.append(ratio)
            print(f"  {what:46} {value:>10} ({low} – {high}) {self.text(truth):>10} {ratio:7.2f}"
                  f"{'' if self.held(estimate, truth) else '   outside'}")
        if not self.rows:
            print("  nothing to compare")
            return
        held = sum(self.held(estimate, truth) for _, estimate, truth in self.rows)
        off = statistics.median(max(ratio, 1 / ratio) for ratio in ratios) - 1 if ratios else math.nan
        worst = max((max(ratio, 1 / ratio) for ratio in ratios), default=math.nan)
        print(f"  bars held {held} of {len(self.rows)} ({100 * held / len(self.rows):.0f} %);"
              f" off by {100 * off:.0f} % in the median, {worst:.2f}× at most")


def rehearse(run, folder, *arguments):
    run("--quiet", "rehearse", "--samples", 5, "--time-limit", 0.2, "--count-limit", 0.5, "--no-probe", *arguments,
        *(word for number in MIGRATIONS for word in ("--migration", number)))
    return json.loads((folder / ".plumbline/rehearsal.json").read_text())


def build_times(client, database):
    """Milliseconds of each build, by its collection and its indexes, as the ledger has them."""
    out = {}
    for record in client[database]["_plumb_migrations"].find():
        for operation in record["operations"]:
            if operation["kind"] == "create_indexes":
                names = tuple(sorted(each["name"] for each in operation["owned"]))
                out[(operation["collection"], names)] = operation["ms"]
    return out


def compare(forecast, whole, sizes, builds):
    bytes_ = Kind("size of each index", lambda value: f"{value / 1e6:.2f} MB")
    for index in forecast["indexes"]:
        bytes_.add(f"{index['collection']}.{index['name']}", index["bytes"],
                   sizes[index["collection"]][index["name"]])
    times = Kind("time of each build", lambda value: f"{value:.0f} ms")
    for build in forecast["builds"]:
        key = (build["collection"], tuple(sorted(build["indexes"])))
        if key in builds:
            times.add(f"{build['collection']}, {len(build['indexes'])} at once", build["ms"], builds[key])
    docs = Kind("documents a call of a query examines", lambda value: f"{value:.1f}", LEAST_DOCUMENTS)
    calls = Kind("time of a call on this engine", lambda value: f"{value:.2f} ms")
    truths = {query["id"]: query for query in whole["queries"]}
    for query in forecast["queries"]:
        truth = truths.get(query["id"])
        for side in ("before", "after"):
            if truth and not query["error"] and not truth["error"] and query["scales"] != "measured on all documents":
                name = f"{query['id']} {side}: {query['title']}"
                docs.add(name, query[side]["docs"], truth[side]["docs"]["value"])
                calls.add(name, query[side]["ms"], truth[side]["ms"]["value"])
    return bytes_, times, docs, calls


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=int, default=100_000)
    parser.add_argument("--sample", default="2%")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="plumb-forecast-"))
    started = time.monotonic()

    def step(what):
        print(f"{time.monotonic() - started:6.0f} s  {what}", file=sys.stderr, flush=True)

    try:
        with Plumbd(folder / "source") as server:
            def run(*arguments, check=0):
                return plumb("--url", server.url, "--db", "shop", "--project", ROOT / "projects/earlybird",
                             *arguments, cwd=folder, check=check, timeout=PATIENCE)

            step(f"generate {options.scale} orders")
            run("generate", "--scale", options.scale, "--seed", options.seed, "--faults", 0)
            step(f"rehearse on {options.sample}")
            forecast = rehearse(run, folder, "--sample", options.sample)
            step("rehearse on all")
            whole = rehearse(run, folder, "--full")
            step("migrate")
            for number in MIGRATIONS:
                run("migrate", "run", number)
            with server.client() as client:
                client.admin.command("fsync")
                sizes = {name: client.shop.command("collStats", name)["indexSizes"]
                         for name in {index["collection"] for index in forecast["indexes"]}}
                builds = build_times(client, "shop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{options.scale} orders, sample {options.sample}, seed {options.seed}; the rehearsal took"
          f" {forecast['seconds']:.0f} s, all of it {time.monotonic() - started:.0f} s")
    for kind in compare(forecast, whole, sizes, builds):
        kind.show()


if __name__ == "__main__":
    main()
