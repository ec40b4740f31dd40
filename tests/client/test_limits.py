# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients that are many, slow or gone: the others go on, and nobody's operation runs for nobody."""
import os
import socket
import stat
import struct
import time
import unittest

import pymongo

from plumbd import Plumbd, StartFailed
from wire import Connection, message, op_msg

# Runs for minutes on 1 500 documents unless somebody stops it.
ENDLESS = {"aggregate": "c", "cursor": {}, "$db": "shop", "pipeline": [
    {"$lookup": {"from": "c", "as": "x", "let": {"a": "$a"}, "pipeline": [
        {"$lookup": {"from": "c", "as": "y", "let": {"b": "$a"}, "pipeline": [
            {"$match": {"$expr": {"$eq": [{"$add": ["$a", "$$b"]}, -1]}}}]}},
        {"$match": {"$expr": {"$eq": [{"$add": ["$a", "$$a"]}, -1]}}}]}}]}


def wait_until(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.005)
    return True


def outside_address():
    """An address of this machine that is not loopback; nothing is sent for it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        address = probe.getsockname()[0]
    return None if address.startswith("127.") else address


class Limits(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Plumbd(arguments=["--maxConns", "40"]).start()
        cls.client = cls.server.client()
        cls.client.shop.c.insert_many([{"_id": i, "a": i} for i in range(1500)])

    @classmethod
    def tearDownClass(cls):
        cls.client.close()
        cls.server.__exit__()

    def running(self, command):
        operations = self.client.admin.command("currentOp")["inprog"]
        return [each for each in operations if command in each.get("command", {})]

    def connections(self):
        return self.client.admin.command("serverStatus")["connections"]["current"]

    def test_an_operation_stops_when_its_client_hangs_up(self):
        connection = Connection(self.server.port)
        connection.send(op_msg(ENDLESS))
        self.assertTrue(wait_until(lambda: self.running("aggregate")))
        connection.close()
        gone = time.monotonic()
        self.assertTrue(wait_until(lambda: not self.running("aggregate")))
        print(f"stopped {1000 * (time.monotonic() - gone):.0f} ms after the hang-up")

    def test_an_operation_stops_although_its_client_hung_up_before_it_began(self):
        connection = Connection(self.server.port)
        connection.send(op_msg(ENDLESS))
        connection.close()
        before = self.connections()
        self.assertTrue(wait_until(lambda: not self.running("aggregate")))
        self.assertTrue(wait_until(lambda: self.connections() <= before))

    def test_a_write_goes_on_without_its_client(self):
        documents = [{"_id": i, "pad": "x" * 100} for i in range(20_000)]
        connection = Connection(self.server.port)
        connection.send(op_msg({"insert": "written", "documents": documents, "$db": "shop"}))
        connection.close()
        self.assertTrue(wait_until(lambda: self.client.shop.written.count_documents({}) == 20_000))

    def test_past_the_limit_connections_are_closed_and_the_others_go_on(self):
        held = [Connection(self.server.port) for _ in range(40)]
        try:
            refused = sum(1 for each in held if not self.greets(each))
            self.assertGreater(refused, 0)
            self.assertEqual(self.client.admin.command("ping")["ok"], 1.0)
            log = (self.server.data.parent / "plumbd.log").read_text()
            self.assertIn("too many open connections", log)
        finally:
            for each in held:
                each.close()
        self.assertTrue(wait_until(lambda: self.connections() < 10))
        with Connection(self.server.port) as again:
            self.assertTrue(self.greets(again))

    def greets(self, connection):
        try:
            return connection.run({"hello": 1, "$db": "admin"}) is not None
        except (BrokenPipeError, ConnectionResetError):
            return False

    def test_a_client_that_says_a_byte_at_a_time_costs_nothing(self):
        slow = [Connection(self.server.port) for _ in range(20)]
        before = self.memory()
        for each in slow:
            each.send(struct.pack("<i", 48_000_000) + b"\1\0\0\0\0\0\0\0" + struct.pack("<i", 2013))
        for _ in range(50):
            for each in slow:
                each.send(b"\0")
        self.assertEqual(self.client.admin.command("ping")["ok"], 1.0)
        self.assertLess(self.memory() - before, 20 * 1024 * 1024)
        for each in slow:
            each.close()
        self.assertTrue(wait_until(lambda: self.connections() < 10))

    def memory(self):
        with open(f"/proc/{self.server.process.pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def test_the_data_directory_is_for_its_owner_only(self):
        self.assertEqual(stat.S_IMODE(self.server.data.stat().st_mode), 0o700)


class Strangers(unittest.TestCase):
    def test_before_a_log_in_messages_are_small(self):
        with Plumbd(arguments=["--auth"]) as server:
            with Connection(server.port) as connection:
                connection.send(message(b"\0" * 100_000))
                self.assertIn("before the log-in", connection.reply()["errmsg"])
                self.assertIsNone(connection.raw_reply())
            with Connection(server.port) as connection:
                self.assertEqual(connection.run({"hello": 1, "$db": "admin"})["ok"], 1.0)

    def test_without_log_ins_only_this_machine_is_served(self):
        with self.assertRaises(StartFailed) as failed:
            Plumbd(arguments=["--bind", "0.0.0.0"]).start()
        self.assertEqual(failed.exception.code, 4)
        self.assertIn("--auth", failed.exception.text)
        with Plumbd(arguments=["--bind_ip", "0.0.0.0", "--auth"]) as server:
            client = pymongo.MongoClient(f"mongodb://127.0.0.1:{server.port}")
            self.assertEqual(client.admin.command("ping")["ok"], 1.0)

    def test_the_first_user_is_made_from_this_machine_only(self):
        address = outside_address()
        if address is None:
            self.skipTest("this machine has no other address")
        with Plumbd(arguments=["--bind", "0.0.0.0", "--auth"]) as server:
            outside = pymongo.MongoClient(f"mongodb://{address}:{server.port}")
            with self.assertRaises(pymongo.errors.OperationFailure) as refused:
                outside.admin.command("createUser", "x", pwd="x", roles=["root"])
            self.assertEqual(refused.exception.code, 13)


if __name__ == "__main__":
    unittest.main()
