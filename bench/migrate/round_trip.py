#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""All of EarlyBird's migrations up, down and up again on generated data, with times and sizes.

    bench/migrate/round_trip.py [--scale 1000000]

Ends with 1 if the documents or the indexes after the second `up` are not those after the first, or
those after `down` not those before.
"""
import argparse
import pathlib
import re
import shutil
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))

from content_hash import database_state  # noqa: E402
from plumbd import Plumbd, plumb  # noqa: E402


def operations(shop):
    """What the ledger recorded of each operation."""
    for record in shop["_plumb_migrations"].find().sort("_id", 1):
        for entry in record["operations"]:
            yield (f"{record['_id']:03}", entry["kind"], entry["collection"], entry["ms"],
                   entry.get("documents"), entry.get("batches"), len(entry["owned"]))


def memory_peak(process):
    text = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", text).group(1)) // 1024


def run(server, *words):
    started = time.monotonic()
    plumb("--url", server.url, "--db", "shop", "--project", ROOT / "projects/earlybird", "migrate",
          *words, check=0, timeout=24 * 3600)
    return time.monotonic() - started


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--scale", type=int, default=1_000_000)
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="plumb-round-trip-")
    failed = []
    try:
        with Plumbd(pathlib.Path(folder, "data")) as server:
            started = time.monotonic()
            plumb("--url", server.url, "--db", "shop", "generate", "--scale", options.scale,
                  "--faults", 0, "--before-migrations", check=0, timeout=24 * 3600)
            print(f"generated {options.scale:,} orders in {time.monotonic() - started:.0f} s")
            client = server.client()
            before = database_state(client.shop)
            up = run(server, "up")
            after = database_state(client.shop)
            print(f"up    {up:7.1f} s")
            for version, kind, collection, ms, documents, batches, indexes in operations(client.shop):
                what = (f"{documents:,} documents in {batches:,} batches"
                        if documents is not None else f"{indexes} indexes")
                print(f"  {version} {kind:15} {collection:18} {ms / 1000:7.1f} s  {what}")
            backups = sum(client.shop.command("collStats", name)["storageSize"]
                          for name in client.shop.list_collection_names()
                          if name.startswith("_plumb_backup_"))
            stats = client.shop.command("dbStats")
            print(f"  data {stats['dataSize'] / 1e6:,.0f} MB, on disk {stats['storageSize'] / 1e6:,.0f}"
                  f" MB of which backups {backups / 1e6:,.0f} MB, indexes"
                  f" {stats['indexSize'] / 1e6:,.0f} MB")
            print(f"down  {run(server, 'down', '--all'):7.1f} s")
            if database_state(client.shop) != before:
                failed.append("after down the database is not what it was before")
            print(f"up    {run(server, 'up'):7.1f} s")
            if database_state(client.shop) != after:
                failed.append("after the second up the database is not what it was after the first")
            print(f"server's memory at most {memory_peak(server.process)} MB")
            client.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print("\n".join(failed) or "identical documents and indexes")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
