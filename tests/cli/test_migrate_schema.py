# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON Schema of migration files: the shipped one is the program's, and it agrees with the parser."""
import json
import tempfile
import unittest
from pathlib import Path

import yaml

from json_schema import complaints
from plumbd import ROOT, plumb

SHIPPED = ROOT / "share/migration.schema.json"

GOOD = "version: 1\nname: x\nup:\n"
BAD = [
    "  - create_index: {collection: c}",
    "  - drop_indexes: {collection: c, names: []}",
    "  - create_indexes: {collection: c, indexes: [{key: {a: 0}}]}",
    "  - create_indexes: {collection: c, indexes: [{key: {a: 1}, uniqe: true}]}",
    "  - run: {up: {ping: 1}}",
    "  - add_field: {collection: _plumb_lock, field: a, value: 1}",
    "  - set_validator: {collection: c, validator: {}, action: warning}",
]


class Schema(unittest.TestCase):
    def test_the_shipped_schema_is_the_one_that_the_program_prints(self):
        self.assertEqual(json.loads(SHIPPED.read_text()), json.loads(plumb("migrate", "schema", check=0).stdout))

    def test_every_operation_is_in_it_with_its_keys_explained(self):
        operations = json.loads(SHIPPED.read_text())["definitions"]["operation"]["properties"]
        self.assertEqual(len(operations), 18)
        for name, operation in operations.items():
            self.assertIn("back: ", operation["description"], name)
            for key in operation.get("properties", {}).values():
                self.assertTrue(key["description"], name)

    def test_it_takes_what_the_parser_takes(self):
        schema = json.loads(SHIPPED.read_text())
        for path in sorted((ROOT / "projects/earlybird/migrations").glob("*.yaml")):
            self.assertEqual(complaints(yaml.safe_load(path.read_text()), schema), [], path)
        for line in BAD:
            self.assertTrue(complaints(yaml.safe_load(GOOD + line), schema), line)

    def test_the_parser_refuses_what_the_schema_refuses(self):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "plumbline.yaml").write_text("name: x\n")
            Path(folder, "migrations").mkdir()
            for line in BAD:
                Path(folder, "migrations/001_x.yaml").write_text(GOOD + line + "\n")
                done = plumb("migrate", "lint", "--offline", "--json", cwd=folder, check=1)
                codes = [each["code"] for each in json.loads(done.stdout)["findings"]]
                self.assertEqual(codes, ["INVALID_FILE"], line)


if __name__ == "__main__":
    unittest.main()
