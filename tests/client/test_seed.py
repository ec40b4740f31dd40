# SPDX-License-Identifier: GPL-3.0-or-later
"""Step 30's verification snippet, unmodified, after migration 003 on fresh EarlyBird data."""
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from plumbd import Plumbd, plumb

HERE = Path(__file__).parent
EXPECTED = HERE.parent / "conformance/samples/seed-verification-output.txt"


class SeedVerification(unittest.TestCase):
    def test_prints_what_mongodb_prints(self):
        with Plumbd() as server, tempfile.TemporaryDirectory() as folder:
            target = ["--url", server.url, "--db", "earlybird", "--project",
                      HERE.parents[1] / "projects/earlybird"]
            plumb("generate", "--scale", 200, "--faults", 0, *target, check=0)
            plumb("migrate", "run", "003", *target, check=0)
            # The snippet says `python` and reads .env of the working directory.
            Path(folder, "python").symlink_to("/usr/bin/python3")
            Path(folder, ".env").write_text(f"MONGO_URL={server.url}\nDB_NAME=earlybird\n")
            environment = {key: value for key, value in os.environ.items()
                           if key not in ("MONGO_URL", "DB_NAME", "PYTHONPATH")}
            environment["PATH"] = f"{folder}:{environment['PATH']}"
            done = subprocess.run(["bash", HERE / "seed_verification.sh"], cwd=folder, text=True,
                                  env=environment, capture_output=True, timeout=60)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(done.stdout, EXPECTED.read_text())


if __name__ == "__main__":
    unittest.main()
