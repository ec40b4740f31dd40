#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs query_bench and prints documents a second with the pipeline parsed once and parsed for each, and their ratio.

    cmake --build build --target query_bench && bench/query/compare.py [build/bin/query_bench] [FILTER]

Rates are of processor time, so that other work on the machine matters little.
"""
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main():
    binary = sys.argv[1] if len(sys.argv) > 1 else ROOT / "build/bin/query_bench"
    command = [binary, "--benchmark_format=json", "--benchmark_min_time=0.5"]
    if len(sys.argv) > 2:
        command.append(f"--benchmark_filter={sys.argv[2]}")
    run = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rates = {}
    for each in json.loads(run)["benchmarks"]:
        name, form = each["name"].rsplit("/", 1)
        rates.setdefault(name, {})[form] = each["items_per_second"]
    print("| pipeline | parsed once, documents/s | parsed for each, documents/s | ratio |\n|---|---|---|---|")
    for name, rate in rates.items():
        print(f"| {name} | {rate['once']:,.0f} | {rate['each']:,.0f} | {rate['once'] / rate['each']:.1f}× |")


if __name__ == "__main__":
    main()
