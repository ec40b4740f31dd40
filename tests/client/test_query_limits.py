# SPDX-License-Identifier: GPL-3.0-or-later
"""What is too deep, too long or too much ends with its error: plumbd goes on, and stays small."""
import threading
import unittest

import pymongo
from pymongo import errors

from plumbd import Plumbd

# Past what the server may take: its cache, one evaluation's or stage's memory, and what they copy.
MEMORY_MAX_MB = 700

OVERFLOW = 15
BAD_VALUE = 2
TIME_LIMIT = 50
MEMORY = 146
REGEX_FAILED = 51156
TOO_LARGE = 10334
UPDATE_TOO_LARGE = 17419
GROUP_MEMORY = 16945
SORT_MEMORY = 16819
FIND_SORT_MEMORY = 96
GRAPH_MEMORY = 40099
LOOKUP_TOO_LARGE = 4568

BACKTRACKING = {"$regex": "^(a+)+$"}


def nested(levels, wrap, innermost):
    for _ in range(levels):
        innermost = wrap(innermost)
    return innermost


def doubled(operator, first, made):
    """A value that doubles 64 times, were it allowed to."""
    return {"$project": {"v": {made: {"$reduce": {
        "input": {"$range": ["$zero", 64]}, "initialValue": first, "in": {operator: ["$$value", "$$value"]}}}}}}


LONG = {"$range": ["$zero", 3_000_000]}
SIZE_OF = {
    "a range of all integers": {"$range": ["$zero", 2147483647]},
    "a range that is constant": {"$range": [0, 2147483647]},
    "a zip of forty ranges": {"$zip": {"useLongestLength": True, "inputs": [LONG] * 40}},
    "a range for each of a range": {"$map": {"input": {"$range": ["$zero", 100_000]},
                                             "in": {"$range": ["$zero", 100_000]}}},
    "many arrays in one": {"$concatArrays": [LONG] * 200},
}

UNWOUND = [{"$unwind": "$a"}, {"$unwind": "$b"}]
BLOW_UPS = {
    "one group of everything": ([*UNWOUND, {"$group": {"_id": None, "x": {"$push": "$$ROOT"}}}], GROUP_MEMORY),
    "a set of everything": ([*UNWOUND, {"$group": {"_id": None, "x": {"$addToSet": "$$ROOT"}}}], GROUP_MEMORY),
    "a group for each": ([*UNWOUND, {"$unwind": "$c"}, {"$group": {"_id": "$$ROOT"}}], GROUP_MEMORY),
    "a sort of everything": ([*UNWOUND, {"$sort": {"a": 1}}, {"$project": {"a": 1, "b": 1, "c": 1}}], SORT_MEMORY),
    "buckets of everything": ([*UNWOUND, {"$bucketAuto": {"groupBy": "$a", "buckets": 5,
                                                           "output": {"c": {"$last": "$c"}}}}], SORT_MEMORY),
    "facets of everything": ([*UNWOUND, {"$facet": {"x": [{"$match": {}}]}}], TOO_LARGE),
}


class QueryLimits(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Plumbd(arguments=["--cache-size-mb", "64"]).start()
        cls.client = cls.server.client()
        cls.db = cls.client.limits
        cls.db.one.insert_one({"_id": 1, "n": 1, "zero": 0, "s": "a" * 40 + "!"})
        cls.db.many.insert_many([{"_id": i, "n": i} for i in range(20_000)])
        cls.db.wide.insert_many([{"_id": i, **{name: list(range(100)) for name in "abc"}} for i in range(200)])
        cls.db.chain.insert_many([{"_id": i, "to": i + 1, "pad": "x" * 20_000} for i in range(6000)])

    @classmethod
    def tearDownClass(cls):
        cls.client.close()
        cls.server.__exit__()

    def tearDown(self):
        self.assertEqual(self.client.admin.command("ping")["ok"], 1)
        with open(f"/proc/{self.server.process.pid}/status") as status:
            peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) // 1024
        self.assertLess(peak, MEMORY_MAX_MB)

    def refused(self, code, ask):
        with self.assertRaises(errors.OperationFailure) as failure:
            ask()
        self.assertEqual(failure.exception.code, code, failure.exception)
        if code == OVERFLOW:
            # What nests too deep for a message ends its connection; the client opens another.
            self.client.close()

    def run_pipeline(self, collection, *stages, **options):
        return list(self.db[collection].aggregate(list(stages), **options))

    def test_documents_nest_a_hundred_deep(self):
        deep = lambda levels: nested(levels, lambda inner: {"a": inner}, 1)
        self.db.deep.insert_one(deep(100))
        for levels in (101, 150, 199, 250):
            self.refused(OVERFLOW, lambda: self.db.deep.insert_one(deep(levels)))
        self.refused(OVERFLOW, lambda: self.db.one.find_one({"x": deep(250)}))

    def test_filters_nest_as_deep_as_a_message(self):
        for operator in ("$and", "$or", "$nor"):
            deep = lambda levels: nested(levels, lambda inner: {operator: [inner]}, {"n": 1})
            self.db.one.find_one(deep(90))
            for levels in (100, 200):
                self.refused(OVERFLOW, lambda: self.db.one.find_one(deep(levels)))

    def test_expressions_nest_as_deep_as_a_message(self):
        deep = lambda levels: {"$project": {"v": nested(levels, lambda inner: {"$add": [inner, 1]}, "$n")}}
        self.assertEqual(self.run_pipeline("one", deep(90)), [{"_id": 1, "v": 91}])
        for levels in (100, 200):
            self.refused(OVERFLOW, lambda: self.run_pipeline("one", deep(levels)))

    def test_pipelines_nest_as_deep_as_a_message(self):
        deep = lambda levels: nested(
            levels, lambda inner: {"$lookup": {"from": "one", "pipeline": [inner], "as": "x"}}, {"$match": {}})
        self.assertEqual(len(self.run_pipeline("one", deep(20))), 1)
        self.refused(OVERFLOW, lambda: self.run_pipeline("one", deep(100)))

    def test_a_pipeline_has_a_thousand_stages(self):
        self.assertEqual(len(self.run_pipeline("one", *[{"$match": {"n": 1}}] * 1000)), 1)
        last = self.run_pipeline("one", *[{"$addFields": {f"f{i}": i}} for i in range(1000)])[0]
        self.assertEqual(last["f999"], 999)
        self.refused(BAD_VALUE, lambda: self.run_pipeline("one", *[{"$match": {}}] * 1001))

    def test_in_takes_a_hundred_thousand_values(self):
        values = list(range(0, 200_000, 2))
        for field in ("n", "_id"):
            self.assertEqual(self.db.many.count_documents({field: {"$in": values}}), 10_000)
        self.db.many.create_index("n")
        found = self.db.many.find({"n": {"$in": values}}).sort("n", pymongo.DESCENDING)
        self.assertEqual([document["n"] for document in found], list(range(19_998, -1, -2)))

    def test_a_regex_that_backtracks_for_ever_ends(self):
        self.assertIsNone(self.db.one.find_one({"s": BACKTRACKING}))
        for operator in ("$regexMatch", "$regexFind", "$regexFindAll"):
            search = {operator: {"input": "$s", "regex": BACKTRACKING["$regex"]}}
            self.refused(REGEX_FAILED, lambda: self.run_pipeline("one", {"$project": {"v": search}}))

    def test_others_are_served_meanwhile(self):
        self.db.back.insert_many([{"s": "a" * 40 + "!"} for _ in range(5000)])
        ended = []

        def search():
            try:
                list(self.db.back.find({"s": BACKTRACKING}, max_time_ms=1500))
            except errors.ExecutionTimeout as failure:
                ended.append(failure.code)

        busy = threading.Thread(target=search)
        busy.start()
        for _ in range(10):
            self.assertEqual(self.client.admin.command("ping")["ok"], 1)
            self.assertEqual(self.db.one.count_documents({}), 1)
        self.assertTrue(busy.is_alive())
        busy.join()
        self.assertEqual(ended, [TIME_LIMIT])

    def test_values_end_before_the_memory_does(self):
        for what, expression in SIZE_OF.items():
            with self.subTest(what):
                self.refused(MEMORY, lambda: self.run_pipeline("one", {"$project": {"v": {"$size": expression}}}))
        for stage in (doubled("$concat", "$s", "$strLenBytes"), doubled("$concat", "aaaa", "$strLenBytes"),
                      doubled("$concatArrays", ["$s"], "$size")):
            with self.subTest(stage=stage):
                self.refused(MEMORY, lambda: self.run_pipeline("one", stage))

    def test_what_is_shown_has_a_documents_size(self):
        self.assertEqual(len(self.run_pipeline("one", {"$project": {"v": {"$range": [0, 500_000]}}})[0]["v"]), 500_000)
        self.refused(TOO_LARGE, lambda: self.run_pipeline("one", {"$project": {"v": LONG}}))

    def test_stages_end_before_the_memory_does(self):
        for what, (stages, code) in BLOW_UPS.items():
            with self.subTest(what):
                self.refused(code, lambda: self.run_pipeline("wide", *stages))

    def test_sorting_and_grouping_go_on_over_files(self):
        count = {"$group": {"_id": None, "n": {"$sum": 1}}}
        groups = self.run_pipeline("wide", *UNWOUND, {"$group": {"_id": {"a": "$a", "b": "$b", "i": "$_id"}}}, count,
                                   allowDiskUse=True)
        self.assertEqual(groups[0]["n"], 2_000_000)
        sort = {"find": "chain", "sort": {"to": -1}, "projection": {"_id": 1, "pad": 1}, "batchSize": 10}
        self.refused(FIND_SORT_MEMORY, lambda: self.db.command(sort))
        first = self.db.command({**sort, "allowDiskUse": True})["cursor"]["firstBatch"]
        self.assertEqual([document["_id"] for document in first], list(range(5999, 5989, -1)))
        self.assertEqual(list((self.server.data / "tmp").iterdir()), [])

    def test_joins_end_before_the_memory_does(self):
        graph = {"from": "chain", "startWith": "$to", "connectFromField": "to", "connectToField": "_id", "as": "g"}
        self.refused(GRAPH_MEMORY,
                     lambda: self.run_pipeline("chain", {"$limit": 1}, {"$graphLookup": graph}))
        lookup = {"from": "chain", "pipeline": [], "as": "g"}
        self.refused(LOOKUP_TOO_LARGE, lambda: self.run_pipeline("chain", {"$limit": 1}, {"$lookup": lookup}))

    def test_documents_have_sixteen_megabytes(self):
        full = "x" * (16 * 1024 * 1024 - 40)
        self.db.big.insert_one({"_id": 1, "x": full})
        self.assertEqual(self.db.big.find_one()["x"], full)
        self.refused(TOO_LARGE, lambda: self.db.big.insert_one({"_id": 2, "x": full + "x" * 40}))
        self.refused(UPDATE_TOO_LARGE, lambda: self.db.big.update_one({"_id": 1}, {"$set": {"y": "y" * 1000}}))


if __name__ == "__main__":
    unittest.main()
