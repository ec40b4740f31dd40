# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever the data and the query: by an index as by a scan, sorted by an index as sorted in memory.

Data and queries are generated. PLUMB_PROPERTY_QUERIES sets how many queries (default 1500),
PLUMB_PROPERTY_SEED repeats a run: a failure prints its seed, the index and the query.
"""
import datetime
import os
import random
import unittest

import bson
from bson import Decimal128, Int64, ObjectId, Regex, Timestamp
from pymongo import errors

from plumbd import Plumbd

QUERIES = int(os.environ.get("PLUMB_PROPERTY_QUERIES", "1500"))
SEED = int(os.environ.get("PLUMB_PROPERTY_SEED", str(random.randrange(1 << 30))))
DOCUMENTS = 160
FIELDS = ["a", "b", "c", "d.x", "d.y", "e.x"]
INDEXES = [
    [("a", 1)], [("a", -1)], [("a", 1), ("b", 1)], [("a", 1), ("b", -1), ("c", 1)], [("b", 1), ("d.x", -1)],
    [("d.x", 1)], [("e.x", 1), ("a", -1)], [("c", 1)], [("d", 1)], [("d.x", 1), ("d.y", 1)],
]
OPTIONS = [{}, {}, {}, {"sparse": True}, {"partialFilterExpression": {"a": {"$gt": 1}}},
           {"partialFilterExpression": {"b": {"$exists": True}}}]

SCALARS = [
    None, True, False, 0, 1, 2, 3, -1, Int64(2), Int64(2 ** 53 + 1), 2.0, 2.5, -0.0, float("nan"), float("inf"),
    float("-inf"), Decimal128("2"), Decimal128("2.50"), Decimal128("NaN"), "", "a", "ab", "abc", "b", "z\0z",
    datetime.datetime(2026, 1, 1), datetime.datetime(1960, 1, 1), ObjectId("0" * 24), ObjectId("f" * 24),
    b"", b"ab", Regex("^a", "i"), Timestamp(1, 1), bson.MinKey(), bson.MaxKey(), {}, {"x": 1}, {"x": None},
    {"x": 1, "y": 2}, [], [1], [1, 2], ["a", "ab"], [[1]], [None], [{"x": 1}, {"x": 3}], [{"x": [1, 2]}, {"y": 1}],
]


# MongoDB 4.2 itself answers an ordered comparison with an array, MinKey or MaxKey from an index otherwise
# than from a scan (recorded in conformance/match.jsonl), and so do we: not asked here.
ORDERED = [value for value in SCALARS if not isinstance(value, (list, bson.MinKey, bson.MaxKey))]


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def value(self):
        return self.random.choice(SCALARS)

    def document(self, number):
        out = {"_id": number}
        for name in "abcde":
            if self.random.random() < 0.75:
                out[name] = self.value()
        return out

    def predicate(self):
        r = self.random
        kind = r.choice(["eq", "eq", "eq", "cmp", "cmp", "range", "in", "nin", "ne", "exists", "type", "regex",
                         "not", "size", "all", "elem", "mod"])
        if kind == "eq":
            return self.value()
        if kind == "cmp":
            return {r.choice(["$gt", "$gte", "$lt", "$lte"]): r.choice(ORDERED)}
        if kind == "range":
            return {"$gt": r.choice(ORDERED), "$lte": r.choice(ORDERED)}
        if kind in ("in", "nin"):
            return {"$" + kind: [self.value() for _ in range(r.randrange(5))]}
        if kind == "ne":
            return {"$ne": self.value()}
        if kind == "exists":
            return {"$exists": r.random() < 0.5}
        if kind == "type":
            return {"$type": r.choice(["number", "string", "array", "null", "object", "date", "bool"])}
        if kind == "regex":
            return {"$regex": r.choice(["^a", "^ab", "b", "^A", "a$", "^"]), "$options": r.choice(["", "", "i"])}
        if kind == "not":
            inner = self.predicate()
            return {"$not": inner if isinstance(inner, dict) and any(k.startswith("$") for k in inner) else {"$eq": inner}}
        if kind == "size":
            return {"$size": r.randrange(3)}
        if kind == "all":
            return {"$all": [self.value() for _ in range(1 + r.randrange(2))]}
        if kind == "elem":
            return r.choice([{"$elemMatch": {"x": self.value()}}, {"$elemMatch": {"$gte": 1, "$lt": 3}}])
        return {"$mod": [2, r.randrange(2)]}

    def query(self, depth=0):
        r = self.random
        shape = r.random()
        if shape < 0.15 and depth < 2:
            return {r.choice(["$or", "$or", "$and", "$nor"]): [self.query(depth + 1) for _ in range(1 + r.randrange(3))]}
        out = {r.choice(FIELDS): self.predicate() for _ in range(1 + r.randrange(3))}
        if shape > 0.9 and depth < 2:
            out["$or"] = [self.query(depth + 1), self.query(depth + 1)]
        return out

    def sort(self):
        r = self.random
        fields = r.sample(FIELDS, 1 + r.randrange(2))
        return [(field, r.choice([1, -1])) for field in fields] + [("_id", 1)]


def outcome(run):
    """What a query gives: its documents, or the code it fails with."""
    try:
        return [bson.encode(document) for document in run()]
    except errors.OperationFailure as failure:
        return failure.code


class IndexEqualsScan(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Plumbd().start()

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def test_any_index_any_query(self):
        generator = Generator(SEED)
        database = self.server.client().property
        rounds, checked = 0, 0
        while checked < QUERIES:
            rounds += 1
            database.drop_collection("plain")
            database.drop_collection("indexed")
            documents = [generator.document(number) for number in range(DOCUMENTS)]
            database.plain.insert_many(documents)
            made = []
            for keys in generator.random.sample(INDEXES, 2):
                options = generator.random.choice(OPTIONS)
                try:
                    made.append((database.indexed.create_index(keys, **options), options))
                except errors.OperationFailure:
                    continue
            stored = []
            for document in documents:
                try:
                    database.indexed.insert_one(document)
                    stored.append(document)
                except errors.OperationFailure as failure:
                    self.assertEqual(failure.code, 171)  # parallel arrays
                    database.plain.delete_one({"_id": document["_id"]})
            for _ in range(60):
                query = generator.query()
                sort = generator.sort()
                context = f"seed {SEED}, indexes {made}, query {query!r}"
                wanted = outcome(lambda: database.plain.find(query).sort("_id", 1))
                got = outcome(lambda: database.indexed.find(query))
                if isinstance(got, list):
                    got.sort(key=lambda raw: bson.decode(raw)["_id"])
                self.assertEqual(wanted, got, context)
                self.assertEqual(outcome(lambda: database.plain.find(query).sort(sort)),
                                 outcome(lambda: database.indexed.find(query).sort(sort)), f"{context}, sort {sort}")
                if isinstance(wanted, list):
                    self.assertEqual(len(wanted), database.indexed.count_documents(query), context)
                checked += 1


if __name__ == "__main__":
    unittest.main()
