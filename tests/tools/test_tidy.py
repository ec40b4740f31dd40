# SPDX-License-Identifier: GPL-3.0-or-later
"""tools/tidy.py finds what it is for: each case is a small tree with one fault, or with none."""
import importlib.util
import tempfile
import unittest
from pathlib import Path

TIDY = Path(__file__).parents[2] / "tools/tidy.py"
spec = importlib.util.spec_from_file_location("tidy", TIDY)
tidy = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tidy)

LICENCE = "// SPDX-License-Identifier: GPL-3.0-or-later\n"
CASES = [
    ("clean", {"src/bson/a.cpp": LICENCE + '#include "base/b.h"\n'}, None),
    ("upward include", {"src/base/a.cpp": LICENCE + '#include "bson/b.h"\n'}, "may use nothing"),
    ("library away from home", {"src/bson/a.cpp": LICENCE + "#include <wiredtiger.h>\n"}, "its home"),
    ("no licence", {"src/base/a.cpp": "int a;\n"}, "no licence line"),
    ("too long", {"src/base/a.cpp": LICENCE + "int a;\n" * 900}, "longer than 800"),
    ("long line", {"src/base/a.cpp": LICENCE + "// " + "x" * 120 + "\n"}, "100 at most"),
    ("banned call", {"src/base/a.cpp": LICENCE + "int a = std::stoi(b);\n"}, "from_chars"),
    ("unfinished", {"src/base/a.cpp": LICENCE + "// TODO later\n"}, "belongs in an issue"),
    ("unlisted source", {"src/base/x.cpp": LICENCE}, "is in no CMakeLists.txt"),
    ("unlisted folder", {"src/other/a.cpp": LICENCE}, "does not list"),
]


class Tidy(unittest.TestCase):
    def test_cases(self):
        for name, files, expected in CASES:
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                root = Path(folder)
                files = {"tools/layers.txt": "base:\nbson: base\n",
                         "src/base/CMakeLists.txt": "plumb_library(base SOURCES a.cpp)\n",
                         "src/bson/CMakeLists.txt": "plumb_library(bson SOURCES a.cpp)\n",
                         "src/other/CMakeLists.txt": "a.cpp\n", **files}
                for path, text in files.items():
                    (root / path).parent.mkdir(parents=True, exist_ok=True)
                    (root / path).write_text(text)
                found = list(tidy.findings(root))
                if expected is None:
                    self.assertEqual(found, [])
                else:
                    self.assertEqual(len(found), 1, found)
                    self.assertIn(expected, found[0])


if __name__ == "__main__":
    unittest.main()
