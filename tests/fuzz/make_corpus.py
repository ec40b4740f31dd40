# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/fuzz/corpus anew from the recorded cases and the example project: small, and the same each time.

    make_corpus.py            # replaces the files it makes; others of a folder (findings) stay
"""
import json
import struct
import sys
import zlib
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE.parent / "conformance"), str(HERE.parent / "model")]

import bson  # noqa: E402
from bson import SON  # noqa: E402
from replay import dumps, loads  # noqa: E402

from cases import Cases  # noqa: E402

FILES, BYTES = 40, 4000
OP_QUERY, OP_COMPRESSED, OP_MSG = 2004, 2012, 2013
JSON_LOG = [
    {"t": {"$date": "2026-11-24T02:06:02.032+00:00"}, "s": "I", "c": "COMMAND", "id": 51803, "ctx": "conn60",
     "msg": "Slow query", "attr": {"type": "command", "ns": "shop.users", "command": {
         "find": "users", "filter": {"email": "a@x.in"}, "$db": "shop"}, "planSummary": "COLLSCAN", "keysExamined": 0,
         "docsExamined": 100000, "nreturned": 1, "queryHash": "12AB", "reslen": 300, "durationMillis": 120}},
    {"t": {"$date": "2026-11-24T02:06:03.000Z"}, "s": "I", "c": "WRITE", "id": 51803, "ctx": "conn61",
     "msg": "Slow query", "attr": {"type": "update", "ns": "shop.orders", "command": {
         "q": {"_id": 1}, "u": {"$set": {"a": [1, "}"]}}, "multi": False}, "durationMillis": 7}},
    {"t": {"$date": "2026-11-24T02:06:04.000+05:30"}, "s": "I", "c": "NETWORK", "id": 22943, "ctx": "listener",
     "msg": "Connection accepted", "attr": {"remote": "127.0.0.1:40000"}},
]


def write(name, inputs):
    folder = HERE / "corpus" / name
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("[0-9][0-9][0-9]"):
        old.unlink()
    seen = []
    for one in inputs:
        one = one.encode() if isinstance(one, str) else one
        if len(one) <= BYTES and one not in seen:
            seen.append(one)
    # Evenly over all, so that each group of recorded cases has its part.
    chosen = seen if len(seen) <= FILES else [seen[i * len(seen) // FILES] for i in range(FILES)]
    for number, one in enumerate(chosen):
        (folder / f"{number:03}").write_bytes(one)


def commands(file):
    for line in (ROOT / f"tests/conformance/{file}.jsonl").read_text().splitlines():
        for step in loads(line)["steps"]:
            yield from step["run"] if isinstance(step["run"], list) else [step["run"]]


def message(code, body, request=7):
    return struct.pack("<iiii", 16 + len(body), request, 0, code) + body


def op_msg(command):
    return message(OP_MSG, struct.pack("<I", 0) + b"\0" + bson.encode(command))


def messages(all_commands):
    for command in all_commands:
        whole = op_msg(SON([*command.items(), ("$db", "fuzz")]))
        yield whole
        body = whole[16:]
        yield message(OP_COMPRESSED, struct.pack("<iiB", OP_MSG, len(body), 2) + zlib.compress(body))
    sequence = b"documents\0" + bson.encode({"_id": 1}) + bson.encode({"_id": 2})
    yield message(OP_MSG, struct.pack("<I", 0) + b"\0" + bson.encode({"insert": "c", "$db": "fuzz"})
                  + b"\1" + struct.pack("<i", 4 + len(sequence)) + sequence)
    yield message(OP_QUERY, struct.pack("<I", 4) + b"admin.$cmd\0" + struct.pack("<ii", 0, -1)
                  + bson.encode({"isMaster": 1}))
    yield message(OP_QUERY, struct.pack("<I", 4) + b"fuzz.$cmd\0" + struct.pack("<ii", 0, -1)
                  + bson.encode({"$query": {"ping": 1}, "$readPreference": {"mode": "primary"}}))


def main():
    finds = [c for c in commands("match") if "find" in c]
    updates = [SON([("u", one["u"]), ("f", one.get("arrayFilters", []))])
               for c in commands("update") if "updates" in c for one in c["updates"]]
    pipelines = [SON(p=c["pipeline"]) for file in ("stage", "expression", "projection") for c in commands(file)
                 if isinstance(c.get("pipeline"), list)]
    documents = [Cases(seed).document(seed) for seed in range(FILES)]
    write("filter", [dumps(c["filter"]) for c in finds if "filter" in c])
    write("update", map(dumps, updates))
    write("projection", [dumps(c["projection"]) for c in commands("projection") if isinstance(c.get("projection"), dict)])
    write("pipeline", map(dumps, pipelines))
    write("json", map(dumps, documents))
    write("canary", map(dumps, documents[:8]))
    write("bson", map(bson.encode, documents))
    write("index_key", [bytes([number]) + bson.encode(document) for number, document in enumerate(documents)])
    write("message", messages(finds[::20][:FILES]))
    log = (ROOT / "tests/conformance/samples/mongod-4.2.log").read_text().splitlines()
    text = [line for line in log if "command" in line] + log[:20]
    write("log_line", [json.dumps(line) for line in JSON_LOG] + text[::max(1, len(text) // 60)])
    yaml = sorted((ROOT / "projects").rglob("*.yaml"))
    parts = [block for file in yaml for block in pieces(file.read_text())]
    write("yaml", parts)


def pieces(text):
    """A file if it is small, else its beginning: whole lines."""
    out, size = [], 0
    for line in text.splitlines(keepends=True):
        size += len(line.encode())
        if size > BYTES - 500:
            break
        out.append(line)
    return ["".join(out)]


if __name__ == "__main__":
    main()
