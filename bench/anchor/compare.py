#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the yardstick against a server and prints each figure beside MongoDB 4.2's, as ratios.

    bench/anchor/compare.py --documents 1000000          # starts a plumbd of its own
    bench/anchor/compare.py --url mongodb://host:27017   # any other server

Figures of request latency are compared in echoes: the time of a bare loopback round trip, measured in the same
run. The rest is compared in plain time, which carries from machine to machine less well. Sizes are taken once more
after a checkpoint (the command fsync), so that what waits in memory is counted too.
"""
import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pymongo

ROOT = Path(__file__).resolve().parents[2]

# MongoDB 4.2.0, 1 000 000 orders of 926 bytes, two cores, echo of 175 us there: figure, unit, and our target
# as a factor of it (of the echo where the unit is us and the last column says so).
REFERENCE = {
    "ping": (388, "us", "≤ 1.5 echoes"),
    "point.id": (704, "us", "≤ 2.2 echoes"),
    "point.miss": (635, "us", "≤ 2.0 echoes"),
    "history.user-20": (750, "us", "≤ 0.6×"),
    "top100.status-by-date": (1205, "us", "≤ 0.5×"),
    "update.status-by-id": (702, "us", "≤ 0.7×"),
    "point.id.16-threads": (7470, "ops/s", "≥ 2.5×"),
    "scan.count-missing-id": (666, "ms", "≤ 0.3×"),
    "scan.month-delivered-docs": (1081, "ms", "≤ 0.4×"),
    "index.month-delivered-docs": (255, "ms", "≤ 0.5×"),
    "scan.report-month": (774, "ms", "≤ 0.35×"),
    "index.report-month": (202, "ms", "≤ 0.4×"),
    "scan.group-all-by-day": (1423, "ms", "≤ 0.3×"),
    "scan.unwind-items-revenue": (4881, "ms", "≤ 0.2×"),
    "build.four-in-one": (20100, "ms", "≤ 0.2×"),
    "build.four-one-by-one": (21100, "ms", ""),
    "build.unique-id": (5300, "ms", "≤ 0.2×"),
    "load.bare": (57200, "docs/s", "≥ 1.5×"),
    "load.six-indexes": (15700, "docs/s", "≥ 2.5×"),
    "bytes.storageSize": (165, "MB", "≤ 1.05×"),
    "bytes.totalIndexSize": (101, "MB", "≤ 1.05×"),
}
REFERENCE_ECHO_US = 175
# The reference's sizes and times are of this many documents.
REFERENCE_DOCUMENTS = 1_000_000


def row(name, value, unit, echo, scale):
    if name not in REFERENCE:
        return f"| {name} | {value:,.1f} {unit} | | | |"
    reference, reference_unit, target = REFERENCE[name]
    if reference_unit == "us":
        ours, theirs = value / echo, reference / REFERENCE_ECHO_US
        return (f"| {name} | {value:,.0f} us = {ours:.1f} echoes | {theirs:.1f} echoes | "
                f"{ours / theirs:.2f}× | {target} |")
    grows = reference_unit in ("ms", "MB")
    ratio = value / (reference * scale if grows else reference)
    return f"| {name} | {value:,.0f} {unit} | {reference:,} {reference_unit} | {ratio:.2f}× | {target} |"


def sizes_on_disk(url):
    """Name and megabytes of what the collection takes on disk once everything is written."""
    client = pymongo.MongoClient(url)
    client.admin.command("fsync")
    statistics = client.anchor.command("collStats", "orders")
    return {f"bytes.{name}": statistics[name] / 1e6 for name in ("storageSize", "totalIndexSize")}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url")
    parser.add_argument("--documents", type=int, default=1_000_000)
    parser.add_argument("--cache-mb", type=int, default=1024, help="of the plumbd that it starts")
    parser.add_argument("--build", type=Path, default=ROOT / "build")
    args = parser.parse_args()
    server, folder = None, tempfile.TemporaryDirectory(prefix="plumb-anchor-")
    url = args.url
    if not url:
        server = subprocess.Popen([args.build / "bin/plumbd", "--port", "0", "--data", Path(folder.name, "data"),
                                   "--cache-size-mb", str(args.cache_mb)], stdout=subprocess.PIPE, text=True,
                                  stderr=subprocess.DEVNULL)
        port = re.search(r"listening on [\d.]+:(\d+)", server.stdout.readline()).group(1)
        url = f"mongodb://127.0.0.1:{port}"
    try:
        output = subprocess.run([args.build / "bin/anchor", url, str(args.documents)], text=True,
                                stdout=subprocess.PIPE, check=True).stdout
        on_disk = sizes_on_disk(url)
    finally:
        if server:
            server.terminate()
            server.wait()
        folder.cleanup()
    figures = [(name, on_disk.get(name, float(value)), unit) for name, value, unit in
               re.findall(r"^(\S+)\s+([\d.]+) (\S+)$", output, re.M)]
    echo = next(value for name, value, _ in figures if name.startswith("echo"))
    print("| what | here | MongoDB 4.2 | ratio | target |\n|---|---|---|---|---|")
    for name, value, unit in figures:
        print(row(name, value, unit, echo, args.documents / REFERENCE_DOCUMENTS))
    return 0


if __name__ == "__main__":
    sys.exit(main())
