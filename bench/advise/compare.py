#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A written strategy against the set that `plumb advise` makes of as many indexes, measured.

    bench/advise/compare.py [--scale 20000] [--priority 1] [--rounds 2] [--project projects/earlybird]

The data are generated once. Each round creates the document's indexes, runs `plumb bench`, drops them,
and does the same with the advised set. Printed are the workload's time and its documents and keys
examined, each query by its frequency, under both sets; the least time of the rounds counts.
"""
import argparse
import json
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))
from plumbd import Plumbd, plumb  # noqa: E402
from bson import json_util  # noqa: E402
import yaml  # noqa: E402

HOUR = 3600


class Workshop:
    def __init__(self, server, options, folder):
        self.options = options
        self.folder = folder
        self.common = ("--url", server.url, "--db", "compared", "--project", options.project)
        self.db = server.client().compared

    def plumb(self, *arguments):
        return plumb(*arguments, *self.common, cwd=self.folder, check=0, timeout=HOUR).stdout

    def advised(self, *limits):
        advice = json_util.loads(self.plumb("advise", "--json", "--quiet", *limits))
        return advice, [
            {"collection": index["collection"], "key": index["key"], "partial": index.get("partial"),
             "sparse": index.get("sparse", False)}
            for index in advice["indexes"] if index["what"] == "add"]

    def declared(self):
        strategy = yaml.safe_load((Path(self.options.project) / "strategy.yaml").read_text())
        return [index for index in strategy["indexes"]
                if not self.options.priority or index.get("priority", 1) <= self.options.priority]

    def create(self, indexes):
        for index in indexes:
            options = {name: index[name] for name in ("unique", "sparse") if index.get(name)}
            if index.get("partial"):
                options["partialFilterExpression"] = index["partial"]
            self.db[index["collection"]].create_index(list(index["key"].items()), **options)

    def drop(self):
        for name in self.db.list_collection_names():
            self.db[name].drop_indexes()

    def measure(self, indexes):
        self.create(indexes)
        rows = json.loads(self.plumb("bench", "--json", "--quiet", "--samples", self.options.samples))
        self.drop()
        return {row["id"]: row for row in rows["rows"] if not row["error"]}


def least(measured):
    """Of several rounds, each query's with the least median."""
    out = {}
    for rows in measured:
        for name, row in rows.items():
            if name not in out or row["p50_ns"] < out[name]["p50_ns"]:
                out[name] = row
    return out


def totals(rows):
    """Of a minute of the workload: ms, documents, keys examined."""
    return {"time, ms": sum(row["frequency"] * row["p50_ns"] / 1e6 for row in rows.values()),
            "documents examined": sum(row["frequency"] * row["docs_examined"] for row in rows.values()),
            "keys examined": sum(row["frequency"] * row["keys_examined"] for row in rows.values())}


def show(name, none, document, advised):
    ratio = advised / document if document else float("nan")
    print(f"{name:<22}{none:>16,.1f}{document:>16,.1f}{advised:>16,.1f}{ratio:>10.2f}")


def report(options, sets, rows):
    print(f"{options.scale} orders, {options.rounds} rounds; a minute of the workload\n")
    print(f"{'':<22}{'no indexes':>16}{'document':>16}{'advice':>16}{'advice/document':>17}")
    print(f"{'indexes':<22}{0:>16}{len(sets['document']):>16}{len(sets['advice']):>16}")
    whole = {name: totals(each) for name, each in rows.items()}
    for figure in whole["none"]:
        show(figure, *(whole[name][figure] for name in ("none", "document", "advice")))
    print(f"\n{'ms a minute':<22}")
    order = sorted(rows["none"], key=lambda name: -rows["none"][name]["frequency"])
    for name in order:
        if all(name in each for each in rows.values()):
            show(name, *(rows[which][name]["frequency"] * rows[which][name]["p50_ns"] / 1e6
                         for which in ("none", "document", "advice")))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scale", type=int, default=20_000, help="orders")
    parser.add_argument("--priority", type=int, default=1, help="of the document's indexes, up to; 0: all")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--samples", type=int, default=100, help="of each query")
    parser.add_argument("--project", default=str(ROOT / "projects/earlybird"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Plumbd(
            arguments=["--cache-size-mb", "1024"]) as server:
        work = Workshop(server, options, folder)
        work.plumb("generate", "--quiet", "--faults", "0", "--scale", options.scale)
        document = work.declared()
        advice, advised = work.advised(
            "--max-total", len(document), "--against", f"{options.project}/strategy.yaml",
            "--against-priority", options.priority)
        for index in advised:
            part = f" where {json_util.dumps(index['partial'])}" if index["partial"] else ""
            print(f"  advised: {index['collection']} {json_util.dumps(index['key'])}{part}")
        against = advice["against"]
        print(f"estimated: the advice costs {against['advice']['cost_us'] / against['document']['cost_us']:.2f} "
              "of the document's set\n")
        measured = {"none": [work.measure([])], "document": [], "advice": []}
        for _ in range(options.rounds):
            measured["document"].append(work.measure(document))
            measured["advice"].append(work.measure(advised))
        report(options, {"document": document, "advice": advised},
               {name: least(each) for name, each in measured.items()})


if __name__ == "__main__":
    main()
