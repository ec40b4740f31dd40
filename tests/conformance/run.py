# SPDX-License-Identifier: GPL-3.0-or-later
"""Replays the recorded replies of MongoDB 4.2 against plumbd, file by file.

floors.json holds how many cases of each file must be equal. It is a ratchet: fewer fail the test;
run.py --raise writes down that more are equal now, and never lowers a number.
"""
import json
import re
import subprocess
import sys
from pathlib import Path

from plumbd import Plumbd

HERE = Path(__file__).parent
FLOORS = HERE / "floors.json"


def passed_and_total(url, path):
    done = subprocess.run([sys.executable, "-B", HERE / "replay.py", "--url", url, "--failures", "5", path],
                          text=True, capture_output=True, check=False)
    found = re.search(r"^(\d+) passed, (\d+) failed$", done.stdout, re.M)
    if not found:
        raise RuntimeError(f"{path.name}: {done.stdout[-500:]}{done.stderr[-2000:]}")
    passed, failed = map(int, found.groups())
    return passed, passed + failed, done.stdout


def main():
    floors = json.loads(FLOORS.read_text())
    wrong = 0
    with Plumbd() as server:
        for path in sorted(HERE.glob("*.jsonl")):
            passed, total, output = passed_and_total(server.url, path)
            floor = floors.get(path.stem, 0)
            print(f"{path.stem:12} {passed:5} of {total:5}  ({100 * passed / total:5.1f} %, floor {floor})")
            if "--raise" in sys.argv:
                floors[path.stem] = max(floor, passed)
            elif passed > floor:
                print("  more than the floor: run.py --raise writes it down")
            elif passed < floor:
                wrong += 1
                print("  fewer than the floor\n" + output)
    if "--raise" in sys.argv:
        FLOORS.write_text(json.dumps(floors, indent=2, sort_keys=True) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
