# SPDX-License-Identifier: GPL-3.0-or-later
"""plumb shell: the mongosh line it prints works, and --run starts mongosh."""
import json
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from plumbd import BIN, Plumbd, plumb

MODULES = Path(__file__).parents[1] / "client/node_modules/.bin"


class Shell(unittest.TestCase):
    def setUp(self):
        self.server = Plumbd().start()
        self.server.client().shop.orders.insert_many([{"_id": i} for i in range(3)])
        self.home = tempfile.TemporaryDirectory()

    def tearDown(self):
        self.server.__exit__()
        self.home.cleanup()

    def environment(self, path):
        clean = {k: v for k, v in os.environ.items() if k not in ("MONGO_URL", "DB_NAME")}
        return {**clean, "PATH": path, "HOME": self.home.name}

    def test_the_printed_line_works(self):
        said = plumb("--url", self.server.url, "--db", "shop", "shell", check=0).stdout
        line = re.search(r"^  mongosh \"(\S+)\"$", said, re.M)
        self.assertIsNotNone(line, said)
        done = subprocess.run([MODULES / "mongosh", line.group(1), "--quiet", "--norc", "--eval",
                               "print(db.getName() + ' ' + db.orders.countDocuments())"], text=True, timeout=120,
                              capture_output=True, env=self.environment(os.environ["PATH"]), check=False)
        self.assertEqual("shop 3", done.stdout.strip(), done.stderr)

    def test_json(self):
        said = json.loads(plumb("--url", self.server.url, "--db", "shop", "shell", "--json", check=0).stdout)
        self.assertEqual((self.server.url, "shop", False), (said["url"], said["database"], said["embedded"]))

    def test_run_starts_mongosh(self):
        done = subprocess.run([BIN / "plumb", "--url", self.server.url, "--db", "shop", "shell", "--run"], text=True,
                              input="db.orders.countDocuments() + ' orders'\n", capture_output=True, timeout=120,
                              env=self.environment(f"{MODULES}:{os.environ['PATH']}"), check=False)
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertIn("3 orders", done.stdout)

    def test_the_embedded_engine_runs_as_long_as_mongosh(self):
        done = subprocess.run([BIN / "plumb", "--data", Path(self.home.name) / "data", "--db", "own", "shell", "--run"],
                              text=True, input="db.c.insertOne({_id: 1})\ndb.c.countDocuments() + ' there'\n",
                              capture_output=True, timeout=120,
                              env=self.environment(f"{MODULES}:{os.environ['PATH']}"), check=False)
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertIn("1 there", done.stdout)

    def test_without_mongosh_it_says_so(self):
        done = subprocess.run([BIN / "plumb", "--url", self.server.url, "--db", "shop", "shell", "--run"], text=True,
                              capture_output=True, timeout=60, env=self.environment(self.home.name), check=False)
        self.assertEqual(2, done.returncode)
        self.assertIn("mongosh is not on the PATH", done.stderr)


if __name__ == "__main__":
    unittest.main()
