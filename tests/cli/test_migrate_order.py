# SPDX-License-Identifier: GPL-3.0-or-later
"""plumb migrate: going back in the order of time, numbers that do not exist, what it refuses."""
import unittest

from test_migrate_commands import Project as Base, index

RESOLVE = "  - delete: {collection: users, filter: {_id: 2}}\n"


class Backwards(Base):
    """003 builds a unique index; 007 makes room for it and so was applied before it."""

    def setUp(self):
        super().setUp()
        self.db.users.insert_many([{"_id": 1, "email": "a@x.in"}, {"_id": 2, "email": "a@x.in"}])
        self.users = list(self.db.users.find().sort("_id"))
        self.write(1, index("{n: 1}"), head="allow: [NUMBER_GAP]\n")
        self.write(3, index("{email: 1}", ", unique: true", "users"), head="allow: [NUMBER_GAP]\n")
        self.write(7, RESOLVE, head="allow: [NUMBER_GAP, DOWN_LOSES_DATA]\n")
        self.migrate("run", "001")
        self.migrate("run", "007")
        self.migrate("run", "003")

    def reverted(self, *arguments):
        return [each["version"] for each in self.json("down", *arguments)["migrations"]]

    def test_all_go_back_in_the_reverse_order_of_time(self):
        self.assertEqual(self.reverted("--all"), ["003", "007", "001"])
        self.assertEqual(list(self.db.users.find().sort("_id")), self.users)
        self.assertEqual(self.indexes("users") | self.indexes(), set())

    def test_the_last_one_is_the_one_applied_last(self):
        self.assertEqual(self.reverted("--last"), ["003"])
        self.assertEqual(self.reverted(), ["007"])
        self.assertEqual(list(self.db.users.find().sort("_id")), self.users)

    def test_to_goes_by_number_in_the_same_order(self):
        self.assertEqual(self.reverted("--to", "001"), ["003", "007"])
        self.assertEqual(self.indexes(), {"n_1"})

    def test_a_way_back_that_is_blocked_says_what_goes_first_and_can_be_gone_on_with(self):
        said = self.migrate("rollback", "007", check=6).stderr
        self.assertIn("003 was applied after 007", said)
        self.assertIn("taking it back failed", self.migrate("status", check=1).stdout)
        self.assertEqual(self.reverted("--all"), ["003", "007", "001"])
        self.assertEqual(list(self.db.users.find().sort("_id")), self.users)


class Numbers(Base):
    def test_one_that_neither_a_file_nor_the_ledger_has_is_a_usage_error(self):
        self.write(1, index("{n: 1}"))
        for command in (["up", "--to", "42"], ["plan", "--to", "42"], ["down", "--to", "42"], ["rollback", "77"],
                        ["repair", "--rollback", "77"]):
            self.assertIn("there is no migration", self.migrate(*command, check=2).stderr)
        self.assertEqual(self.indexes(), set())
        self.migrate("rollback", "001")
        self.migrate("up", "--to", "001")
        (self.project / "migrations/001_x.yaml").unlink()
        self.migrate("rollback", "001")
        self.assertEqual(self.indexes(), set())


class Files(Base):
    def test_a_class_that_does_not_exist_is_found_at_its_place(self):
        self.write(1, "  - native: Nope\n")
        for offline in ([], ["--offline"]):
            found = self.json("lint", *offline, check=1)["findings"][0]
            self.assertEqual((found["code"], found["line"], found["column"]), ("INVALID_FILE", 4, 5))
            self.assertIn("LinkUsersToCustomers", found["text"])
        self.migrate("up", check=4)

    def test_the_history_needs_no_file(self):
        self.write(1, index("{n: 1}"))
        self.migrate("up")
        self.migrate("new", "later")
        self.assertIn("applied", self.migrate("history").stdout)

    def test_an_edited_file_stops_up_and_plan_with_the_difference(self):
        self.write(1, index("{n: 1}"))
        self.migrate("up")
        self.write(1, index("{n: -1}"))
        for command in ("up", "plan"):
            said = self.migrate(command, check=4).stderr
            self.assertIn('- create_indexes on orders: {"key": {"n": 1}', said)
            self.assertIn('+ create_indexes on orders: {"key": {"n": -1}', said)

    def test_what_an_option_takes_is_said_briefly(self):
        self.write(1, index("{n: 1}"))
        said = self.migrate("up", "--throttle", "-4", check=2).stderr
        self.assertIn("0 or more", said)
        self.assertNotIn("00000", said)
        self.migrate("up")
        self.migrate("up", "--commit-quorum", "not a quorum", check=2)
        said = self.migrate("new", "n" * 400, check=2).stderr
        self.assertIn("longer than", said)


class Messages(Base):
    def test_name_a_path_once(self):
        (self.project / "migrations/99999999999999999999_a.yaml").write_text("version: 1\n")
        said = self.migrate("lint", check=1).stdout
        self.assertEqual(said.count("99999999999999999999_a.yaml"), 1, said)


class Forecast(Base):
    def test_an_empty_file_is_wrong_at_its_beginning(self):
        (self.project / "migrations/001_a.yaml").write_text("")
        self.assertIn("001_a.yaml:1:1", self.migrate("lint", check=1).stdout)

    def test_what_an_earlier_operation_makes_cannot_be_counted(self):
        self.write(1, "  - add_field: {collection: orders, field: extra, value: 5}\n"
                      "  - transform: {collection: orders, filter: {extra: 5}, pipeline: [{$set: {more: 1}}]}\n",
                   head="allow: [DOWN_LOSES_DATA]\n")
        said = self.migrate("plan")
        self.assertIn("an earlier operation", said.stderr)


del Base

if __name__ == "__main__":
    unittest.main()
