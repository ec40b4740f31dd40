# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes series files of `plumb watch` as docs/formats/watch.md says, so that two days take seconds.

    with SeriesFile(path) as series:
        series.session({"database": "shop", "everyMs": Int64(30000), …})
        series.sample(at_ms, {("counter", "cpu_us", "db1:27017", ""): 1_250_000, …})

An implementation of its own: it shares nothing with the program that reads the file.
"""
import zlib

import bson

KINDS = {"gauge": 0, "counter": 1, "amount": 2}
MAGIC = b"PLWATCH\x01"


def varint(number):
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def zigzag(number):
    return number << 1 if number >= 0 else (-number << 1) - 1


def text(value):
    encoded = value.encode()
    return varint(len(encoded)) + encoded


class SeriesFile:
    def __init__(self, path):
        self.file = open(path, "wb")
        self.file.write(MAGIC)
        self.ids = {}
        self.last = []
        self.at_ms = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()

    def record(self, payload):
        self.file.write(varint(len(payload)) + zlib.crc32(payload).to_bytes(4, "little") + payload)

    def session(self, facts):
        self.record(b"S" + bson.encode(facts))

    def id_of(self, key, shown=""):
        kind, name, member, subject = key
        if key not in self.ids:
            self.ids[key] = len(self.ids)
            self.last.append(0)
            self.record(b"N" + varint(KINDS[kind]) + text(name) + text(member) + text(subject) + text(shown))
        return self.ids[key]

    def sample(self, at_ms, values, texts=None):
        """values: {(kind, name, member, subject): number}; texts: {subject: what a shape reads like}"""
        by_id = {self.id_of(key, (texts or {}).get(key[3], "")): value for key, value in values.items()}
        out = b"V" + varint(zigzag(at_ms - self.at_ms))
        for number in range(len(self.ids)):
            if number not in by_id:
                out += varint(0) + varint(0)
                continue
            change = by_id[number] - self.last[number]
            out += varint(1) + varint(0) if change == 0 else varint(zigzag(change) + 1)
            self.last[number] = by_id[number]
        self.at_ms = at_ms
        self.record(out)
