# SPDX-License-Identifier: GPL-3.0-or-later
"""plumb migrate --rolling --members: each member out of the set, built alone, back; the primary steps down and is last.

The set is three plumbd processes behind proxies that play a replica set (tests/support/replica_set.py)."""
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from pymongo.write_concern import WriteConcern

from plumbd import BIN, plumb
from replica_set import ReplicaSet

PRIMARY = 1
OTHERS = (0, 2)
TURN = ("stop", "start_standalone", "stop_standalone", "start")
UP = "  - create_indexes: {collection: orders, indexes: [{key: {n: 1}, purpose: test}, {key: {s: 1, n: 1}, purpose: test}]}\n"


def fill(client):
    durable = client.shop.get_collection("orders", write_concern=WriteConcern(j=True))
    durable.insert_many({"_id": n, "n": n, "s": f"s{n % 7}"} for n in range(2000))


class Rolling(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.project = Path(self.folder.name, "project")
        (self.project / "migrations").mkdir(parents=True)
        (self.project / "plumbline.yaml").write_text("name: x\n")
        self.write(UP)
        self.set = ReplicaSet(self.folder.name, 3, fill, primary=PRIMARY).__enter__()
        self.members = self.set.write_members_file(self.project / "members.yaml")

    def tearDown(self):
        self.set.__exit__()
        self.folder.cleanup()

    def write(self, up):
        (self.project / "migrations/001_x.yaml").write_text(f"version: 1\nname: x\nup:\n{up}")

    def arguments(self, *more):
        return ["migrate", "run", "001", "--rolling", "--members", str(self.members), *more, "--url", self.set.url,
                "--db", "shop"]

    def roll(self, *more, check=0):
        return plumb(*self.arguments(*more), cwd=self.project, check=check, timeout=120)

    def begin(self):
        return subprocess.Popen([BIN / "plumb", *self.arguments()], cwd=self.project, text=True, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def indexes(self, number):
        with self.set.client_of(number) as client:
            return set(client.shop.orders.index_information()) - {"_id_"}

    def ledger(self):
        with self.set.shared.client() as client:
            return client.shop["_plumb_migrations"].find_one({"_id": 1})

    def wait_for_action(self, step, process):
        deadline = time.monotonic() + 60
        while not any(action[1] == step for action in self.set.actions()):
            self.assertIsNone(process.poll(), "it ended instead")
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.02)

    def test_members_build_in_turn_and_the_primary_is_last(self):
        said = self.roll()
        actions = self.set.actions()
        self.assertEqual(actions, [(str(number), step) for number in (*OTHERS, PRIMARY) for step in TURN])
        self.assertEqual(self.set.step_downs, [PRIMARY])
        self.assertNotEqual(self.set.primary, PRIMARY)
        for number in range(3):
            self.assertEqual(self.indexes(number), {"n_1", "s_1_n_1"})
        record = self.ledger()
        self.assertEqual(record["state"], "applied")
        self.assertEqual([index["name"] for index in record["operations"][0]["owned"]], ["n_1", "s_1_n_1"])
        self.assertIn("001 completed", said.stdout)
        # Once more: there is nothing to do for anybody.
        self.roll()
        self.assertEqual(self.set.actions(), actions)

    def test_a_member_that_fails_comes_back_and_the_next_run_goes_on(self):
        second = OTHERS[1]
        self.set.write_members_file(self.members, **{f"start_standalone{second}": "false"})
        said = self.roll(check=None)
        self.assertNotEqual(said.returncode, 0)
        self.assertIn(f"{self.set.name(OTHERS[0])}: in service, has the indexes", said.stderr)
        self.assertIn(f"{self.set.name(second)}: in service, without the indexes", said.stderr)
        self.assertIn(f"{self.set.name(PRIMARY)}: not touched", said.stderr)
        self.assertEqual([len(self.indexes(number)) for number in range(3)], [2, 0, 0])
        self.assertEqual(self.set.step_downs, [])
        self.assertEqual(self.ledger()["state"], "applying")
        before = len(self.set.actions())
        self.set.write_members_file(self.members)
        self.roll()
        again = self.set.actions()[before:]
        self.assertEqual({number for number, _ in again}, {str(second), str(PRIMARY)})
        self.assertEqual([len(self.indexes(number)) for number in range(3)], [2, 2, 2])
        self.assertEqual(len(self.ledger()["operations"][0]["owned"]), 2)

    def test_ctrl_c_brings_the_member_back_and_says_what_each_one_has(self):
        slow = self.project / "slow"
        slow.write_text(f"#!/bin/sh\n{self.set.script(OTHERS[0], 'start_standalone')}\nsleep 1\n")
        slow.chmod(0o755)
        self.set.write_members_file(self.members, **{f"start_standalone{OTHERS[0]}": slow})
        process = self.begin()
        self.wait_for_action("start_standalone", process)
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=60)
        self.assertNotEqual(process.returncode, 0)
        self.assertIn(f"{self.set.name(OTHERS[0])}: in service, without the indexes", said)
        self.assertIn(f"{self.set.name(PRIMARY)}: not touched", said)
        self.assertEqual([step for _, step in self.set.actions()], list(TURN))
        self.set.write_members_file(self.members)
        self.roll()
        self.assertEqual([len(self.indexes(number)) for number in range(3)], [2, 2, 2])

    def test_a_member_left_alone_by_a_killed_run_is_brought_back_first(self):
        slow = self.project / "slow"
        slow.write_text(f"#!/bin/sh\n{self.set.script(OTHERS[0], 'start_standalone')}\nsleep 1\n")
        slow.chmod(0o755)
        self.set.write_members_file(self.members, **{f"start_standalone{OTHERS[0]}": slow})
        process = self.begin()
        self.wait_for_action("start_standalone", process)
        process.kill()
        process.communicate(timeout=60)
        with self.assertRaises(Exception):
            self.indexes(OTHERS[0])
        self.set.write_members_file(self.members)
        said = self.roll()
        self.assertIn("stands alone, as an earlier run left it", said.stderr + said.stdout)
        self.assertEqual([len(self.indexes(number)) for number in range(3)], [2, 2, 2])
        self.assertEqual(self.ledger()["state"], "applied")

    def test_says_which_member_could_not_be_brought_back(self):
        self.set.write_members_file(self.members, **{f"start{OTHERS[0]}": "false"})
        said = self.roll(check=6)
        self.assertIn(f"{self.set.name(OTHERS[0])}: OUT OF SERVICE", said.stderr)
        self.assertIn("start it by hand", said.stderr)
        self.assertEqual(self.set.step_downs, [])
        self.set.run(OTHERS[0], "start")
        self.set.write_members_file(self.members)
        self.roll()
        self.assertEqual([len(self.indexes(number)) for number in range(3)], [2, 2, 2])

    def test_refuses_before_a_member_is_touched(self):
        def refused(words, check=4):
            said = self.roll(check=check).stderr
            self.assertIn(words, said)
            self.assertEqual(self.set.actions(), [])
            self.assertIsNone(self.ledger())
        self.set.write_members_file(self.members, members=[0, 1])
        refused("is a member of the set and not in the members file")
        self.set.write_members_file(self.members)
        self.write("  - create_indexes: {collection: orders, indexes: [{key: {n: 1}, unique: true, purpose: test}]}\n")
        refused("n_1 is unique")
        self.write("  - add_field: {collection: orders, field: a, value: 1}\n" + UP)
        refused("only indexes are built member by member")
        self.write(UP)
        self.set.run(2, "stop")
        self.set.log.write_text("")
        refused("does not answer")
        self.set.run(2, "start")

    def test_unique_is_built_if_it_is_allowed(self):
        self.write("  - create_indexes: {collection: orders, indexes: [{key: {n: 1}, unique: true, purpose: test}]}\n")
        self.roll("--allow-unique")
        self.assertEqual([self.indexes(number) for number in range(3)], [{"n_1"}] * 3)

    def test_dry_run_prints_the_steps(self):
        said = self.roll("--dry-run").stdout
        self.assertIn(f"{self.set.name(PRIMARY)} (primary, last)", said)
        self.assertEqual(self.set.actions(), [])


if __name__ == "__main__":
    unittest.main()
