# SPDX-License-Identifier: GPL-3.0-or-later
"""OP_COMPRESSED: what drivers negotiate works, what is malformed ends one connection only."""
import json
import os
import struct
import subprocess
import tempfile
import unittest
import zlib
from pathlib import Path

import bson

from plumbd import Plumbd, plumb
from wire import OP_COMPRESSED, OP_MSG, Connection, op_compressed, op_msg

HERE = Path(__file__).parent

NODE_PROGRAM = """
const { MongoClient } = require('mongodb');
(async () => {
  const client = await MongoClient.connect(process.argv[1], {compressors: ['zlib']});
  const c = client.db('shop').collection('node');
  await c.insertMany(Array.from({length: 500}, (_, i) => ({_id: i, text: 'x'.repeat(200)})));
  console.log(JSON.stringify({count: (await c.find().toArray()).length}));
  await client.close();
})().catch(error => { console.error(error); process.exit(1); });
"""


def zlib_message(command):
    body = struct.pack("<Ib", 0, 0) + bson.encode(command)
    return op_compressed(zlib.compress(body), len(body))


PING = {"ping": 1, "$db": "admin"}
BODY = struct.pack("<Ib", 0, 0) + bson.encode(PING)
PACKED = zlib.compress(BODY)

# name, bytes
BROKEN = [
    ("unknown compressor", op_compressed(PACKED, len(BODY), compressor=9)),
    ("no compressor", op_compressed(BODY, len(BODY), compressor=0)),
    ("length too small", op_compressed(PACKED, len(BODY) - 1)),
    ("length too large", op_compressed(PACKED, len(BODY) + 1)),
    ("negative length", op_compressed(PACKED, -5)),
    ("a bomb", op_compressed(zlib.compress(b"\0" * 48_000_001), 48_000_001)),
    ("a bomb that says it is small", op_compressed(zlib.compress(b"\0" * 10_000_000), 100)),
    ("no zlib", op_compressed(b"\xff" * 50, 100)),
    ("no snappy", op_compressed(b"\xff" * 50, 100, compressor=1)),
    ("no zstd", op_compressed(b"\xff" * 50, 100, compressor=3)),
    ("cut short", op_compressed(PACKED[:-3], len(BODY))),
    ("nothing", op_compressed(b"", 0)),
    ("compressed twice", op_compressed(PACKED, len(BODY), opcode=OP_COMPRESSED)),
    ("unknown opcode inside", op_compressed(PACKED, len(BODY), opcode=77)),
]


class Compression(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Plumbd().start()

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def connect(self):
        return Connection(self.server.port)

    def test_hello_offers_what_both_have_in_the_clients_order(self):
        with self.connect() as connection:
            hello = {"hello": 1, "$db": "admin", "compression": ["zstd", "lzma", "zlib", "snappy"]}
            self.assertEqual(connection.run(hello)["compression"], ["zstd", "zlib", "snappy"])
            self.assertNotIn("compression", connection.run({"hello": 1, "$db": "admin"}))

    def test_pymongo_speaks_zlib(self):
        before = self.server.client().admin.command("serverStatus")["network"]["bytesIn"]
        client = self.server.client(compressors="zlib")
        client.shop.c.insert_many([{"_id": i, "text": "x" * 1000} for i in range(1000)])
        self.assertEqual(sum(len(d["text"]) for d in client.shop.c.find()), 1_000_000)
        after = client.admin.command("serverStatus")["network"]["bytesIn"]
        self.assertLess(after - before, 200_000)
        client.close()

    def test_the_node_driver_speaks_zlib(self):
        done = subprocess.run(["node", "-e", NODE_PROGRAM, self.server.url], cwd=HERE, text=True,
                              capture_output=True, env=os.environ, timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout), {"count": 500})

    def test_libmongoc_speaks_all_three(self):
        sent = {}
        for name in ("none", "snappy", "zlib", "zstd"):
            before = self.server.client().admin.command("serverStatus")["network"]["bytesIn"]
            with tempfile.TemporaryDirectory() as folder:
                options = "" if name == "none" else f"?compressors={name}"
                plumb("--url", f"{self.server.url}/{options}", "--db", f"by_{name}", "generate",
                      "--scale", 300, cwd=folder, check=0)
            after = self.server.client().admin.command("serverStatus")["network"]["bytesIn"]
            sent[name] = after - before
            self.assertEqual(self.server.client()[f"by_{name}"].orders.count_documents({}), 300)
        for name in ("snappy", "zlib", "zstd"):
            self.assertLess(sent[name], sent["none"] / 2, sent)

    def test_a_reply_comes_as_the_request_came(self):
        with self.connect() as connection:
            connection.send(op_msg(PING))
            self.assertEqual(connection.raw_reply()[0], OP_MSG)
            connection.send(zlib_message(PING))
            opcode, body = connection.raw_reply()
            self.assertEqual(opcode, OP_COMPRESSED)
            inner, length, compressor = struct.unpack("<iiB", body[:9])
            opened = zlib.decompress(body[9:])
            self.assertEqual((inner, length, compressor), (OP_MSG, len(opened), 2))
            self.assertEqual(bson.decode(opened[5:])["ok"], 1.0)

    def test_log_ins_and_passwords_are_never_answered_compressed(self):
        commands = [{"hello": 1}, {"isMaster": 1}, {"saslStart": 1, "mechanism": "X", "payload": b""},
                    {"saslContinue": 1, "conversationId": 1, "payload": b""},
                    {"createUser": "x", "pwd": "", "roles": []}, {"updateUser": "x", "pwd": "y"}]
        for command in commands:
            with self.subTest(command), self.connect() as connection:
                connection.send(zlib_message({**command, "$db": "admin"}))
                self.assertEqual(connection.raw_reply()[0], OP_MSG)

    def test_malformed_messages_end_their_connection_and_are_logged(self):
        log = self.server.data.parent / "plumbd.log"
        for name, sent in BROKEN:
            with self.subTest(name), self.connect() as connection:
                lines = log.read_text().count("Connection closed")
                connection.send(sent)
                answer = connection.raw_reply()
                if answer is not None:
                    self.assertEqual(bson.decode(answer[1][5:])["ok"], 0.0)
                    self.assertIsNone(connection.raw_reply())
                self.assertGreater(log.read_text().count("Connection closed"), lines)
        self.assertEqual(self.server.client().admin.command("ping")["ok"], 1.0)


if __name__ == "__main__":
    unittest.main()
