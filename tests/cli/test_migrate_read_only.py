# SPDX-License-Identifier: GPL-3.0-or-later
"""A dry run needs no right to write: a user who may only read gets the same answer, and nothing is written."""
import hashlib
import json
import unittest

from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument

from plumbd import ROOT, Plumbd, plumb

PASSWORD = "read-and-write-apart"
RAW = CodecOptions(document_class=RawBSONDocument)
EARLYBIRD = ROOT / "projects/earlybird"
NUMBERS = sorted(path.name[:3] for path in (EARLYBIRD / "migrations").glob("[0-9]*.yaml"))
WRITING_COMMANDS = ("insert", "update", "delete", "findAndModify", "create", "createIndexes", "dropIndexes", "drop", "collMod",
                    "renameCollection", "dropDatabase")


class ReadOnlyUser(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Plumbd(arguments=["--auth"]).start()
        cls.server.client().admin.command("createUser", "boss", pwd=PASSWORD, roles=["root"])
        cls.boss = cls.server.client(username="boss", password=PASSWORD)
        cls.boss.shop.command("createUser", "reader", pwd=PASSWORD, roles=["read"])
        plumb("generate", "--scale", 2000, "--before-migrations", "--faults", 0, "--url", cls.url("boss", "admin"),
              "--db", "shop", cwd=EARLYBIRD, check=0)

    @classmethod
    def tearDownClass(cls):
        cls.boss.close()
        cls.server.__exit__()

    @classmethod
    def url(cls, user, source):
        return f"mongodb://{user}:{PASSWORD}@127.0.0.1:{cls.server.port}/?authSource={source}"

    def migrate(self, *arguments, user="reader", check=0):
        return plumb("migrate", *arguments, "--url", self.url(user, "admin" if user == "boss" else "shop"), "--db", "shop",
                     cwd=EARLYBIRD, check=check)

    def state(self):
        """Everything on the server that a write could have moved."""
        status = self.boss.admin.command("serverStatus")
        commands = status["metrics"]["commands"]
        return {
            "operations": {name: status["opcounters"][name] for name in ("insert", "update", "delete")},
            "documents": status["metrics"]["document"],
            "commands": {name: commands.get(name, {}).get("total", 0) for name in WRITING_COMMANDS},
            "databases": sorted(self.boss.list_database_names()),
            "collections": {name: sorted(self.boss.shop[name].index_information())
                            for name in self.boss.shop.list_collection_names()},
            "hash": self.content_hash(),
        }

    def content_hash(self):
        digest = hashlib.sha256()
        for name in sorted(self.boss.shop.list_collection_names()):
            for document in self.boss.shop.get_collection(name, codec_options=RAW).find().sort("_id", 1):
                digest.update(document.raw)
        return digest.hexdigest()

    def without_returned(self, state):
        return {**state, "documents": {name: count for name, count in state["documents"].items() if name != "returned"}}

    def test_every_look_works_and_moves_no_write_counter(self):
        before = self.state()
        for command in (["plan"], ["up", "--dry-run"], ["down", "--all", "--dry-run"], ["status"], ["history"], ["repair"],
                        ["prune", "--dry-run"], *(["run", number, "--dry-run"] for number in NUMBERS)):
            with self.subTest(command):
                self.migrate(*command)
        self.migrate("lint", check=None)
        self.assertEqual(self.without_returned(self.state()), self.without_returned(before))

    def test_the_counters_do_move_when_something_is_written(self):
        before = self.state()
        self.boss.shop.counted.insert_one({"_id": 1})
        after = self.state()
        self.boss.shop.drop_collection("counted")
        self.assertEqual(after["operations"]["insert"], before["operations"]["insert"] + 1)
        self.assertEqual(after["commands"]["insert"], before["commands"]["insert"] + 1)
        self.assertNotEqual(after["hash"], before["hash"])

    def test_says_the_same_to_a_reader_as_to_the_owner(self):
        def commands(user):
            said = json.loads(self.migrate("plan", "--json", user=user).stdout)["migrations"]
            return [(each["version"], each["created"], each["commands"]) for each in said]
        self.assertEqual(commands("reader"), commands("boss"))
        self.assertEqual([version for version, _, _ in commands("reader")], NUMBERS)

    def test_a_real_run_is_refused_and_changes_nothing(self):
        before = self.state()
        said = self.migrate("run", "003", check=None)
        self.assertNotEqual(said.returncode, 0)
        self.assertIn("not authorized", said.stderr)
        after = self.state()
        for name in ("documents", "collections", "hash", "databases"):
            self.assertEqual(self.without_returned(after)[name], self.without_returned(before)[name], name)


if __name__ == "__main__":
    unittest.main()
