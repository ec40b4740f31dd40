# SPDX-License-Identifier: GPL-3.0-or-later
"""Every command with every role: role_matrix.tsv says who may, plumbd --auth must say the same."""
import unittest
from pathlib import Path

import pymongo
from bson import json_util
from pymongo import errors

from plumbd import Plumbd

MATRIX = Path(__file__).with_name("role_matrix.tsv")
UNAUTHORIZED = 13
OF_DATABASE = ["read", "readWrite", "dbAdmin", "dbOwner", "userAdmin"]
OF_SERVER = ["backup", "clusterAdmin", "clusterManager", "clusterMonitor", "dbAdminAnyDatabase",
             "hostManager", "readAnyDatabase", "readWriteAnyDatabase", "restore", "root",
             "userAdminAnyDatabase"]
ROLES = OF_DATABASE + OF_SERVER
STRANGER, NO_ROLE = "(not logged in)", "(no role)"


def read_matrix():
    """[(command, database, arguments as JSON, those who may)]"""
    rows = []
    for line in MATRIX.read_text().splitlines():
        if line.startswith("#"):
            continue
        command, database, arguments, named = line.split("\t")
        groups = {"ANYBODY": {STRANGER, NO_ROLE, *ROLES}, "LOGGED_IN": {NO_ROLE, *ROLES},
                  "NOBODY": set()}
        rows.append((command, database, arguments, groups.get(named, set(named.split()))))
    return rows


class Roles(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Plumbd(arguments=["--auth"]).start()
        cls.clients = {STRANGER: cls.server.client()}
        cls.clients[STRANGER].admin.command("createUser", "boss", pwd="x", roles=["root"])
        cls.boss = cls.log_in("boss")
        for who in [NO_ROLE, *ROLES]:
            role = [] if who == NO_ROLE else [
                {"role": who, "db": "shop" if who in OF_DATABASE else "admin"}]
            cls.boss.admin.command("createUser", who, pwd="x", roles=role)
            cls.clients[who] = cls.log_in(who)

    @classmethod
    def tearDownClass(cls):
        for client in [cls.boss, *cls.clients.values()]:
            client.close()
        cls.server.__exit__()

    @classmethod
    def log_in(cls, name):
        return cls.server.client(username=name, password="x", authSource="admin", maxPoolSize=1)

    def prepare(self):
        """What the cases suppose to be there."""
        shop = self.boss.shop
        shop.c.update_one({"_id": 0}, {"$set": {"a": 1}}, upsert=True)
        if "v" not in shop.list_collection_names():
            shop.command("create", "v", viewOn="c", pipeline=[])

    def may(self, who, database, arguments):
        try:
            self.clients[who][database].command(json_util.loads(arguments))
        except errors.OperationFailure as refused:
            return refused.code != UNAUTHORIZED
        return True

    def test_each_role_may_exactly_what_the_matrix_says(self):
        for command, database, arguments, allowed in read_matrix():
            self.prepare()
            for who in [STRANGER, NO_ROLE, *ROLES]:
                # Who may stop the server does so in a test of its own.
                if command == "shutdown" and who in allowed:
                    continue
                with self.subTest(command=command, arguments=arguments, who=who):
                    self.assertEqual(self.may(who, database, arguments), who in allowed)

    def test_the_matrix_has_every_command_and_no_other(self):
        commands = set(self.boss.admin.command("listCommands")["commands"])
        self.assertEqual({row[0] for row in read_matrix()}, commands)

    def test_the_matrix_has_every_role(self):
        listed = self.boss.admin.command("rolesInfo", 1, showBuiltinRoles=True)["roles"]
        self.assertEqual({role["role"] for role in listed}, set(ROLES))


class Shutdown(unittest.TestCase):
    def test_those_who_may_stop_the_server_do(self):
        allowed = next(row[3] for row in read_matrix() if row[0] == "shutdown")
        with Plumbd(arguments=["--auth"]) as server:
            anybody = server.client()
            anybody.admin.command("createUser", "boss", pwd="x", roles=["root"])
            boss = server.client(username="boss", password="x")
            for role in allowed:
                boss.admin.command("createUser", role, pwd="x", roles=[role])
            for role in sorted(allowed):
                client = server.client(username=role, password="x")
                try:
                    client.admin.command("shutdown")
                except errors.AutoReconnect:
                    pass
                self.assertEqual(server.process.wait(timeout=30), 0, role)
                client.close()
                server.close()
                server.start()


if __name__ == "__main__":
    unittest.main()
