#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks what the compiler does not: layers, homes of libraries, sizes, words, files without a target.

    tools/tidy.py [ROOT]     prints a line for each finding and exits with 1 if there is one

Each line says where, what, and what to do instead. The rules are docs/ARCHITECTURE.md and
CONTRIBUTING.md; tools/layers.txt and tools/size_exceptions.txt are data of this program.
"""
import re
import subprocess
import sys
from pathlib import Path

CPP_LINES_MAX = 800
HEADER_LINES_MAX = 400
LINE_LENGTH_MAX = 100

# A library is included from its home only, so that a change of library is a change of one folder.
HOMES = {
    "wiredtiger.h": ["engine/storage"],
    "mongoc/": ["client"],
    "mongoc.h": ["client"],
    "bson/bson.h": ["client"],
    "CLI/": ["cli", "plumbd"],
    "yaml-cpp/": ["project"],
    "pcre2.h": ["engine/query"],
    "bid_functions.h": ["bson"],
    "boost/": ["tool/watch"],
    "openssl/ssl.h": ["engine/wire"],
    "openssl/": ["engine/auth", "engine/wire"],
    "snappy": ["engine/wire"],
    "zlib.h": ["engine/wire", "tool/capture"],
    "zstd.h": ["engine/wire"],
}

BANNED = [
    (r"\bstd::regex\b", "std::regex is slow and recursive: query/regex.h"),
    (r"\bstd::(stoi|stol|stoll|stoul|stod)\b", "std::sto… throws: std::from_chars"),
    (r"(?<![\w.:>])rand\(\)", "rand() differs between machines: base/random.h"),
    (r"(?<![\w.:>])system\(", "system() runs a shell: fork and exec with arguments"),
    (r"\bassert\(", "assert vanishes in release builds: PLUMB_ASSERT"),
    (r"\b(TODO|FIXME|XXX)\b", "unfinished work belongs in an issue, not in a comment"),
    (r"\busing namespace\b", "using namespace hides where a name is from"),
]

SPDX = "SPDX-License-Identifier: GPL-3.0-or-later"


def tracked_files(root):
    listed = subprocess.run(["git", "-C", str(root), "ls-files", "-co", "--exclude-standard"],
                            capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        return [root / line for line in listed.stdout.splitlines() if (root / line).is_file()]
    return [path for path in root.rglob("*") if path.is_file()]


def read_layers(root):
    """{folder: folders it may include}, longest folder names first when looked up."""
    layers = {}
    for line in (root / "tools/layers.txt").read_text().splitlines():
        line = line.split("#")[0].strip()
        if line:
            folder, _, allowed = line.partition(":")
            layers[folder.strip()] = allowed.split()
    return layers


def read_exceptions(root):
    """{path: ceiling in lines}: files allowed to be longer, never longer than now."""
    path = root / "tools/size_exceptions.txt"
    exceptions = {}
    if path.exists():
        for line in path.read_text().splitlines():
            parts = line.split("#")[0].split(maxsplit=2)
            if len(parts) >= 2:
                exceptions[parts[0]] = int(parts[1])
    return exceptions


def folder_of(relative, layers):
    """The layer a path under src/ belongs to: the longest listed folder that holds it."""
    parts = relative.split("/")[:-1]
    for count in range(len(parts), 0, -1):
        candidate = "/".join(parts[:count])
        if candidate in layers:
            return candidate
    return None


def check_includes(relative, text, layers):
    folder = folder_of(relative, layers)
    if folder is None:
        yield f"src/{relative}:1 is in a folder that tools/layers.txt does not list"
        return
    for number, line in enumerate(text.splitlines(), 1):
        ours = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
        if ours:
            target = folder_of(ours.group(1), layers)
            if target is None:
                yield f"src/{relative}:{number} includes {ours.group(1)}: write the path from src/"
            elif target != folder and target not in layers[folder]:
                allowed = " ".join(layers[folder]) or "nothing"
                yield (f"src/{relative}:{number} includes {target}: {folder} may use {allowed}; "
                       f"move the part that needs {target} up")
            if ours.group(1).endswith("_internal.h") and target != folder:
                yield f"src/{relative}:{number} includes another folder's internal header"
        library = re.match(r"\s*#\s*include\s+<([^>]+)>", line)
        if library:
            for name, homes in HOMES.items():
                at_home = any(folder == home or folder.startswith(home + "/") for home in homes)
                if library.group(1).startswith(name) and not at_home:
                    yield f"src/{relative}:{number} includes {name}: its home is {', '.join(homes)}"


def check_text(shown, text, is_test):
    lines = text.splitlines()
    if not any(SPDX in line for line in lines[:3]):
        yield f"{shown}:1 has no licence line: // {SPDX}"
    for number, line in enumerate(lines, 1):
        if len(line) > LINE_LENGTH_MAX and "http" not in line and not is_test:
            yield f"{shown}:{number} is {len(line)} long: {LINE_LENGTH_MAX} at most"
        if "NOLINT" in line and not re.search(r"NOLINT\w*(\([\w\-,.]+\))?\s*:\s*\S", line) \
                and "(" not in line.split("NOLINT")[1][:20]:
            yield f"{shown}:{number} NOLINT without a check's name or a reason"
        for pattern, instead in BANNED:
            if re.search(pattern, line):
                yield f"{shown}:{number} {instead}"


def check_size(shown, text, exceptions):
    count = text.count("\n")
    limit = HEADER_LINES_MAX if shown.endswith(".h") else CPP_LINES_MAX
    limit = max(limit, exceptions.get(shown, 0))
    if count > limit:
        yield f"{shown}:{count} is longer than {limit} lines: split it by meaning"


def check_targets(root, files):
    """Sources that no CMakeLists.txt names: they would rot unseen."""
    named = {}
    for path in files:
        if path.name == "CMakeLists.txt":
            named[path.parent] = path.read_text()
    for path in files:
        if path.suffix != ".cpp":
            continue
        folder, found = path.parent, False
        while folder != root and not found:
            if folder in named:
                relative = path.relative_to(folder).as_posix()
                found = re.search(r"(?<![\w/])" + re.escape(relative) + r"\b", named[folder])
            folder = folder.parent
        if not found:
            yield f"{path.relative_to(root)}:1 is in no CMakeLists.txt"


def check_codemap(root, layers):
    """docs/ARCHITECTURE.md draws every layer, and no other."""
    path = root / "docs/ARCHITECTURE.md"
    if not path.exists():
        return
    drawn = set(re.findall(r"^\| `src/([\w/]+)` \|", path.read_text(), re.M))
    present = {folder for folder in layers if (root / "src" / folder).is_dir()}
    for folder in sorted(present - drawn):
        yield f"docs/ARCHITECTURE.md:1 does not draw src/{folder}"
    for folder in sorted(drawn - present):
        yield f"docs/ARCHITECTURE.md:1 draws src/{folder}, which is not there"


def findings(root):
    layers = read_layers(root)
    exceptions = read_exceptions(root)
    files = tracked_files(root)
    for path in files:
        shown = path.relative_to(root).as_posix()
        if path.suffix not in (".cpp", ".h") or not shown.startswith("src/"):
            continue
        text = path.read_text()
        yield from check_includes(shown[4:], text, layers)
        yield from check_text(shown, text, shown.endswith("_test.cpp"))
        yield from check_size(shown, text, exceptions)
    sources = [path for path in files if path.relative_to(root).as_posix().startswith("src/")]
    yield from check_targets(root, sources)
    yield from check_codemap(root, layers)


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent).resolve()
    found = list(findings(root))
    for line in found:
        print(line)
    print(f"tidy: {len(found)} findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
