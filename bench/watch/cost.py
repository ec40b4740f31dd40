#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `plumb watch` costs the server it watches, in CPU of the server's process.

    build/bin must be there:  bench/watch/cost.py [--scale 20000] [--seconds 10] [--rounds 3] [--every 1s]

Takes turns of so many seconds without and with a watch that samples every second, on an EarlyBird
database of fourteen collections with the indexes of migrations 001 to 006, otherwise idle; with --profile
the profiler is on and a load of reads fills it. The difference for one sample, divided by 30 s, is the
share of one core at the default rate; wanted: below 1 %.
"""
import argparse
import pathlib
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))

from plumbd import BIN, Plumbd, plumb  # noqa: E402

DEFAULT_EVERY_S = 30


def cpu_seconds(client):
    info = client.admin.command("serverStatus")["extra_info"]
    return (info["user_time_us"] + info["system_time_us"]) / 1e6


class Load:
    """Reads at a steady rate; the profiler writes each down."""

    def __init__(self, database, per_second):
        self.database, self.per_second, self.stopped = database, per_second, False
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        users = [one["id"] for one in self.database.users.find({}, {"id": 1}).limit(200)]
        number = 0
        while not self.stopped:
            self.database.users.find_one({"id": users[number % len(users)]})
            number += 1
            time.sleep(1 / self.per_second)

    def stop(self):
        self.stopped = True
        self.thread.join()


def turn(server, folder, options, watched):
    """Server CPU seconds of one turn, and the samples taken in it."""
    client = server.client()
    process = None
    if watched:
        process = subprocess.Popen(
            [BIN / "plumb", "--url", server.url, "--project", ROOT / "projects/earlybird", "--json", "-q",
             "watch", "--new", "--every", options.every, "--for", "1h"],
            cwd=folder, stdout=subprocess.PIPE, text=True)
        process.stdout.readline()  # connected, and the first sample taken
    before = cpu_seconds(client)
    time.sleep(options.seconds)
    used = cpu_seconds(client) - before
    samples = 0
    if watched:
        process.send_signal(signal.SIGINT)
        samples = sum('"type":"sample"' in line.replace(" ", "") for line in process.communicate()[0].splitlines())
    return used, samples


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--scale", type=int, default=20000)
    arguments.add_argument("--seconds", type=float, default=10)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--every", default="1s")
    arguments.add_argument("--profile", action="store_true")
    options = arguments.parse_args()
    with Plumbd() as server, tempfile.TemporaryDirectory() as folder:
        base = ["--url", server.url, "--project", ROOT / "projects/earlybird", "-q"]
        plumb(*base, "generate", "--scale", options.scale, "--faults", "0", "--before-migrations", cwd=folder, check=0)
        plumb(*base, "migrate", "up", cwd=folder, check=0)
        database = server.client().earlybird
        load = None
        if options.profile:
            database.command("profile", 2)
            load = Load(database, 200)
        costs = []
        for number in range(options.rounds):
            without, _ = turn(server, folder, options, watched=False)
            used, samples = turn(server, folder, options, watched=True)
            costs.append((used - without) / max(1, samples))
            print(f"round {number + 1}: {without:.3f} s of CPU without, {used:.3f} s with {samples} samples")
        if load:
            load.stop()
        cost = statistics.median(costs)
        share = 100 * cost / DEFAULT_EVERY_S
        print(f"one sample costs the server {1000 * cost:.1f} ms of CPU (median of {options.rounds} rounds)")
        print(f"at one in {DEFAULT_EVERY_S} s that is {share:.3f} % of a core; wanted below 1 %")
        return 0 if share < 1 else 1


if __name__ == "__main__":
    sys.exit(main())
