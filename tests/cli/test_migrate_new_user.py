# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody who has never seen Plumbline renames a field, fills a new one and indexes both on the shop's users, and goes
back, with nothing but `plumb migrate --help` and the comments of the file that `plumb migrate new` writes."""
import hashlib
import json
import re
import tempfile
import unittest
from pathlib import Path

import bson

from plumbd import ROOT, Plumbd, plumb


def switch_on(text, kind, line):
    """Takes the # away from the example of this kind and writes `line` in its place."""
    changed, count = re.subn(rf"(?m)^  # - {kind}: .*$", lambda _: "  - " + line, text)
    if count != 1:
        raise AssertionError(f"no example of {kind} in\n{text}")
    return changed


class NewUser(unittest.TestCase):
    def setUp(self):
        self.server = Plumbd().start()
        self.client = self.server.client()
        self.db = self.client.shop
        self.folder = tempfile.TemporaryDirectory()
        self.project = Path(self.folder.name)
        plumb("generate", "--scale", 300, "--faults", "0", "--url", self.server.url, "--db", "shop",
              "--project", ROOT / "projects/earlybird", cwd=self.project, check=0)
        (self.project / "plumbline.yaml").write_text("name: shop\ndatabase: shop\n")

    def tearDown(self):
        self.client.close()
        self.server.__exit__()
        self.folder.cleanup()

    def plumb(self, *arguments, check=0):
        return plumb(*arguments, "--url", self.server.url, cwd=self.project, check=check)

    def content(self):
        digest = hashlib.sha256()
        for name in sorted(self.db.list_collection_names(filter={"name": {"$not": {"$regex": "^_plumb"}}})):
            digest.update(name.encode())
            for document in self.db[name].find().sort("_id", 1):
                digest.update(bson.encode({key: document[key] for key in sorted(document)}))
            digest.update(json.dumps(sorted(self.db[name].index_information())).encode())
        return digest.hexdigest()

    def test_rename_fill_index_and_back(self):
        before = self.content()
        phones = {user["_id"]: user["phone"] for user in self.db.users.find()}
        said = self.plumb("migrate", "--help").stdout
        self.assertIn("plumb migrate new", said)
        self.assertIn("plumb migrate up", said)

        said = self.plumb("migrate", "new", "phone becomes mobile").stdout
        file = self.project / "migrations/001_phone_becomes_mobile.yaml"
        self.assertIn(file.name, said)
        text = file.read_text()
        self.assertTrue(text.startswith("# yaml-language-server: $schema=./migration.schema.json\n"))
        self.assertTrue((file.parent / "migration.schema.json").exists())

        # As it was written there is nothing to do, and the tool says where to write it.
        said = self.plumb("migrate", "plan", check=None)
        self.assertRegex(said.stderr, r"001_phone_becomes_mobile\.yaml:\d+:\d+: ")

        text = switch_on(text, "rename_field", "rename_field: {collection: users, from: phone, to: mobile}")
        text = switch_on(text, "add_field", "add_field: {collection: users, field: country, value: IN}")
        text = switch_on(text, "create_indexes",
                         "create_indexes: {collection: users, indexes: [{key: {country: 1, mobil: 1}}]}")
        file.write_text(text)

        found = json.loads(self.plumb("migrate", "lint", "--json", check=1).stdout)["findings"]
        texts = {each["code"]: each["text"] for each in found}
        self.assertIn("did you mean 'mobile'?", texts["FIELD_NOT_FOUND"])
        self.assertIn("MISSING_PURPOSE", texts)
        text = text.replace("mobil: 1}", "mobile: 1}, purpose: look-up by phone")
        text = text.replace("# allow: [MISSING_PURPOSE]", "allow: [DOWN_LOSES_DATA]")
        file.write_text(text)
        found = json.loads(self.plumb("migrate", "lint", "--json", check=0).stdout)
        self.assertEqual(found["findings"], [])
        self.assertEqual([each["code"] for each in found["allowed"]], ["DOWN_LOSES_DATA"])

        said = self.plumb("migrate", "plan").stdout
        self.assertIn("nothing was written", said)
        self.assertEqual(self.content(), before)

        said = self.plumb("migrate", "up").stdout
        self.assertIn("✓ Migration 001 completed successfully", said)
        for user in self.db.users.find():
            self.assertEqual(user["mobile"], phones[user["_id"]])
            self.assertEqual(user["country"], "IN")
            self.assertNotIn("phone", user)
        self.assertIn("country_1_mobile_1", self.db.users.index_information())
        self.assertIn("applied", self.plumb("migrate", "status").stdout)

        said = self.plumb("migrate", "down").stdout
        self.assertIn("✓ Migration 001 rolled back successfully", said)
        self.assertEqual(self.content(), before)

        self.plumb("migrate", "up")
        self.plumb("migrate", "redo")
        self.plumb("migrate", "down", "--all")
        self.assertEqual(self.content(), before)
        events = [each["event"] for each in json.loads(self.plumb("migrate", "history", "--json").stdout)["events"]]
        self.assertEqual(events.count("applied"), 3)
        self.assertEqual(events.count("rolled_back"), 3)


if __name__ == "__main__":
    unittest.main()
