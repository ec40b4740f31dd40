# SPDX-License-Identifier: GPL-3.0-or-later
"""Sorted by an index as sorted in memory, window by window; written and deleted by an index as by a scan.

Documents of equal sort keys may come in any order among themselves, so the sort keys of the two answers are
compared, made here from the documents. PLUMB_PROPERTY_ROUNDS sets how many rounds of data (default 12),
PLUMB_PROPERTY_SEED repeats a run.
"""
import os
import random
import sys
import unittest
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / "model"), str(Path(__file__).parent)]

import bson  # noqa: E402
from bson import SON  # noqa: E402
from pymongo import errors  # noqa: E402

from order import key  # noqa: E402
from plumbd import Plumbd  # noqa: E402
from test_index_equals_scan import INDEXES, Generator, outcome  # noqa: E402

ROUNDS = int(os.environ.get("PLUMB_PROPERTY_ROUNDS", "12"))
SEED = int(os.environ.get("PLUMB_PROPERTY_SEED", str(random.randrange(1 << 30))))
DOCUMENTS = 150
UNDEFINED = (0.5,)  # an empty array's place: before null


def key_rows(document, paths):
    """The index keys of a document: one row for each element of the array that a path meets."""
    heads = {path.split(".")[0] for path in paths}
    array = next((head for head in sorted(heads) if isinstance(document.get(head), list)), None)
    if array is not None:
        out = []
        for element in document[array] or [UNDEFINED]:
            whole = {**document, array: element}
            out += key_rows_of(whole, paths)
        return out
    return key_rows_of(document, paths)


def key_rows_of(document, paths):
    row, rest = {}, {}
    for path in paths:
        head, _, tail = path.partition(".")
        value = document.get(head)
        if not tail:
            row[path] = UNDEFINED if value is UNDEFINED else key(value)
        elif isinstance(value, dict):
            rest.setdefault(head, []).append(tail)
        else:
            row[path] = key(None)
    rows = [row]
    for head, tails in rest.items():
        rows = [{**one, **{f"{head}.{tail}": part for tail, part in zip(tails, inner)}}
                for one in rows for inner in key_rows(document[head], tails)]
    return [[one[path] for path in paths] for one in rows]


class Reversed:
    """Turns the order of a key around."""

    def __init__(self, inner):
        self.inner = inner

    def __lt__(self, other):
        return other.inner < self.inner

    def __eq__(self, other):
        return self.inner == other.inner


def sort_key(document, pattern):
    rows = key_rows(document, [path for path, _ in pattern])
    directed = [[part if sign > 0 else Reversed(part) for part, (_, sign) in zip(row, pattern)] for row in rows]
    return min(directed)


class SortAndWrites(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Plumbd().start()
        cls.database = cls.server.client(document_class=SON).property

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def fill(self, generator):
        """The same documents in `plain` and, under three indexes, in `indexed`."""
        database, patterns = self.database, generator.random.sample(INDEXES, 3)
        for name in ("plain", "indexed"):
            database.drop_collection(name)
        for pattern in patterns:
            database.indexed.create_index(pattern)
        for number in range(DOCUMENTS):
            document = generator.document(number)
            try:
                database.indexed.insert_one(dict(document))
                database.plain.insert_one(document)
            except errors.OperationFailure as failure:
                self.assertEqual(failure.code, 171)  # parallel arrays
        return patterns

    def compare_sorted(self, generator, pattern, context):
        r = generator.random
        turned = pattern if r.random() < 0.5 else [(path, -sign) for path, sign in pattern]
        query = r.choice([{}, {}, generator.query()])
        skip, limit = r.choice([(0, 0), (0, 10), (7, 20), (DOCUMENTS - 5, 20)])
        context = f"{context}, query {query!r}, sort {turned}, skip {skip}, limit {limit}"
        by_index = outcome_documents(lambda: self.database.indexed.find(query).sort(turned).skip(skip).limit(limit)
                                     .hint(pattern))
        in_memory = outcome_documents(lambda: self.database.plain.find(query).sort(turned).skip(skip).limit(limit))
        if not isinstance(by_index, list) or not isinstance(in_memory, list):
            self.assertEqual(by_index, in_memory, context)
            return
        keys = [[sort_key(document, turned) for document in answer] for answer in (in_memory, by_index)]
        self.assertEqual(len(keys[0]), len(keys[1]), context)
        for place, (a, b) in enumerate(zip(*keys)):
            self.assertEqual(a, b, f"{context}, place {place}: {in_memory[place]} and {by_index[place]}")
            if place:
                self.assertFalse(a < keys[0][place - 1], f"{context}, place {place} is before {place - 1}: {in_memory[place]} {in_memory[place - 1]}")
        if not limit:
            self.assertEqual(*[sorted(d["_id"] for d in answer) for answer in (in_memory, by_index)], context)

    def test_sort_and_windows(self):
        generator = Generator(SEED)
        for round_ in range(ROUNDS):
            for pattern in self.fill(generator):
                context = f"seed {SEED}, round {round_}, index {pattern}"
                plan = self.database.indexed.find().sort(pattern).hint(pattern).explain()["queryPlanner"]["winningPlan"]
                self.assertNotIn("SORT", stages(plan), context)
                for _ in range(15):
                    self.compare_sorted(generator, pattern, context)

    def compare_all(self, patterns, context):
        plain, indexed = (list(self.database[name].find().sort("_id", 1)) for name in ("plain", "indexed"))
        self.assertEqual([bson.encode(d) for d in plain], [bson.encode(d) for d in indexed], context)
        reply = self.database.command("validate", "indexed", full=True)
        self.assertTrue(reply["valid"], f"{context}: {reply.get('errors')}")
        for pattern in patterns:
            by_index = sorted(d["_id"] for d in self.database.indexed.find().hint(pattern))
            self.assertEqual([d["_id"] for d in plain], by_index, f"{context}, index {pattern}")

    def test_writes_and_deletes(self):
        generator = Generator(SEED + 1)
        r = generator.random
        scalars = [1, 2, 3, "a", "b", None, 2.5, {"x": 1}, {"x": 2, "y": 1}]
        for round_ in range(ROUNDS):
            patterns = self.fill(generator)
            for _ in range(12):
                query = generator.query()
                change = r.choice([{"$set": {r.choice("abcd"): r.choice(scalars)}}, {"$unset": {r.choice("abcde"): 1}},
                                   {"$set": {"d": {"x": r.choice(scalars[:6]), "y": 1}}}])
                context = f"seed {SEED}, round {round_}, indexes {patterns}, query {query!r}, change {change!r}"
                answers = []
                for name in ("plain", "indexed"):
                    try:
                        done = self.database[name].update_many(query, change)
                        answers.append((done.matched_count, done.modified_count))
                    except errors.WriteError as failure:
                        answers.append(failure.code)
                self.assertEqual(*answers, context)
                self.assertEqual(outcome(lambda: self.database.plain.find(query).sort("_id", 1)),
                                 outcome(lambda: self.database.indexed.find(query).sort("_id", 1)), context)
            self.compare_all(patterns, context)
            for _ in range(4):
                query = {"$and": [generator.query(), {"_id": {"$mod": [2, r.randrange(2)]}}]}
                context = f"seed {SEED}, round {round_}, indexes {patterns}, delete {query!r}"
                answers = []
                for name in ("plain", "indexed"):
                    try:
                        answers.append(self.database[name].delete_many(query).deleted_count)
                    except errors.WriteError as failure:
                        answers.append(failure.code)
                self.assertEqual(*answers, context)
                self.compare_all(patterns, context)


def outcome_documents(run):
    try:
        return list(run())
    except errors.OperationFailure as failure:
        return failure.code


def stages(plan):
    out = [plan["stage"]]
    for inner in [plan.get("inputStage")] + plan.get("inputStages", []):
        out += stages(inner) if inner else []
    return out


if __name__ == "__main__":
    unittest.main()
