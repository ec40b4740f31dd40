# SPDX-License-Identifier: GPL-3.0-or-later
"""A day with the Node driver (node_day.js) against plumbd."""
import json
import subprocess
import unittest
from pathlib import Path

from plumbd import Plumbd

HERE = Path(__file__).parent


class NodeDay(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with Plumbd() as server:
            done = subprocess.run(["node", HERE / "node_day.js", server.url], cwd=HERE, text=True, timeout=120,
                                  capture_output=True, stdin=subprocess.DEVNULL, check=False)
        if done.returncode:
            raise AssertionError(done.stdout + done.stderr)
        cls.said = json.loads(done.stdout)

    def test_bulk_writes(self):
        bulk = self.said["bulk"]
        self.assertEqual([2, 3, 3, 1, 1], bulk["counts"])
        self.assertEqual({"code": 11000, "inserted": 1}, bulk["failed"])
        self.assertEqual([{"_id": 1, "code": "a", "replaced": True}, {"_id": 3, "code": "c"}, {"_id": 5, "code": "e"}],
                         bulk["left"])

    def test_cursors(self):
        self.assertEqual({"seen": 715 + 2 * 714, "done": True, "groups": 7, "distinct": list(range(7)),
                          "estimated": 5000, "counted": 715}, self.said["cursors"])

    def test_errors_have_the_server_s_codes(self):
        self.assertEqual({"badOperator": 2, "conflict": 40, "unknown": 59, "namespace": 26}, self.said["errors"])

    def test_gridfs(self):
        self.assertEqual({"whole": True, "part": True, "names": [["numbers", 10000, "test"]], "chunks": 10, "after": 0},
                         self.said["gridFs"])
        self.assertEqual(["fs.chunks", "fs.files", "many", "orders"], self.said["collections"])


if __name__ == "__main__":
    unittest.main()
