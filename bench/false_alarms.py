#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How often `plumb bench --compare` calls a query different of which nothing was changed.

    bench/false_alarms.py [--repetitions 20] [--scale 5000] [--bin build/bin] [--indexed] [--keep FOLDER]

Generates EarlyBird once, measures the workload N + 1 times with one seed and compares each run with the
one before it. A row whose verdict is neither "no difference" nor "not measured" is a false alarm. Prints
a line a query that had any, the share of all comparisons, and how wide the noise was that the runs showed
of themselves; ends with 1 if a query was called different in more than one of twenty repetitions, or
if more than 5 % of all comparisons were.
"""
import argparse
import collections
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
QUIET = ("no difference", "not measured")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repetitions", type=int, default=20)
    parser.add_argument("--scale", type=int, default=5000)
    parser.add_argument("--bin", type=Path, default=ROOT / "build/bin")
    parser.add_argument("--project", type=Path, default=ROOT / "projects/earlybird")
    parser.add_argument("--indexed", action="store_true", help="after migrations 003 and 006")
    parser.add_argument("--keep", type=Path, help="keep the recordings here")
    return parser.parse_args()


def main():
    options = arguments()
    folder = Path(tempfile.mkdtemp(prefix="false-alarms-"))
    env = {key: value for key, value in os.environ.items() if key not in ("MONGO_URL", "DB_NAME")}

    def plumb(*words, codes=(0,)):
        done = subprocess.run([options.bin.resolve() / "plumb", "--project", options.project.resolve(),
                               "--quiet", *map(str, words)], cwd=folder, env=env, text=True,
                              capture_output=True, check=False)
        if done.returncode not in codes:
            sys.exit(f"plumb {' '.join(map(str, words))} ended with {done.returncode}\n{done.stderr}")
        return done.stdout

    try:
        plumb("generate", "--scale", options.scale, "--faults", 0)
        if options.indexed:
            plumb("migrate", "run", "003")
            plumb("migrate", "run", "006")
        kept = folder / ".plumbline/bench"
        alarms, noises, compared = collections.Counter(), [], 0
        plumb("bench", "--after")
        for repetition in range(1, options.repetitions + 1):
            shutil.copy(kept / "after.json", kept / "before.json")
            plumb("bench", "--after")
            comparison = json.loads(plumb("bench", "--compare", "--json", codes=(0, 1)))
            noises.append((comparison["noise"], comparison["noise_short"]))
            called = [row for row in comparison["rows"] if row["verdict"] not in QUIET]
            compared += len(comparison["rows"])
            alarms.update(row["id"] for row in called)
            print(f"{repetition:3}: " + (", ".join(
                f"{row['id']} {row['factor']['point']:.2f} ({row['factor']['low']:.2f}–{row['factor']['high']:.2f})"
                for row in called) or "none"), flush=True)
            if options.keep:
                options.keep.mkdir(parents=True, exist_ok=True)
                shutil.copy(kept / "after.json", options.keep / f"{repetition}.json")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    total = sum(alarms.values())
    allowed = max(1, options.repetitions // 20)
    print(f"{total} of {compared} comparisons called different ({100 * total / compared:.1f} %), "
          f"{options.repetitions} repetitions at scale {options.scale}")
    for query, count in alarms.most_common():
        print(f"  {query}: {count} of {options.repetitions}")
    for name, values in zip(("noise", "noise of calls little longer than a round trip"), zip(*noises)):
        ordered = sorted(values)
        print(f"{name}: median {100 * ordered[len(ordered) // 2]:.0f} %, "
              f"most {100 * ordered[-1]:.0f} %")
    worst = max(alarms.values(), default=0)
    return 1 if worst > allowed or total > 0.05 * compared else 0


if __name__ == "__main__":
    sys.exit(main())
