# SPDX-License-Identifier: GPL-3.0-or-later
"""plumb init: a project folder for a database that was there before Plumbline."""
import json
import tempfile
import unittest
from pathlib import Path

from plumbd import Plumbd, plumb


class Init(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Plumbd(arguments=["--slow-ms", "0"]).start()
        cls.folder = tempfile.TemporaryDirectory()
        cls.db = cls.server.client(appname="shop").shop
        cls.db.orders.insert_many([{"_id": n, "user_id": n % 50, "status": "open" if n % 9 else "done",
                                    "at": None} for n in range(2000)])
        cls.db.orders.create_index([("user_id", 1), ("status", -1)])
        cls.db.orders.create_index("status", partialFilterExpression={"status": "open"}, name="open_ones")
        cls.db.orders.create_index("at", expireAfterSeconds=3600)
        cls.db.users.insert_many([{"_id": n, "email": f"u{n}@example.in"} for n in range(50)])
        cls.db.users.create_index("email", unique=True)
        cls.db.users.create_index("nickname", sparse=True)
        cls.db.empty.insert_one({})
        for user in range(30):
            list(cls.db.orders.find({"user_id": user}).sort("status", -1))

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()
        cls.folder.cleanup()

    def plumb(self, project, *arguments, check=0):
        return plumb(*arguments, "--url", self.server.url, "--project", project,
                     cwd=self.folder.name, check=check)

    def test_the_folder_says_what_is_there_and_nothing_more(self):
        project = Path(self.folder.name) / "shop"
        before = self.db.client.admin.command("serverStatus")["metrics"]["document"]["inserted"]
        self.plumb(project, "--db", "shop", "init", "--from-log", self.server.data.parent / "plumbd.log")
        self.assertEqual(
            self.db.client.admin.command("serverStatus")["metrics"]["document"]["inserted"], before)
        self.assertEqual(
            {str(path.relative_to(project)) for path in project.rglob("*") if path.is_file()},
            {"plumbline.yaml", "strategy.yaml", "workload.yaml", "migrations/001_baseline.yaml",
             "migrations/migration.schema.json"})
        self.assertIn("find orders {user_id: =} sort: {status: -1}", (project / "workload.yaml").read_text())
        verified = json.loads(self.plumb(project, "verify", "--all", "--json").stdout)
        self.assertEqual(verified["counts"]["ok"], 5)
        self.assertFalse({"missing", "extra", "different"} & set(verified["counts"]))
        self.plumb(project, "migrate", "baseline", "--to", "001")
        self.plumb(project, "migrate", "up")
        self.plumb(project, "advise")

    def test_the_baseline_makes_the_same_indexes_elsewhere(self):
        project = Path(self.folder.name) / "again"
        self.plumb(project, "--db", "shop", "init")
        self.plumb(project, "--db", "elsewhere", "migrate", "up")
        for collection in ("orders", "users"):
            there = {name: {key: value for key, value in index.items() if key not in ("ns", "v")}
                     for name, index in self.db[collection].index_information().items()}
            made = {name: {key: value for key, value in index.items() if key not in ("ns", "v")}
                    for name, index in
                    self.db.client.elsewhere[collection].index_information().items()}
            self.assertEqual(made, there)

    def test_nothing_is_overwritten(self):
        project = Path(self.folder.name) / "there"
        project.mkdir()
        (project / "strategy.yaml").write_text("mine\n")
        refused = self.plumb(project, "--db", "shop", "init", check=4)
        self.assertIn("strategy.yaml", refused.stderr)
        self.assertEqual([path.name for path in project.iterdir()], ["strategy.yaml"])
        self.assertEqual((project / "strategy.yaml").read_text(), "mine\n")

    def test_a_database_that_is_not_there_is_named(self):
        failed = self.plumb(Path(self.folder.name) / "none", "--db", "nothing", "init", check=None)
        self.assertNotEqual(failed.returncode, 0)
        self.assertIn("nothing", failed.stderr)


if __name__ == "__main__":
    unittest.main()
