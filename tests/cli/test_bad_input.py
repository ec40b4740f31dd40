# SPDX-License-Identifier: GPL-3.0-or-later
"""Wrong words on the command line and wrong files in a project: an error that names what and where."""
import shutil
import tempfile
import unittest
from pathlib import Path

from plumbd import ROOT, plumb

PROJECT = ROOT / "projects/earlybird"

# arguments, exit code, what the error must name
WRONG_WORDS = [
    (["frobnicate"], 2, "frobnicate"),
    (["migrate", "frobnicate"], 2, "frobnicate"),
    (["generate", "--frobnicate"], 2, "--frobnicate"),
    (["generate", "--scale", "many"], 2, "many"),
    (["generate", "--scale", "-5"], 2, "-5"),
    (["migrate", "run"], 2, "version"),
    (["verify", "--project", "/nowhere/at/all"], 2, "/nowhere/at/all"),
    (["verify", "--url", "mongodb://127.0.0.1:1", "--project", str(PROJECT)], 3, "127.0.0.1:1"),
    (["verify", "--url", "not a url", "--project", str(PROJECT)], 2, "not a url"),
    (["rehearse", "--sample", "half", "--project", str(PROJECT)], 2, "half"),
    (["advise", "--db", "shop", "--project", "/nowhere/at/all"], 2, "/nowhere/at/all"),
    (["verify", "--db", "a b/$", "--project", str(PROJECT)], 2, "a b/$"),
    (["verify", "--data", "/proc/nowhere", "--project", str(PROJECT)], 2, "/proc/nowhere"),
]

# file, what to replace, by what, line of the error, what it must name
WRONG_FILES = [
    ("strategy.yaml", "unique: true", "uniqe: true", "uniqe"),
    ("strategy.yaml", "{id: 1}", "{id: yes please}", "id"),
    ("migrations/003_add_indexes.yaml", "create_indexes:", "creat_indexes:", "creat_indexes"),
    ("migrations/003_add_indexes.yaml", "version:", "verzion:", "verzion"),
    ("plumbline.yaml", "name:", "name: [", "plumbline.yaml"),
]


class WrongWords(unittest.TestCase):
    def test_each_is_named(self):
        for arguments, code, named in WRONG_WORDS:
            with self.subTest(arguments):
                done = plumb(*arguments)
                self.assertEqual(done.returncode, code, done.stdout + done.stderr)
                self.assertIn(named, done.stderr)

    def test_every_command_has_help_with_an_example(self):
        listed = plumb("help", check=0).stdout
        for command in ("demo", "generate", "migrate", "verify", "bench", "report", "shell"):
            self.assertIn(command, listed)
            said = plumb(command, "--help", check=0).stdout
            self.assertRegex(said.lower(), r"example", command)


class WrongFiles(unittest.TestCase):
    def test_each_names_file_line_and_column(self):
        for file, old, new, named in WRONG_FILES:
            with self.subTest(f"{file}: {new}"), tempfile.TemporaryDirectory() as folder:
                project = Path(folder, "project")
                shutil.copytree(PROJECT, project)
                text = Path(project, file).read_text()
                self.assertIn(old, text)
                Path(project, file).write_text(text.replace(old, new, 1))
                command = ["verify"] if "migrations" not in file else ["migrate", "status"]
                done = plumb(*command, "--project", project, "--data", Path(folder, "data"), cwd=folder)
                self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
                self.assertRegex(done.stderr, rf"{Path(file).name}:\d+:\d+")
                self.assertIn(named, done.stderr)


if __name__ == "__main__":
    unittest.main()
