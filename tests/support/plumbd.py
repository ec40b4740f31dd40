# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts and stops plumbd for end-to-end tests: a temporary data directory, a free loopback port.

    with Plumbd() as server:
        client = server.client()

The programs are those of PLUMB_BIN (ctest sets it), else of build/bin.
"""
import os
import re
import select
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import pymongo

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ.get("PLUMB_BIN", ROOT / "build/bin"))
START_SECONDS = 30
SANITIZER_CODE = 66  # tools/sanitize: what ThreadSanitizer ends a process with that it found something in


class StartFailed(Exception):
    """plumbd ended instead of listening: its exit code and last words."""

    def __init__(self, code, text):
        super().__init__(f"plumbd ended with {code}: {text}")
        self.code = code
        self.text = text


class Plumbd:
    def __init__(self, data=None, arguments=()):
        self.own_folder = None if data else tempfile.mkdtemp(prefix="plumbd-test-")
        self.data = Path(data or self.own_folder) / ("" if data else "data")
        self.arguments = list(arguments)
        self.process = None
        self.port = None

    def command(self):
        return [BIN / "plumbd", "--port", "0", "--data", self.data, *self.arguments]

    def start(self):
        self.log = open(self.data.parent / "plumbd.log", "ab")
        self.process = subprocess.Popen(
            self.command(),
            stdout=subprocess.PIPE, stderr=self.log)
        deadline = time.monotonic() + START_SECONDS
        said = b""
        while time.monotonic() < deadline:
            ready, _, _ = select.select([self.process.stdout], [], [], 0.2)
            if ready:
                chunk = os.read(self.process.stdout.fileno(), 4096)
                said += chunk
                found = re.search(rb"listening on [\d.]+:(\d+)", said)
                if found:
                    self.port = int(found.group(1))
                    return self
                if not chunk:
                    break
        code = self.process.wait(timeout=5)
        self.close()
        raise StartFailed(code, (self.data.parent / "plumbd.log").read_text()[-2000:])

    @property
    def url(self):
        return f"mongodb://127.0.0.1:{self.port}"

    def client(self, **options):
        return pymongo.MongoClient(self.url, serverSelectionTimeoutMS=5000, **options)

    def kill(self):
        """As a power cut would: SIGKILL, no farewell."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.close()

    def stop(self):
        """Asks it to end, and tells its exit code."""
        self.process.terminate()
        code = self.process.wait(timeout=30)
        self.close()
        if code == SANITIZER_CODE:
            lines = (self.data.parent / "plumbd.log").read_text().splitlines()
            raise AssertionError("\n".join(line for line in lines if not line.startswith("{")))
        return code

    def close(self):
        if self.process is not None:
            self.process.stdout.close()
            self.log.close()
            self.process = None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        if self.process is not None:
            self.stop()
        if self.own_folder:
            shutil.rmtree(self.own_folder, ignore_errors=True)


def plumb(*arguments, env=None, cwd=None, check=None, timeout=300):
    """Runs `plumb` and returns the finished process with its text; `check`: the exit code wanted."""
    clean = {key: value for key, value in os.environ.items()
             if key not in ("MONGO_URL", "DB_NAME")}
    clean.update(env or {})
    done = subprocess.run([BIN / "plumb", *map(str, arguments)], env=clean, cwd=cwd, text=True,
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout)
    if check is not None and done.returncode != check:
        raise AssertionError(f"plumb {' '.join(map(str, arguments))} ended with {done.returncode}, "
                             f"not {check}\n{done.stdout}\n{done.stderr}")
    return done
