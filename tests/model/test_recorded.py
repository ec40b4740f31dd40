# SPDX-License-Identifier: GPL-3.0-or-later
"""The reference model against the recorded replies of MongoDB 4.2: what the model is worth."""
import sys
import unittest
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "conformance")]

import bson  # noqa: E402
from replay import CODEC, loads, same  # noqa: E402

from match import Bad, matches  # noqa: E402
from update import applied  # noqa: E402

# Beyond the model: expressions, schemas, paths with empty parts, and the order of an index that has
# MinKey and MaxKey (4.2 answers these otherwise than a scan).
BEYOND = ("$expr", "$jsonSchema", "$where", "$alwaysTrue", "$alwaysFalse")
UPSERTS_AND_PIPELINES = ("update/upsert", "update/multi", "update/pipeline")


def groups(name):
    for line in (HERE.parent / "conformance" / f"{name}.jsonl").read_text().splitlines():
        group = loads(line)
        # As the driver would give them: once through BSON.
        documents = {c["name"]: [bson.decode(bson.encode(d), CODEC) for d in c.get("docs", [])]
                     for c in group["setup"]["collections"]}
        yield group, documents


def in_scope(query):
    return not set(query) & set(BEYOND) and all(all(part for part in path.split(".")) for path in query)


class Recorded(unittest.TestCase):
    def test_match(self):
        asked = 0
        for group, documents in groups("match"):
            if group["name"].startswith("match/ix"):
                continue
            for step in group["steps"]:
                command, expect = step["run"], step["expect"][0]
                if "find" not in command or not in_scope(command["filter"]):
                    continue
                query = bson.decode(bson.encode(command["filter"]), CODEC)
                asked += 1
                try:
                    got = [d["_id"] for d in documents[command["find"]] if matches(d, query)]
                    wanted = [d["_id"] for d in expect["cursor"]["firstBatch"]] if "cursor" in expect else expect
                except Bad as bad:
                    got, wanted = bad.code, expect.get("code")
                self.assertEqual(got, wanted, f"{step['id']} {query}")
        self.assertGreater(asked, 200)

    def test_update(self):
        asked = 0
        for group, documents in groups("update"):
            if group["name"] in UPSERTS_AND_PIPELINES:
                continue
            before = {d["_id"]: d for d in documents["c"]}
            for step in group["steps"]:
                one = step["run"][0]["updates"][0]
                one = bson.decode(bson.encode(one), CODEC)
                chosen = [d for d in before.values() if matches(d, one["q"])]
                wanted_errors = step["expect"][0].get("writeErrors")
                got = dict(before)
                try:
                    for document in chosen[:1]:
                        got[document["_id"]] = applied(document, one["u"], one["q"], one.get("arrayFilters", ()))
                    code = None
                except Bad as bad:
                    code = bad.code
                asked += 1
                self.assertEqual(code, wanted_errors[0]["code"] if wanted_errors else None, f"{step['id']} {one}")
                if code is None:
                    stored = step["expect"][1]["cursor"]["firstBatch"]
                    plain = [bson.decode(bson.encode(d), CODEC) for d in got.values()]
                    self.assertTrue(same(list(stored), plain), f"{step['id']} {one}\n{stored}\n{plain}")
        self.assertGreater(asked, 100)


if __name__ == "__main__":
    unittest.main()
