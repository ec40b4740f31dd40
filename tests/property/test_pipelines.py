# SPDX-License-Identifier: GPL-3.0-or-later
"""Generated pipelines: optimised as stage by stage, $lookup by an index as without, spilled as in memory.

A barrier between two stages (all documents into one, and out again) lets nothing be pushed down or moved
across. PLUMB_PROPERTY_PIPELINES sets how many pipelines (default 350), PLUMB_PROPERTY_SEED repeats a run.
"""
import os
import random
import sys
import unittest
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / "model"), str(Path(__file__).parent)]

from bson import SON  # noqa: E402
from pymongo import errors  # noqa: E402

from order import key  # noqa: E402
from plumbd import Plumbd  # noqa: E402
from test_index_equals_scan import FIELDS, Generator  # noqa: E402

PIPELINES = int(os.environ.get("PLUMB_PROPERTY_PIPELINES", "350"))
SEED = int(os.environ.get("PLUMB_PROPERTY_SEED", str(random.randrange(1 << 30))))
BARRIER = [{"$group": {"_id": None, "all": {"$push": "$$ROOT"}}}, {"$unwind": "$all"},
           {"$replaceRoot": {"newRoot": "$all"}}]
OVER_MEMORY_LIMIT = (16819, 16945)  # $sort's code, $group's


class Pipelines(Generator):
    """Until the first $group or $unwind each document has its own _id: there a sort can be total.

    Sorted is by `k`, a number in each document: of a field that may be missing, null or [] 4.2's $sort
    makes another order than its indexes do.
    """

    def document(self, number):
        return {**super().document(number), "k": self.random.randrange(10)}

    def total_sort(self):
        return {"$sort": SON([("k", self.random.choice([1, -1])), ("_id", 1)])}

    def expression(self):
        r = self.random
        return r.choice([f"${r.choice(FIELDS)}", {"$type": "$a"}, {"$ifNull": ["$b", "none"]}, {"$eq": ["$a", "$b"]},
                         {"$cond": [{"$gt": ["$a", 1]}, "$b", "$c"]}, {"$literal": 1}, ["$a", "$c"],
                         {"$cmp": ["$a", "$d.x"]}, {"$let": {"vars": {"v": "$a"}, "in": "$$v"}}])

    def early_stage(self):
        r = self.random
        kind = r.choice(["match", "match", "match", "project", "exclude", "add", "sort", "window", "lookup", "redact"])
        if kind == "match":
            return [{"$match": self.query()}]
        if kind == "project":
            fields = {"k": 1, **{f: 1 for f in r.sample(["a", "b", "c", "d.x", "e"], 1 + r.randrange(3))}}
            if r.random() < 0.4:
                fields["n"] = self.expression()
            return [{"$project": fields}]
        if kind == "exclude":
            return [{"$project": {f: 0 for f in r.sample(["c", "d.y", "e"], 1 + r.randrange(2))}}]
        if kind == "add":
            return [{"$addFields": {r.choice(["n", "a", "d.z", "b"]): self.expression()}}]
        if kind == "sort":
            return [self.total_sort()]
        if kind == "window":
            window = [{"$skip": r.randrange(20)}, {"$limit": 1 + r.randrange(60)}]
            return [self.total_sort()] + (window if r.random() < 0.5 else window[1:])
        if kind == "lookup":
            return [{"$lookup": {"from": "other", "localField": r.choice(["a", "b", "d.x"]),
                                 "foreignField": r.choice(["a", "d.x"]), "as": "o"}},
                    {"$addFields": {"o": {"$size": "$o"}}}]
        return [{"$redact": {"$cond": [{"$gt": ["$_id", 3]}, "$$KEEP", "$$PRUNE"]}}]

    def late_stage(self):
        r = self.random
        return r.choice([
            [{"$unwind": {"path": "$" + r.choice("abc"), "preserveNullAndEmptyArrays": r.random() < 0.5}}],
            [{"$unwind": {"path": "$c", "includeArrayIndex": "i"}}, {"$match": self.query()}],
            [{"$match": self.query()}], [{"$sort": {"a": 1}}], [{"$project": {"_id": 0, "a": 1, "b": 1}}]])

    def last_stage(self):
        r = self.random
        group = SON(_id=r.choice([f"${r.choice('abc')}", None, {"x": "$a", "y": {"$type": "$b"}}]))
        group.update(r.choice([{"n": {"$sum": 1}}, {"m": {"$max": "$b"}, "l": {"$min": "$c"}}, {"s": {"$sum": "$a"}}]))
        return r.choice([[{"$group": group}], [{"$count": "n"}], [{"$sortByCount": "$a"}],
                         [{"$group": group}, {"$match": {"_id": self.value()}}],
                         [{"$group": group}, {"$sort": {"_id": 1}}]])

    def pipeline(self):
        r = self.random
        out = [stage for _ in range(1 + r.randrange(4)) for stage in self.early_stage()]
        ordered = any("$sort" in stage for stage in out)
        if r.random() < 0.3:
            out += self.late_stage()
            ordered = False
        if r.random() < 0.35:
            out += self.last_stage()
            ordered = False
        return out, ordered


def canonical(documents, ordered):
    """By value: which of 1 and 1.0 stands for a group depends on the order of equals."""
    keys = [key(plain(document)) for document in documents]
    return keys if ordered else sorted(keys)


def plain(value):
    """Sums of doubles depend on their order in the last digits."""
    if isinstance(value, dict):
        return SON((name, plain(part)) for name, part in value.items())
    if isinstance(value, list):
        return [plain(part) for part in value]
    return round(value, 9) if isinstance(value, float) and abs(value) < 1e9 else value


def answer(collection, pipeline, ordered, **options):
    try:
        return canonical(list(collection.aggregate(pipeline, **options)), ordered)
    except errors.OperationFailure as failure:
        return failure.code


class OptimisedAsNot(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Plumbd().start()
        cls.database = cls.server.client(document_class=SON).pipelines

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def fill(self, generator):
        for name in ("plain", "indexed", "other"):
            self.database.drop_collection(name)
        documents = [generator.document(number) for number in range(100)]
        self.database.plain.insert_many([dict(document) for document in documents])
        self.database.indexed.insert_many(documents)
        self.database.other.insert_many([generator.document(number) for number in range(60)])
        for keys in ([("k", 1), ("_id", 1)], [("a", 1)], [("b", -1), ("k", 1)], [("d.x", 1)]):
            self.database.indexed.create_index(keys)

    def test_pipelines(self):
        generator = Pipelines(SEED)
        failed = 0
        for number in range(PIPELINES):
            if number % 100 == 0:
                self.fill(generator)
            pipeline, ordered = generator.pipeline()
            context = f"seed {SEED}, pipeline {pipeline!r}"
            by_stage = BARRIER + [part for stage in pipeline for part in [stage, *BARRIER]]
            wanted = answer(self.database.plain, by_stage, ordered)
            for name in ("plain", "indexed"):
                got = answer(self.database[name], pipeline, ordered)
                if isinstance(got, list) and isinstance(wanted, list):
                    self.assertEqual(wanted, got, f"{context} on {name}")
                else:
                    # A failing expression may be spared by a $match that went before it, or the other way round.
                    failed += 1
            if number % 3 == 0:
                self.database.other.create_index(generator.random.choice(["a", "d.x"]))
            elif number % 3 == 2:
                self.database.other.drop_indexes()
        self.assertLess(failed, PIPELINES // 5)

    def test_lookup_by_an_index(self):
        generator = Pipelines(SEED + 1)
        self.fill(generator)
        for local in FIELDS:
            for foreign in ("a", "b", "d.x", "e.x"):
                pipelines = [
                    [{"$lookup": {"from": "other", "localField": local, "foreignField": foreign, "as": "o"}}],
                    [{"$lookup": {"from": "other", "let": {"v": f"${local}"}, "as": "o", "pipeline": [
                        {"$match": {"$expr": {"$eq": [f"${foreign}", "$$v"]}}}, {"$sort": {"_id": 1}}]}}],
                ]
                for pipeline in pipelines:
                    pipeline += [{"$unwind": "$o"}, {"$project": {"o": "$o._id"}}]
                    self.database.other.drop_indexes()
                    without = answer(self.database.plain, pipeline, False)
                    self.database.other.create_index(foreign)
                    self.assertEqual(without, answer(self.database.plain, pipeline, False),
                                     f"seed {SEED}, pipeline {pipeline}")

    def test_spilled_as_in_memory(self):
        """130 MB through a stage that may keep 100; the same without the ballast stays in memory."""
        r = random.Random(SEED)
        wide, count, ballast = self.database.wide, 130, 1 << 20
        wide.drop()
        wide.insert_many([{"_id": i, "k": r.randrange(20), "pad": chr(97 + i % 26) * ballast} for i in range(count)])
        size = {"$strLenBytes": "$pad"}
        stages = [
            ([{"$sort": SON([("k", 1), ("_id", -1)])}], [{"$project": {"k": 1, "size": size}}]),
            ([{"$group": {"_id": "$_id", "k": {"$first": "$k"}, "pad": {"$first": "$pad"}}}],
             [{"$project": {"k": 1, "size": size}}, {"$sort": {"_id": 1}}]),
        ]
        for heavy, after in stages:
            with self.assertRaises(errors.OperationFailure) as caught:
                list(wide.aggregate(heavy + after))
            self.assertIn(caught.exception.code, OVER_MEMORY_LIMIT)
            spilled = list(wide.aggregate(heavy + after, allowDiskUse=True))
            light = [{"$addFields": {"pad": "x"}}, *heavy, *after]
            in_memory = list(wide.aggregate(light))
            self.assertEqual([(d["_id"], d["k"]) for d in in_memory], [(d["_id"], d["k"]) for d in spilled])
            self.assertEqual({ballast}, {d["size"] for d in spilled})
        wide.drop()


if __name__ == "__main__":
    unittest.main()
