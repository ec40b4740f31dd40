# SPDX-License-Identifier: GPL-3.0-or-later
"""The wire protocol by hand, for what no driver does.

    connection = Connection(port)
    connection.send(op_msg({"ping": 1, "$db": "admin"}))
    reply = connection.reply()          # None at the end of the stream
"""
import socket
import struct

import bson

OP_COMPRESSED, OP_MSG = 2012, 2013
ZLIB = 2


def message(body, opcode=OP_MSG):
    return struct.pack("<iiii", 16 + len(body), 1, 0, opcode) + body


def op_msg(command):
    return message(struct.pack("<Ib", 0, 0) + bson.encode(command))


def op_compressed(packed, length, compressor=ZLIB, opcode=OP_MSG):
    """`packed` as the body of a message of `opcode` that has `length` bytes without its header."""
    return message(struct.pack("<iiB", opcode, length, compressor) + packed, OP_COMPRESSED)


class Connection:
    def __init__(self, port, timeout=20):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=timeout)

    def send(self, data):
        self.socket.sendall(data)

    def receive(self, count):
        data = b""
        while len(data) < count:
            chunk = self.socket.recv(count - len(data))
            if not chunk:
                return None
            data += chunk
        return data

    def raw_reply(self):
        """(opcode, body) of the next message; None at the end of the stream."""
        try:
            header = self.receive(16)
        except ConnectionResetError:
            return None
        if header is None:
            return None
        length, _, _, opcode = struct.unpack("<iiii", header)
        return opcode, self.receive(length - 16)

    def reply(self):
        answer = self.raw_reply()
        return None if answer is None else bson.decode(answer[1][5:])

    def run(self, command):
        self.send(op_msg(command))
        return self.reply()

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
