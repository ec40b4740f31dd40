# SPDX-License-Identifier: GPL-3.0-or-later
"""Bytes that no driver sends: one connection ends or gets an error, the others go on."""
import socket
import struct
import subprocess
import tempfile
import unittest
from pathlib import Path

import bson

from plumbd import BIN, Plumbd, StartFailed

OP_MSG = 2013


def message(body, opcode=OP_MSG, length=None):
    size = 16 + len(body) if length is None else length
    return struct.pack("<iiii", size, 1, 0, opcode) + body


def op_msg(document, flags=0):
    return message(struct.pack("<Ib", flags, 0) + document)


PING = bson.encode({"ping": 1, "$db": "admin"})

# name, bytes
BROKEN = [
    ("length below a header", message(b"", length=4)),
    ("negative length", message(b"", length=-1)),
    ("length past the limit", message(b"", length=48_000_001)),
    ("unknown opcode", message(b"abc", opcode=1234)),
    ("no section", message(struct.pack("<I", 0))),
    ("unknown section kind", message(struct.pack("<Ib", 0, 9) + PING)),
    ("unknown required flag", op_msg(PING, flags=1 << 5)),
    ("document cut short", op_msg(PING[:-3])),
    ("document longer than its section", op_msg(struct.pack("<i", 5000) + PING[4:])),
    ("unknown type in a document", op_msg(b"\x08\x00\x00\x00\x20a\x00\x00")),
    ("two bodies", message(struct.pack("<I", 0) + b"\0" + PING + b"\0" + PING)),
    ("sequence of negative length", message(struct.pack("<I", 0) + b"\0" + PING + b"\1" + struct.pack("<i", -5))),
    ("no command", op_msg(bson.encode({}))),
    ("no database", op_msg(bson.encode({"ping": 1}))),
    ("nothing but zeros", b"\0" * 64),
]


class BadInput(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Plumbd().start()
        cls.client = cls.server.client()

    @classmethod
    def tearDownClass(cls):
        cls.client.close()
        cls.server.__exit__()

    def answer_to(self, sent):
        """What comes back before the connection ends or falls silent; None if it falls silent."""
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=2) as connection:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            received = b""
            try:
                while chunk := connection.recv(65536):
                    received += chunk
            except ConnectionResetError:
                return received
            except socket.timeout:
                return None
            return received

    def test_each_broken_message_gets_an_error_or_the_door(self):
        for name, sent in BROKEN:
            with self.subTest(name):
                received = self.answer_to(sent)
                self.assertIsNotNone(received, "the connection was left hanging")
                if received:
                    reply = bson.decode(received[21:])
                    self.assertEqual(reply["ok"], 0, reply)
                    self.assertIn("code", reply)
                self.assertEqual(self.client.admin.command("ping")["ok"], 1)

    def test_a_half_sent_message_keeps_nobody_waiting(self):
        with socket.create_connection(("127.0.0.1", self.server.port)) as stalled:
            stalled.sendall(op_msg(PING)[:10])
            self.assertEqual(self.client.admin.command("ping")["ok"], 1)

    def test_too_deep_a_document_is_refused(self):
        deep = b"\x05\0\0\0\0"  # by hand: PyMongo's encoder does not go this deep
        for _ in range(300):
            deep = struct.pack("<i", len(deep) + 8) + b"\x03a\0" + deep + b"\0"
        body = bson.encode({"insert": "c", "$db": "x"})[4:-1] + b"\x04documents\0"
        body += struct.pack("<i", len(deep) + 8) + b"\x030\0" + deep + b"\0"
        reply = bson.decode(self.answer_to(op_msg(struct.pack("<i", len(body) + 5) + body + b"\0"))[21:])
        self.assertEqual((reply["ok"], reply["code"]), (0, 15))


class BadStart(unittest.TestCase):
    def fails(self, *arguments, data=None):
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([BIN / "plumbd", "--data", data or Path(folder, "d"), *arguments],
                                  capture_output=True, text=True, timeout=30, stdin=subprocess.DEVNULL)
        return done.returncode, done.stdout + done.stderr

    def test_an_unknown_option_is_a_usage_error(self):
        code, said = self.fails("--frobnicate")
        self.assertEqual(code, 2)
        self.assertIn("frobnicate", said)

    def test_a_taken_port_is_named(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = str(taken.getsockname()[1])
            code, said = self.fails("--port", port)
        self.assertEqual(code, 3)
        self.assertIn(port, said)

    def test_a_public_address_is_refused(self):
        code, said = self.fails("--port", "0", "--bind", "0.0.0.0")
        self.assertNotEqual(code, 0)
        self.assertIn("0.0.0.0", said)

    def test_a_locked_data_directory_is_named_and_left_alone(self):
        with Plumbd() as server:
            server.client().x.c.insert_one({"_id": 1})
            with self.assertRaises(StartFailed) as caught:
                Plumbd(data=server.data).start()
            self.assertEqual(caught.exception.code, 3)
            self.assertIn(str(server.data), caught.exception.text)
            self.assertEqual(server.client().x.c.count_documents({}), 1)

    def test_a_data_directory_of_another_version_is_left_alone(self):
        with Plumbd() as server:
            server.client().x.c.insert_one({"_id": 1})
            server.stop()
            version = next(path for path in server.data.iterdir() if "version" in path.name.lower()
                           and not path.name.startswith("WiredTiger"))
            original = version.read_text()
            version.write_text(original.replace("1", "999"))
            before = {path.name: path.stat().st_mtime_ns for path in server.data.iterdir()}
            with self.assertRaises(StartFailed) as caught:
                server.start()
            self.assertEqual(caught.exception.code, 3)
            self.assertIn("999", caught.exception.text)
            self.assertEqual(before, {path.name: path.stat().st_mtime_ns for path in server.data.iterdir()})
            version.write_text(original)
            server.start()
            self.assertEqual(server.client().x.c.count_documents({}), 1)


if __name__ == "__main__":
    unittest.main()
