# SPDX-License-Identifier: GPL-3.0-or-later
"""An index that verify calls redundant can go: whatever it served, in any order, the index named in its place serves
with the same answer, without a scan and without a sort in memory. Random documents and indexes.

PLUMB_PROPERTY_ROUNDS sets how many sets of indexes (default 60), PLUMB_PROPERTY_SEED repeats a run.
"""
import json
import os
import random
import sys
import tempfile
import unittest
from pathlib import Path

from plumbd import Plumbd, plumb

ROUNDS = int(os.environ.get("PLUMB_PROPERTY_ROUNDS", "60"))
SEED = int(os.environ.get("PLUMB_PROPERTY_SEED", str(random.randrange(1 << 30))))
FIELDS = "abc"


def random_documents(rng):
    """Fields are often missing, null or repeated, so that sparse and partial indexes leave documents out."""
    values = [None, 0, 1, 2, "x", 2.5]
    return [{"_id": n, **{field: rng.choice(values) for field in FIELDS if rng.random() < 0.8}} for n in range(80)]


def random_index(rng, number):
    fields = rng.sample(FIELDS, rng.randint(1, 3))
    index = {"name": f"i{number}", "key": {field: rng.choice([1, -1, 1, 7, -2]) for field in fields}}
    option = rng.random()
    if option < 0.12:
        index["sparse"] = True
    elif option < 0.30:
        index["partialFilterExpression"] = {"a": rng.choice([{"$exists": True}, 1])}
    elif option < 0.36:
        index["hidden"] = True
    return index


def served_queries(rng, index):
    """Queries whose equality, range and order follow the index's key."""
    fields = list(index["key"])
    for equal in range(len(fields) + 1):
        query = {field: rng.choice([0, 1, 2, None, "x"]) for field in fields[:equal]}
        sort = {field: 1 if index["key"][field] > 0 else -1 for field in fields[equal:]}
        for sign in (1, -1):
            order = [(field, sign * direction) for field, direction in sort.items()]
            if equal < len(fields) and rng.random() < 0.5:
                yield {**query, fields[equal]: {"$gte": rng.choice([0, 1])}}, order
            elif query or order:
                yield query, order
    if "partialFilterExpression" in index:
        yield {**index["partialFilterExpression"], fields[0]: 1}, []


def stages(plan):
    yield plan["stage"]
    for inner in [plan["inputStage"]] if "inputStage" in plan else plan.get("inputStages", []):
        yield from stages(inner)


class RedundantIndexes(unittest.TestCase):
    def test_the_index_in_its_place_serves_all_it_served(self):
        rng = random.Random(SEED)
        dropped = compared = 0
        with Plumbd() as server, server.client() as client, tempfile.TemporaryDirectory() as folder:
            project = Path(folder)
            (project / "plumbline.yaml").write_text("name: x\n")
            (project / "strategy.yaml").write_text("indexes: []\n")
            for number in range(ROUNDS):
                with self.subTest(seed=SEED, round=number):
                    client.drop_database("shop")
                    collection = client.shop.things
                    collection.insert_many(random_documents(rng))
                    indexes = self.create(client.shop, rng)
                    done = plumb("verify", "--json", "--url", server.url, "--db", "shop", cwd=project, check=1)
                    for line in json.loads(done.stdout)["collections"][0]["lines"]:
                        if line.get("redundant"):
                            dropped += 1
                            compared += self.compare(rng, collection, indexes, line)
        print(f"{dropped} redundant indexes, {compared} queries compared", file=sys.stderr)
        self.assertGreater(compared, 0)

    def create(self, db, rng):
        indexes = {}
        for number in range(rng.randint(2, 5)):
            index = random_index(rng, number)
            try:
                db.command({"createIndexes": "things", "indexes": [index]})
                indexes[index["name"]] = index
            except Exception as error:                     # the same key again, with other options
                self.assertIn(getattr(error, "code", None), (85, 86), error)
        return indexes

    def compare(self, rng, collection, indexes, line):
        index = indexes[line["name"]]
        other = next(name for name in indexes if name in line["redundant"].split())
        count = 0
        if index.get("hidden"):                            # serves nobody: nothing to compare
            return 0
        for query, order in served_queries(rng, index):
            of_index = collection.find(query).hint(line["name"])
            of_other = collection.find(query).hint(other)
            if order:
                of_index, of_other = of_index.sort(order), of_other.sort(order)
            plan = list(stages(of_other.explain()["queryPlanner"]["winningPlan"]))
            before = list(stages(of_index.explain()["queryPlanner"]["winningPlan"]))
            self.assertNotIn("COLLSCAN", plan, (query, order, index, indexes[other]))
            self.assertLessEqual(plan.count("SORT"), before.count("SORT"), (query, order, index, indexes[other]))
            got, wanted = list(of_other), list(of_index)
            self.assertEqual(sorted(d["_id"] for d in got), sorted(d["_id"] for d in wanted), (query, order, line))
            self.assertEqual([[d.get(f) for f, _ in order] for d in got], [[d.get(f) for f, _ in order] for d in wanted])
            count += 1
        return count


if __name__ == "__main__":
    print(f"seed {SEED}", file=sys.stderr)
    unittest.main()
