# SPDX-License-Identifier: GPL-3.0-or-later
"""Lint as data: tests/data/lint/CODE.yaml has cases in which the code is found and cases in which it is not.

A case gives `migrations` (file: text) and optionally `documents` and `indexes` by collection, `repeat`
({collection: {times, document}}, $i is the number), `config` (documents of the database `config`, $DB is the
case's database), `workload`, `arguments` of `plumb migrate lint`, and `applied`: files that ran before. `expect`
lists what the code says: `at` file:line:column and a part of the `text`. Other codes may speak too.
"""
import copy
import json
import tempfile
import unittest
from pathlib import Path

import yaml
from bson import json_util

from plumbd import ROOT, Plumbd, plumb

CASES = ROOT / "tests/data/lint"
CASE_KEYS = {"name", "documents", "repeat", "indexes", "config", "workload", "arguments", "applied", "migrations",
             "expect"}


def replaced(value, old, new):
    """The value with `old` put in the place of `new` wherever it stands alone or in a text."""
    if isinstance(value, dict):
        return {name: replaced(each, old, new) for name, each in value.items()}
    if isinstance(value, list):
        return [replaced(each, old, new) for each in value]
    if value == old:
        return new
    return value.replace(old, str(new)) if isinstance(value, str) else value


def as_bson(value):
    return json_util.loads(json.dumps(value))


def files():
    return sorted(CASES.glob("*.yaml"))


class LintCases(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Plumbd().start()
        cls.client = cls.server.client()

    @classmethod
    def tearDownClass(cls):
        cls.client.close()
        cls.server.__exit__()

    def prepare(self, case, db):
        for name, documents in case.get("documents", {}).items():
            db[name].insert_many(as_bson(documents))
        for name, many in case.get("repeat", {}).items():
            db[name].insert_many(as_bson(replaced(copy.deepcopy(many["document"]), "$i", number))
                                 for number in range(many["times"]))
        for name, indexes in case.get("indexes", {}).items():
            for index in indexes:
                options = dict(index)
                db[name].create_index(list(options.pop("key").items()), **options)
        for name, documents in case.get("config", {}).items():
            self.client.config[name].insert_many(replaced(as_bson(documents), "$DB", db.name))

    def plumb(self, project, db, *arguments, check=None):
        return plumb("migrate", *arguments, "--url", self.server.url, "--db", db.name, "--project", project,
                     cwd=project, check=check)

    def findings(self, case, db):
        with tempfile.TemporaryDirectory() as folder:
            project = Path(folder)
            (project / "plumbline.yaml").write_text("name: lint\n")
            migrations = project / "migrations"
            migrations.mkdir()
            if "workload" in case:
                (project / "workload.yaml").write_text(case["workload"])
            self.prepare(case, db)
            if "applied" in case:
                for name, text in case["applied"].items():
                    (migrations / name).write_text(text)
                self.plumb(project, db, "up", check=0)
                for name in case["applied"]:
                    (migrations / name).unlink()
            for name, text in case["migrations"].items():
                (migrations / name).write_text(text)
            done = self.plumb(project, db, "lint", "--json", *case.get("arguments", []))
            self.assertIn(done.returncode, (0, 1), done.stdout + done.stderr)
            found = json.loads(done.stdout)["findings"]
            self.assertEqual(done.returncode, 1 if found else 0)
            return found

    def check(self, code, case, number):
        self.assertLessEqual(set(case), CASE_KEYS)
        db = self.client[f"lint_{code.lower()}_{number}"]
        found = [each for each in self.findings(case, db) if each["code"] == code]
        shown = [f"{Path(each['file']).name}:{each['line']}:{each['column']}: {each['text']}" for each in found]
        self.assertEqual(len(found), len(case["expect"]), shown)
        for each, line in zip(case["expect"], shown):
            self.assertTrue(line.startswith(each["at"] + ": "), (each["at"], line))
            self.assertIn(each["text"], line)
        for each in found:
            self.assertTrue(each["reason"] and each["remedy"])

    def test_cases(self):
        for path in files():
            topic = yaml.safe_load(path.read_text())
            for number, case in enumerate(topic["cases"]):
                with self.subTest(f"{topic['code']}: {case['name']}"):
                    self.check(topic["code"], case, number)

    def test_every_code_has_a_case_that_finds_and_one_that_does_not(self):
        codes = {row["code"] for row in json.loads(plumb("migrate", "lint", "--codes", "--json", check=0).stdout)["codes"]}
        by_code = {}
        for path in files():
            topic = yaml.safe_load(path.read_text())
            self.assertEqual(path.stem, topic["code"].lower())
            self.assertEqual(topic["schema"], 1)
            by_code[topic["code"]] = topic["cases"]
        self.assertEqual(set(by_code), codes)
        for code, cases in by_code.items():
            self.assertTrue(any(case["expect"] for case in cases), f"{code} is never found")
            self.assertTrue(any(not case["expect"] for case in cases), f"{code} is always found")

    def test_a_case_that_expects_something_else_fails(self):
        case = {"name": "x", "migrations": {"001_x.yaml": "version: 1\n"}, "expect": []}
        with self.assertRaises(AssertionError):
            self.check("INVALID_FILE", case, "wrong")


class LintByHand(unittest.TestCase):
    def test_offline_it_needs_no_database(self):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "plumbline.yaml").write_text("name: x\n")
            Path(folder, "migrations").mkdir()
            Path(folder, "migrations/001_x.yaml").write_text(
                "version: 1\nname: x\nup:\n  - create_indexes: {collection: c, indexes: [{key: {a: 1}}]}\n")
            done = plumb("migrate", "lint", "--offline", "--url", "mongodb://127.0.0.1:1", cwd=folder, check=1)
            self.assertIn("001_x.yaml:4:47: warning MISSING_PURPOSE", done.stdout)
            self.assertIn("allow: [MISSING_PURPOSE]", done.stdout)
            self.assertIn("no database", done.stderr)


if __name__ == "__main__":
    unittest.main()
