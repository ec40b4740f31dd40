#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scans and pipelines on two plumbd programs, in turn on the same orders: processor time of each server, and the ratio.

    bench/query/compare_servers.py BEFORE AFTER [--documents 300000] [--rounds 6]

The orders have the shape and size of bench/anchor's. Nothing has an index but _id.
"""
import argparse
import datetime
import os
import random
import re
import subprocess
import tempfile
from pathlib import Path

import pymongo

MONTH = {"delivery_date": {"$gte": "2025-03-01", "$lte": "2025-03-31"}}
SUM = {"n": {"$sum": 1}, "amount": {"$sum": "$total_amount"}}
PIPELINES = {
    "report of a month": [{"$match": MONTH},
                          {"$group": {"_id": {"d": "$delivery_date", "s": "$status"}, **SUM}}, {"$sort": {"_id": 1}}],
    "group by day over all": [{"$group": {"_id": "$delivery_date", **SUM}}, {"$sort": {"_id": 1}}],
    "unwind, revenue by product": [{"$unwind": "$items"}, {"$group": {
        "_id": "$items.product_id", "r": {"$sum": {"$multiply": ["$items.quantity", "$items.price"]}}}}],
    "day from a date": [{"$group": {"_id": {"$dateToString": {"format": "%Y-%m-%d", "date": "$at"}}, **SUM}}],
    "sort by two fields": [{"$sort": {"status": 1, "delivery_date": -1}}, {"$limit": 100}],
}
QUERIES = {
    "count, no match": lambda db: db.command("count", "orders", query={"id": "nope"}),
    "find a month's orders": lambda db: db.command("find", "orders", filter={**MONTH, "status": "delivered"},
                                                   batchSize=20_000, singleBatch=True),
    **{name: (lambda stages: lambda db: db.command("aggregate", "orders", pipeline=stages, cursor={}))(stages)
       for name, stages in PIPELINES.items()},
}


class Server:
    def __init__(self, program, folder):
        self.process = subprocess.Popen([program, "--port", "0", "--data", folder, "--cache-size-mb", "1024"],
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        port = int(re.search(r"listening on [\d.]+:(\d+)", self.process.stdout.readline()).group(1))
        self.db = pymongo.MongoClient("127.0.0.1", port).scan

    def seconds(self):
        with open(f"/proc/{self.process.pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        self.process.terminate()
        self.process.wait()


def orders(count):

    choose = random.Random(7)
    statuses = ["delivered"] * 84 + ["pending"] * 6 + ["cancelled"] * 6 + ["confirmed"] * 4
    start = datetime.datetime(2025, 1, 1)
    for number in range(count):
        at = start + datetime.timedelta(minutes=choose.randrange(730 * 24 * 60))
        yield {"_id": number, "id": f"ord_{number:08x}-0000-4000-8000-{number:012x}",
               "user_id": f"usr_00000000-0000-4000-8000-{choose.randrange(count // 5 + 1):012x}",
               "status": choose.choice(statuses), "delivery_date": f"{at:%Y-%m-%d}",
               "total_amount": choose.randrange(5000) / 10,
               "items": [{"product_id": "prd_00000000-0000-4000-8000-000000000001", "quantity": k + 1, "price": 12.5}
                         for k in range(3)],
               "address": "x" * 330, "at": at, "billed": number % 3 == 0}


def load(db, count):
    batch = []
    for order in orders(count):
        batch.append(order)
        if len(batch) == 5000:
            db.orders.insert_many(batch)
            batch = []
    if batch:
        db.orders.insert_many(batch)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before")
    parser.add_argument("after")
    parser.add_argument("--documents", type=int, default=300_000)
    parser.add_argument("--rounds", type=int, default=6)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="plumb-scan-") as folder:
        servers = [Server(program, Path(folder, str(number))) for number, program in
                   enumerate((args.before, args.after))]
        try:
            for server in servers:
                load(server.db, args.documents)
            print("| query | before, ms | after, ms | ratio |\n|---|---|---|---|")
            for name, ask in QUERIES.items():
                used = [0.0, 0.0]
                for _ in range(args.rounds):
                    for number, server in enumerate(servers):
                        began = server.seconds()
                        for _ in range(3):
                            ask(server.db)
                        used[number] += server.seconds() - began
                runs = args.rounds * 3
                print(f"| {name} | {used[0] / runs * 1000:.0f} | {used[1] / runs * 1000:.0f} | "
                      f"{used[1] / used[0]:.2f}× |", flush=True)
        finally:
            for server in servers:
                server.stop()


if __name__ == "__main__":
    main()
