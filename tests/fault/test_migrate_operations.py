# SPDX-License-Identifier: GPL-3.0-or-later
"""Every operation of a migration, up, down and up again, on documents of several batches: what it
does, that the way back leaves the very same bytes, and that it stops at what it cannot do.
"""
import datetime
import json
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

import bson

from content_hash import database_state, plumb_collections
from plumbd import BIN, Plumbd, plumb

DOCUMENTS = 2300


class Outcome:
    def __init__(self, done):
        self.code = done.returncode
        self.out = done.stdout
        self.err = done.stderr

    def __repr__(self):
        return f"exit {self.code}\n--- out\n{self.out}\n--- err\n{self.err}"


class OperationCase(unittest.TestCase):
    """A database of its own for each test, and a project that the test writes."""

    @classmethod
    def setUpClass(cls):
        cls.server = Plumbd().start()
        cls.mongo = cls.server.client()

    @classmethod
    def tearDownClass(cls):
        cls.mongo.close()
        cls.server.__exit__()

    def setUp(self):
        self.name = "o_" + self.id().rsplit(".", 1)[1][:40]
        self.mongo.drop_database(self.name)
        self.db = self.mongo[self.name]
        self.project = pathlib.Path(tempfile.mkdtemp(prefix="plumb-project-"))
        self.addCleanup(shutil.rmtree, self.project, ignore_errors=True)
        (self.project / "migrations").mkdir()
        (self.project / "plumbline.yaml").write_text("name: test\n")
        self.fill()

    def fill(self):
        """Ids of every kind that a collection may mix."""
        start = datetime.datetime(2026, 1, 1)
        ids = [0.5, 2 ** 40, "text", b"bytes", True, bson.ObjectId(), {"a": 1}, start]
        ids += list(range(1, DOCUMENTS - 500)) + [f"id{n}" for n in range(500)]
        self.db.things.insert_many(
            {"_id": each, "first": n, "n": n, "kind": "even" if n % 2 == 0 else "odd",
             "sub": {"a": n, "b": "x"}, "tags": ["t", n % 7], "last": f"l{n}"}
            for n, each in enumerate(ids))
        self.count = len(ids)

    def migration(self, operations, version=1):
        body = {"version": version, "name": "test", "up": operations}
        # JSON is YAML.
        (self.project / "migrations" / f"{version:03}_test.yaml").write_text(json.dumps(body))

    def plumb(self, *words):
        return Outcome(plumb("--url", self.server.url, "--db", self.name, "--project",
                             self.project, *words))

    def state(self):
        return database_state(self.db)

    def up(self):
        run = self.plumb("migrate", "up")
        self.assertEqual(run.code, 0, run)
        return run

    def down(self):
        run = self.plumb("migrate", "down", "--all")
        self.assertEqual(run.code, 0, run)
        self.assertEqual(plumb_collections(self.db), ["_plumb_lock", "_plumb_migrations"], run)
        return run

    def round_trip(self, operations, changes=True):
        """Up, down, up: returns the first run. The test looks at what is there after it."""
        self.migration(operations)
        before = self.state()
        first = self.up()
        after = self.state()
        if changes:
            self.assertNotEqual(after, before)
        self.down()
        self.assertEqual(self.state(), before)
        self.up()
        self.assertEqual(self.state(), after)
        again = self.plumb("migrate", "run", "001")
        self.assertEqual(again.code, 0, again)
        self.assertEqual(self.state(), after)
        return first

    def entry(self, at=0):
        return self.db["_plumb_migrations"].find_one({"_id": 1})["operations"][at]


class DataOperations(OperationCase):
    def test_add_field(self):
        self.db.things.update_many({"n": {"$lt": 10}}, {"$set": {"new": "mine"}})
        run = self.round_trip([{"add_field": {"collection": "things", "field": "new",
                                              "value": {"a": {"b": 1}}}}])
        self.assertIn(f"added new to {self.count - 10:,} documents", run.out)
        self.assertEqual(self.db.things.count_documents({"new": "mine"}), 10)
        self.assertEqual(self.db.things.count_documents({"new": {"a": {"b": 1}}}), self.count - 10)
        self.assertEqual(self.entry()["batches"], 3)

    def test_add_several_fields_nested_and_computed(self):
        self.db.things.update_many({"n": 3}, {"$set": {"twice": "mine"}})
        self.round_trip([{"add_field": {
            "collection": "things", "filter": {"kind": "odd"},
            "fields": {"twice": {"expression": {"$multiply": ["$n", 2]}},
                       "a.deep.one": {"value": None}, "sub.c": {"value": "c"}}}}])
        self.assertEqual(self.db.things.count_documents({"kind": "even", "sub.c": "c"}), 0)
        found = self.db.things.find_one({"n": 101})
        self.assertEqual((found["twice"], found["a"], found["sub"]["c"]),
                         (202, {"deep": {"one": None}}, "c"))
        self.assertEqual(self.db.things.find_one({"n": 3})["twice"], "mine")

    def test_copy_field(self):
        self.db.things.update_many({"n": {"$lt": 100}}, {"$set": {"copy": None}})
        self.round_trip([{"copy_field": {"collection": "things", "from": "sub", "to": "copy"}}])
        self.assertEqual(self.db.things.find_one({"n": 5})["copy"], {"a": 5, "b": "x"})

    def test_rename_field(self):
        self.db.things.update_many({"n": {"$lt": 5}}, {"$unset": {"first": 1}})
        self.round_trip([{"rename_field": {"collection": "things", "from": "first",
                                           "to": "renamed"}}])
        self.assertEqual(self.db.things.count_documents({"renamed": {"$exists": True}}),
                         self.count - 5)

    def test_rename_field_refuses_to_lose_one(self):
        self.migration([{"rename_field": {"collection": "things", "from": "first", "to": "last"}}])
        before = self.state()
        run = self.plumb("migrate", "up")
        self.assertEqual(run.code, 4, run)
        self.assertIn("have both first and last", run.err)
        self.assertEqual(self.state(), before)

    def test_remove_field_brings_back_values_and_order(self):
        self.round_trip([{"remove_field": {"collection": "things", "fields": ["n", "sub.a"],
                                           "filter": {"kind": "odd"}}}])
        self.assertEqual(list(self.db.things.find_one({"first": 7})),
                         ["_id", "first", "kind", "sub", "tags", "last"])

    def test_way_back_keeps_what_others_wrote_since(self):
        self.migration([{"remove_field": {"collection": "things", "field": "n"}}])
        self.up()
        self.db.things.update_one({"first": 7}, {"$set": {"last": "theirs", "more": 1}})
        self.db.things.delete_one({"first": 8})
        self.down()
        self.assertEqual(list(self.db.things.find_one({"first": 7}).items())[1:],
                         [("first", 7), ("n", 7), ("kind", "odd"), ("sub", {"a": 7, "b": "x"}),
                          ("tags", ["t", 0]), ("last", "theirs"), ("more", 1)])
        self.assertIsNone(self.db.things.find_one({"first": 8}))

    def test_transform_of_known_fields(self):
        self.round_trip([{"transform": {
            "collection": "things", "filter": {"kind": "odd"},
            "pipeline": [{"$set": {"n": {"$add": ["$n", 1]}, "fresh": "$kind"}},
                         {"$unset": ["first"]}]}}])
        self.assertEqual(self.db.things.find_one({"last": "l7"})["n"], 8)
        self.assertEqual(self.db.things.find_one({"last": "l8"})["n"], 8)
        self.assertEqual(self.db.things.count_documents({"_plumb_migration": {"$exists": True}}), 0)

    def test_transform_of_whole_documents(self):
        self.round_trip([{"transform": {
            "collection": "things",
            "pipeline": [{"$replaceWith": {"_id": "$_id", "n": {"$add": ["$n", 1]}}}]}}])
        self.assertEqual(sum(each["n"] for each in self.db.things.find()),
                         sum(range(1, self.count + 1)))

    def test_delete(self):
        self.round_trip([{"delete": {"collection": "things", "filter": {"kind": "odd"}}}])
        self.assertEqual(self.db.things.count_documents({}), (self.count + 1) // 2)

    def test_link(self):
        self.db.owners.insert_many(
            {"id": f"o{n}", "a": n, "kind": "even" if n % 2 == 0 else "odd"} for n in range(400))
        self.db.owners.insert_one({"id": "other", "a": 6, "kind": "even"})
        run = self.round_trip([{"link": {"from": "things", "to": "owners",
                                         "on": {"sub.a": "a", "kind": "kind"},
                                         "set": {"owner": "id", "owner_kind": "kind"}}}])
        self.assertEqual(self.db.things.find_one({"n": 7})["owner"], "o7")
        self.assertEqual(self.db.things.count_documents({"owner": {"$exists": True}}), 399)
        self.assertNotIn("owner", self.db.things.find_one({"n": 6}))
        self.assertIn("1 document of things could not be decided", run.out + run.err)
        self.assertEqual(list(self.db.owners.index_information()), ["_id_"])

    def test_throttle(self):
        self.migration([{"delete": {"collection": "things", "filter": {}}}])
        started = time.monotonic()
        run = self.plumb("migrate", "up", "--throttle", "1500")
        self.assertEqual(run.code, 0, run)
        self.assertGreater(time.monotonic() - started, self.count / 1500 - 0.1)

    def test_pruned_backup_is_said(self):
        self.migration([{"delete": {"collection": "things", "filter": {"kind": "odd"}}}])
        self.up()
        self.db["_plumb_migrations"].update_one({"_id": 1},
                                                {"$set": {"operations.0.pruned": True}})
        run = self.plumb("migrate", "down", "--all")
        self.assertEqual(run.code, 4, run)
        self.assertIn("prune", run.err)
        self.assertEqual(self.db.things.count_documents({"kind": "odd"}), 0)


class CollectionOperations(OperationCase):
    def test_create_collection(self):
        self.round_trip([{"create_collection": {
            "collection": "fresh", "options": {"validator": {"n": {"$type": "int"}}}}}])

    def test_created_collection_with_documents_is_kept_aside(self):
        self.migration([{"create_collection": {"collection": "fresh"}}])
        self.up()
        self.db.fresh.insert_one({"n": 1})
        run = self.plumb("migrate", "down", "--all")
        self.assertEqual(run.code, 0, run)
        self.assertNotIn("fresh", self.db.list_collection_names())
        aside = [c for c in plumb_collections(self.db) if c.startswith("_plumb_dropped_")]
        self.assertEqual(self.db[aside[0]].count_documents({}), 1)

    def test_create_collection_that_is_there_is_not_owned(self):
        self.round_trip([{"create_collection": {"collection": "things"}}], changes=False)
        self.assertIn("things", self.db.list_collection_names())

    def test_rename_collection(self):
        self.db.things.create_index("kind")
        self.round_trip([{"rename_collection": {"collection": "things", "to": "stuff"}}])
        self.assertEqual(self.db.stuff.count_documents({}), self.count)

    def test_drop_collection(self):
        self.db.things.create_index("kind")
        self.round_trip([{"drop_collection": {"collection": "things"}}])
        self.assertNotIn("things", self.db.list_collection_names())

    def test_drop_collection_does_not_overwrite_a_new_one(self):
        self.migration([{"drop_collection": {"collection": "things"}}])
        self.up()
        self.db.things.insert_one({"_id": "new"})
        run = self.plumb("migrate", "down", "--all")
        self.assertEqual(run.code, 6, run)
        self.assertIn("there is a new one", run.err)
        self.db.things.drop()
        self.down()
        self.assertEqual(self.db.things.count_documents({}), self.count)

    def test_set_validator(self):
        self.db.command("collMod", "things", validator={"n": {"$exists": True}},
                        validationLevel="moderate")
        self.round_trip([{"set_validator": {
            "collection": "things", "validator": {"kind": {"$in": ["even", "odd"]}},
            "action": "warn"}}])

    def test_validator_changed_by_others_is_kept(self):
        self.migration([{"set_validator": {"collection": "things",
                                           "validator": {"n": {"$exists": True}}}}])
        self.up()
        self.db.command("collMod", "things", validator={"last": {"$exists": True}})
        run = self.down()
        self.assertIn("changed since", run.out)
        options = next(self.db.list_collections(filter={"name": "things"}))["options"]
        self.assertEqual(options["validator"], {"last": {"$exists": True}})

    def test_set_options(self):
        self.db.things.create_index("at", expireAfterSeconds=100)
        self.round_trip([{"set_options": {
            "collection": "things",
            "options": {"index": {"name": "at_1", "expireAfterSeconds": 200}}}}])
        self.assertEqual(self.db.things.index_information()["at_1"]["expireAfterSeconds"], 200)

    def test_hide_and_unhide_index(self):
        self.db.things.create_index("kind")
        self.round_trip([{"hide_index": {"collection": "things", "name": "kind_1"}}])
        self.db["_plumb_migrations"].drop()
        self.round_trip([{"unhide_index": {"collection": "things", "name": "kind_1"}}])

    def test_run(self):
        up = {"update": "things", "updates": [{"q": {"n": 1}, "u": {"$set": {"ran": True}}}]}
        back = {"update": "things", "updates": [{"q": {"n": 1}, "u": {"$unset": {"ran": 1}}}]}
        self.round_trip([{"run": {"up": up, "down": back}}])

    def test_what_is_not_there_is_refused(self):
        for operation, text in (
                ({"rename_collection": {"collection": "no", "to": "stuff"}}, "no is not there"),
                ({"set_validator": {"collection": "no", "validator": {"a": 1}}}, "not there"),
                ({"hide_index": {"collection": "things", "name": "a_1"}}, "no index a_1"),
                ({"set_options": {"collection": "things", "options": {"capSize": 7}}},
                 "no way back")):
            with self.subTest(operation):
                self.migration([operation])
                run = self.plumb("migrate", "up")
                self.assertEqual(run.code, 4, run)
                self.assertIn(text, run.err)


class Replacing(OperationCase):
    """on_conflict: replace."""

    def operation(self, **index):
        return [{"create_indexes": {"collection": "things", "on_conflict": "replace",
                                    "indexes": [index]}}]

    def test_other_key_under_the_same_name(self):
        self.db.things.create_index("last", name="mine")
        self.round_trip(self.operation(name="mine", key={"kind": 1, "n": -1}))

    def test_other_options_on_the_same_key(self):
        self.db.things.create_index("last", name="mine", sparse=True)
        self.round_trip(self.operation(key={"last": 1}, unique=True))

    def test_no_moment_without_an_index(self):
        """A watcher asks the planner all the time while the index is replaced and put back."""
        self.db.things.create_index("kind", name="mine")
        self.migration(self.operation(name="mine", key={"kind": 1}, partial={"n": {"$gte": 0}}))
        query = {"kind": "odd", "n": {"$gte": 0}}
        for words in (("up",), ("down", "--all")):
            run = subprocess.Popen(
                [BIN / "plumb", "--url", self.server.url, "--db", self.name, "--project",
                 self.project, "migrate", *words],
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            plans = 0
            while run.poll() is None:
                plan = json.dumps(self.db.things.find(query).explain()["queryPlanner"]["winningPlan"],
                                  default=str)
                self.assertIn("IXSCAN", plan)
                plans += 1
            self.assertEqual(run.returncode, 0, run.communicate()[0])
            self.assertGreater(plans, 3)

    def test_duplicates_are_found_before_anything_is_dropped(self):
        self.db.things.create_index("kind", name="mine")
        self.migration(self.operation(name="mine", key={"kind": 1}, unique=True))
        before = self.state()
        run = self.plumb("migrate", "up")
        self.assertEqual(run.code, 4, run)
        self.assertEqual(self.state(), before)


class SeveralInOneFile(OperationCase):
    def test_later_ones_build_on_earlier_ones(self):
        self.round_trip([
            {"rename_collection": {"collection": "things", "to": "stuff"}},
            {"add_field": {"collection": "stuff", "field": "new", "value": 1}},
            {"create_indexes": {"collection": "stuff", "indexes": [{"key": {"new": 1}}]}},
            {"set_validator": {"collection": "stuff", "validator": {"new": {"$exists": True}}}}])

    def test_failure_at_the_end_takes_everything_back(self):
        self.migration([
            {"remove_field": {"collection": "things", "field": "first"}},
            {"transform": {"collection": "things", "pipeline": [{"$set": {"n": {"$add": ["$n", 1]}}}]}},
            {"run": {"up": {"noSuchCommand": 1}, "down": {"ping": 1}}}])
        before = self.state()
        run = self.plumb("migrate", "up")
        self.assertEqual(run.code, 5, run)
        self.assertEqual(self.state(), before)
        self.assertEqual(plumb_collections(self.db), ["_plumb_lock", "_plumb_migrations"])

    def test_soak_hides_before_it_drops(self):
        self.migration([{"create_indexes": {"collection": "things", "indexes": [{"key": {"n": 1}}]}}])
        before = self.state()
        self.up()
        run = subprocess.Popen(
            [BIN / "plumb", "--url", self.server.url, "--db", self.name, "--project", self.project,
             "migrate", "down", "--all", "--soak", "2s"], stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True)
        hidden = False
        while run.poll() is None:
            index = self.db.things.index_information().get("n_1", {})
            hidden = hidden or index.get("hidden", False)
            time.sleep(0.05)
        self.assertEqual(run.returncode, 0, run.communicate()[0])
        self.assertTrue(hidden)
        self.assertEqual(self.state(), before)


if __name__ == "__main__":
    unittest.main()
