# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings of plumb advise as data: tests/data/findings/CODE.yaml has cases in which the code is found and cases
in which it is not.

A case gives `queries` and `parameters` (a workload's, what is missing is filled in), and optionally `documents` by collection,
`repeat` (a list of {collection, times, document}; a text that begins with = is an expression of the number i),
`indexes` by collection, `strategy` (indexes of a strategy.yaml), `run` (commands sent before) and `arguments` of
`plumb advise`. `expect` lists what the code says: `about`, and optionally `severity` and parts of `text`, `evidence`
and `fix`. `absent` names other codes that must not speak.
"""
import json
import tempfile
import unittest
from pathlib import Path

import yaml
from bson import json_util

from plumbd import ROOT, Plumbd, plumb

CASES = ROOT / "tests/data/findings"
TOPIC_KEYS = {"schema", "code", "about", "server", "cases"}
CASE_KEYS = {"name", "documents", "repeat", "indexes", "strategy", "run", "parameters", "queries", "arguments", "expect",
             "absent"}
# What only a change of indexes brings about: tests/cli/test_advise_gate.py.
OF_A_PROOF = {"build_failed", "near_equal_plans", "not_chosen", "slower_query", "winner_changed"}


def computed(value, i):
    """The value with every expression in it worked out for the number i."""
    if isinstance(value, dict):
        return {name: computed(each, i) for name, each in value.items()}
    if isinstance(value, list):
        return [computed(each, i) for each in value]
    if isinstance(value, str) and value.startswith("="):
        return eval(value[1:], {"i": i})  # pylint: disable=eval-used
    return value


def as_bson(value):
    return json_util.loads(json.dumps(value, default=str))


def topics():
    for path in sorted(CASES.glob("*.yaml")):
        yield path, yaml.safe_load(path.read_text())


def query_of(given):
    return {"title": given["id"], "used_by": "test", "purpose": "test", "frequency": 10, **given}


def write_project(folder, case):
    (folder / "plumbline.yaml").write_text("name: findings\n")
    workload = {"schema": 1, "about": "case", "seed": 1, "today": "2026-01-27", "parameters": case.get("parameters", {}),
                "queries": [query_of(each) for each in case["queries"]]}
    (folder / "workload.yaml").write_text(json.dumps(workload))
    if "strategy" in case:
        indexes = [{"priority": 1, "purpose": "test", **each} for each in case["strategy"]]
        (folder / "strategy.yaml").write_text(json.dumps({"title": "case", "indexes": indexes}))


def fill(db, case):
    for name, documents in case.get("documents", {}).items():
        db[name].insert_many(as_bson(documents))
    for many in case.get("repeat", []):
        db[many["collection"]].insert_many(as_bson(computed(many["document"], i)) for i in range(many["times"]))
    for name, indexes in case.get("indexes", {}).items():
        for index in indexes:
            options = dict(index)
            db[name].create_index(list(options.pop("key").items()), **options)
    for command in case.get("run", []):
        db.command(command)


class FindingCases(unittest.TestCase):
    def findings(self, server, db, case):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            write_project(folder, case)
            fill(db, case)
            done = plumb("advise", "--json", "--quiet", "--url", server.url, "--db", db.name, "--project", folder,
                         *case.get("arguments", []), cwd=folder, check=0)
            return json.loads(done.stdout)["findings"]

    def check(self, code, case, findings):
        self.assertLessEqual(set(case), CASE_KEYS)
        found = [each for each in findings if each["code"] == code]
        self.assertEqual([each["about"] for each in case["expect"]], [each["about"] for each in found], findings)
        for each, finding in zip(case["expect"], found):
            for part in ("text", "evidence", "fix"):
                self.assertIn(each.get(part, ""), finding[part])
            self.assertEqual(each.get("severity", finding["severity"]), finding["severity"])
            self.assertTrue(finding["text"] and finding["evidence"] and finding["fix"], finding)
        self.assertFalse(set(case.get("absent", ())) & {each["code"] for each in findings})

    def test_cases(self):
        with Plumbd() as common:
            for path, topic in topics():
                own = Plumbd(arguments=topic["server"]).start() if "server" in topic else None
                server = own or common
                try:
                    for number, case in enumerate(topic["cases"]):
                        with self.subTest(f"{topic['code']}: {case['name']}"), server.client() as client:
                            db = client[f"{path.stem}_{number}"]
                            self.check(topic["code"], case, self.findings(server, db, case))
                            client.drop_database(db.name)
                finally:
                    if own:
                        own.__exit__()

    def test_every_code_has_a_case_that_finds_and_one_that_does_not(self):
        listed = json.loads(plumb("advise", "--list-findings", "--json", check=0).stdout)["findings"]
        codes = {each["code"] for each in listed}
        self.assertLessEqual(OF_A_PROOF, codes)
        documented = (ROOT / "docs/findings.md").read_text()
        self.assertEqual([], [code for code in codes if f"| `{code}` |" not in documented])
        by_code = {}
        for path, topic in topics():
            self.assertLessEqual(set(topic), TOPIC_KEYS)
            self.assertEqual((path.stem, topic["schema"]), (topic["code"], 1))
            by_code[topic["code"]] = {bool(case["expect"]) for case in topic["cases"]}
        self.assertEqual(codes - OF_A_PROOF, set(by_code))
        self.assertEqual({code: {True, False} for code in by_code}, by_code)


if __name__ == "__main__":
    unittest.main()
