# SPDX-License-Identifier: GPL-3.0-or-later
"""Users and log-ins: made, changed, dropped, and never told to anybody whom they do not concern."""
import json
import os
import subprocess
import unittest
from pathlib import Path

from bson import json_util
from pymongo import errors

from plumbd import Plumbd
from wire import Connection

HERE = Path(__file__).parent
MECHANISMS = ["SCRAM-SHA-1", "SCRAM-SHA-256"]
PASSWORD = "pa55-word-that-nobody-may-read"

NODE_PROGRAM = """
const { MongoClient } = require('mongodb');
(async () => {
  const client = await MongoClient.connect(process.argv[1]);
  await client.db('shop').collection('node').insertOne({_id: 1});
  const status = await client.db('admin').command({connectionStatus: 1});
  console.log(JSON.stringify(status.authInfo.authenticatedUsers));
  await client.close();
})().catch(error => { console.error(error); process.exit(1); });
"""


class Users(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Plumbd(arguments=["--auth", "--slow-ms", "0"]).start()
        cls.server.client().admin.command("createUser", "boss", pwd=PASSWORD, roles=["root"])
        cls.boss = cls.server.client(username="boss", password=PASSWORD)

    @classmethod
    def tearDownClass(cls):
        cls.boss.close()
        cls.server.__exit__()

    def setUp(self):
        self.boss.shop.command("dropAllUsersFromDatabase", 1)

    def make(self, name="ann", roles=("read",), **options):
        self.boss.shop.command("createUser", name, pwd=PASSWORD, roles=list(roles), **options)

    def log_in(self, name="ann", password=PASSWORD, mechanism=None, **options):
        if mechanism:
            options["authMechanism"] = mechanism
        return self.server.client(username=name, password=password, authSource="shop", **options)

    def assert_refused(self, code, action):
        with self.assertRaises(errors.OperationFailure) as refused:
            action()
        self.assertEqual(refused.exception.code, code, refused.exception)
        return refused.exception

    def test_both_mechanisms_log_in(self):
        self.make()
        for mechanism in MECHANISMS:
            self.assertIsNone(self.log_in(mechanism=mechanism).shop.c.find_one({"_id": "absent"}))

    def test_a_user_may_have_one_mechanism_only(self):
        self.make(mechanisms=["SCRAM-SHA-1"])
        self.log_in(mechanism="SCRAM-SHA-1").shop.c.find_one()
        self.log_in().shop.c.find_one()  # the driver asks which
        self.assert_refused(18, self.log_in(mechanism="SCRAM-SHA-256").shop.c.find_one)

    def test_names_and_passwords_may_be_odd(self):
        for name, password in [("a,b=c", "x"), ("żółw", "żółw i smok"), ("a.b", "x@y/z:%"), ("a b", " ")]:
            self.boss.shop.command("createUser", name, pwd=password, roles=["read"])
            for mechanism in MECHANISMS:
                with self.subTest(name=name, mechanism=mechanism):
                    self.log_in(name, password, mechanism).shop.c.find_one()

    def test_a_password_that_needs_unicode_tables_is_refused(self):
        refused = self.assert_refused(2, lambda: self.boss.shop.command(
            "createUser", "x", pwd="e\u0301", roles=[]))
        self.assertIn("U+0301", str(refused))

    def test_who_is_not_there_looks_like_who_is(self):
        self.make()
        answers = []
        for name in ("ann", "nobody"):
            with Connection(self.server.port) as connection:
                started = [connection.run({
                    "saslStart": 1, "mechanism": "SCRAM-SHA-256", "$db": "shop",
                    "payload": f"n,,n={name},r=abc".encode()}) for _ in range(2)]
                salts = {bytes(each["payload"]).split(b",")[1] for each in started}
                self.assertEqual(len(salts), 1, "the salt is the same each time")
                nonce = bytes(started[1]["payload"]).split(b",")[0]
                ended = connection.run({
                    "saslContinue": 1, "conversationId": 1, "$db": "shop",
                    "payload": b"c=biws," + nonce + b",p=" + b"A" * 43 + b"="})
                rounds = bytes(started[0]["payload"]).split(b",")[2]
                answers.append((rounds, len(salts.pop()), ended["code"], ended["errmsg"]))
        self.assertEqual(answers[0], answers[1])
        with Connection(self.server.port) as connection:
            told = [connection.run({"hello": 1, "$db": "admin", "saslSupportedMechs": f"shop.{name}"})
                    for name in ("ann", "nobody")]
            self.assertEqual(told[0]["saslSupportedMechs"], told[1]["saslSupportedMechs"])

    def test_a_log_in_out_of_order_fails(self):
        start = {"saslStart": 1, "mechanism": "SCRAM-SHA-1", "$db": "shop", "payload": b"n,,n=ann,r=abc"}
        going_on = {"saslContinue": 1, "conversationId": 1, "$db": "shop", "payload": b""}
        with Connection(self.server.port) as connection:
            self.assertEqual(connection.run(going_on)["code"], 17)
            connection.run(start)
            self.assertEqual(connection.run({**going_on, "conversationId": 2})["code"], 17)
            self.assertEqual(connection.run(going_on)["code"], 17, "the log-in ended")
            connection.run(start)
            self.assertEqual(connection.run(going_on)["code"], 18, "no proof is no proof")
            for payload in (b"", b"n,,", b"\xff" * 5000, b"p=tls-unique,,n=a,r=b"):
                self.assertEqual(connection.run({**start, "payload": payload})["code"], 18)
            self.assertEqual(connection.run({**start, "mechanism": "PLAIN"})["code"], 2)
            self.assertEqual(connection.run({"find": "c", "$db": "shop"})["code"], 13)

    def test_the_last_empty_exchange_is_kept_for_clients_that_want_it(self):
        self.make()
        client = self.log_in(mechanism="SCRAM-SHA-256")
        client.shop.c.find_one()  # PyMongo 3.11 skips it; the raw exchange below does not
        with Connection(self.server.port) as connection:
            started = connection.run({"saslStart": 1, "mechanism": "SCRAM-SHA-256", "$db": "shop",
                                      "payload": b"n,,n=ann,r=abc"})
            proof, signature = scram_proof(PASSWORD, b"n=ann,r=abc", bytes(started["payload"]))
            proved = connection.run({"saslContinue": 1, "conversationId": 1, "$db": "shop",
                                     "payload": proof})
            self.assertEqual((proved["done"], bytes(proved["payload"])), (False, signature))
            self.assertEqual(connection.run({"find": "c", "$db": "shop"})["code"], 13)
            ended = connection.run({"saslContinue": 1, "conversationId": 1, "$db": "shop", "payload": b""})
            self.assertTrue(ended["done"])
            self.assertEqual(connection.run({"find": "c", "$db": "shop"})["ok"], 1.0)
            self.assertEqual(connection.run({"logout": 1, "$db": "shop"})["ok"], 1.0)
            self.assertEqual(connection.run({"find": "c", "$db": "shop"})["code"], 13)

    def test_changes_reach_those_who_are_logged_in(self):
        self.make()
        ann = self.log_in()
        self.assert_refused(13, lambda: ann.shop.c.insert_one({}))
        self.boss.shop.command("grantRolesToUser", "ann", roles=["readWrite"])
        ann.shop.c.insert_one({})
        self.boss.shop.command("revokeRolesFromUser", "ann", roles=["readWrite"])
        self.assert_refused(13, lambda: ann.shop.c.insert_one({}))
        self.boss.shop.command("updateUser", "ann", roles=["readWrite"], customData={"a": 1})
        ann.shop.c.insert_one({})
        self.boss.shop.command("dropUser", "ann")
        self.assert_refused(13, ann.shop.c.find_one)
        self.make()
        self.assert_refused(13, ann.shop.c.find_one)  # another ann

    def test_a_new_password_replaces_the_old(self):
        self.make()
        self.boss.shop.command("updateUser", "ann", pwd="new")
        self.assert_refused(18, self.log_in().shop.c.find_one)
        self.log_in(password="new").shop.c.find_one()

    def test_users_info_in_all_its_forms(self):
        self.make(customData={"team": 1})
        self.make("bob", roles=[{"role": "readWrite", "db": "other"}])
        shop = self.boss.shop
        self.assertEqual([u["user"] for u in shop.command("usersInfo", 1)["users"]], ["ann", "bob"])
        one = shop.command("usersInfo", "ann")["users"][0]
        self.assertEqual((one["_id"], one["db"], one["customData"], one["mechanisms"]),
                         ("shop.ann", "shop", {"team": 1}, MECHANISMS))
        self.assertEqual(one["roles"], [{"role": "read", "db": "shop"}])
        self.assertNotIn("credentials", one)
        named = [{"user": "ann", "db": "shop"}, {"user": "x", "db": "y"}]
        self.assertEqual(len(shop.command("usersInfo", named)["users"]), 1)
        everybody = shop.command("usersInfo", {"forAllDBs": True})["users"]
        self.assertEqual({u["_id"] for u in everybody}, {"admin.boss", "shop.ann", "shop.bob"})
        shown = shop.command("usersInfo", "ann", showCredentials=True, showPrivileges=True)["users"][0]
        self.assertEqual(set(shown["credentials"]), set(MECHANISMS))
        self.assertEqual(shown["inheritedPrivileges"][0]["resource"], {"db": "shop", "collection": ""})
        self.assertIn("find", shown["inheritedPrivileges"][0]["actions"])
        ann = self.log_in()
        self.assertEqual(ann.shop.command("usersInfo", "ann")["users"][0]["user"], "ann")
        self.assert_refused(13, lambda: ann.shop.command("usersInfo", "bob"))
        self.assert_refused(13, lambda: ann.shop.command("usersInfo", "ann", showCredentials=True))

    def test_bad_users_are_refused(self):
        shop = self.boss.shop
        self.make()
        for code, arguments in [
                (51003, {"createUser": "ann", "pwd": "x", "roles": []}),
                (31, {"createUser": "x", "pwd": "x", "roles": ["root"]}),
                (31, {"createUser": "x", "pwd": "x", "roles": ["nonsense"]}),
                (2, {"createUser": "x", "roles": []}),
                (2, {"createUser": "x", "pwd": "x"}),
                (2, {"createUser": "", "pwd": "x", "roles": []}),
                (2, {"createUser": "x", "pwd": "x", "roles": [], "mechanisms": []}),
                (2, {"createUser": "x", "pwd": "x", "roles": [], "mechanisms": ["PLAIN"]}),
                (2, {"createUser": "x", "pwd": "x", "roles": [], "digestPassword": False}),
                (2, {"createUser": "x", "pwd": "x", "roles": [],
                     "authenticationRestrictions": [{"clientSource": ["10.0.0.0/8"]}]}),
                (2, {"updateUser": "ann"}),
                (11, {"updateUser": "absent", "pwd": "x"}),
                (11, {"dropUser": "absent"}),
                (11, {"grantRolesToUser": "absent", "roles": []}),
                (115, {"createRole": "x", "privileges": [], "roles": []})]:
            with self.subTest(arguments):
                self.assert_refused(code, lambda each=arguments: shop.command(each))

    def test_cursors_belong_to_who_opened_them(self):
        self.boss.shop.many.insert_many([{} for _ in range(10)])
        self.make()
        self.make("bob")
        ann = self.log_in()
        session = ann.start_session()
        opened = ann.shop.command("find", "many", batchSize=2, session=session)["cursor"]
        bob = self.log_in("bob").shop
        more = {"getMore": opened["id"], "collection": "many", "batchSize": 1}
        self.assert_refused(13, lambda: bob.command(more))
        self.assert_refused(13, lambda: bob.command("killCursors", "many", cursors=[opened["id"]]))
        self.assertEqual(len(ann.shop.command(more, session=session)["cursor"]["nextBatch"]), 1)

    def test_listings_show_what_one_may_see(self):
        self.boss.shop.c.update_one({"_id": 0}, {"$set": {"a": 1}}, upsert=True)
        self.boss.other.c.update_one({"_id": 0}, {"$set": {"a": 1}}, upsert=True)
        self.make()
        self.assertEqual(self.log_in().list_database_names(), ["shop"])
        self.assertIn("other", self.boss.list_database_names())
        self.make("none", roles=[{"role": "read", "db": "other"}])
        none = self.log_in("none")
        self.assert_refused(13, lambda: none.shop.command("listCollections", 1))
        listed = none.shop.command("listCollections", 1, nameOnly=True, authorizedCollections=True)
        self.assertEqual(listed["cursor"]["firstBatch"], [])

    def test_no_secret_is_ever_shown(self):
        self.boss.shop.command("profile", 2)
        self.make()
        self.log_in(mechanism="SCRAM-SHA-256").shop.c.find_one()
        self.boss.shop.command("updateUser", "ann", pwd=PASSWORD)
        self.assert_refused(13, lambda: self.log_in().shop.command("createUser", "x", pwd=PASSWORD, roles=[]))
        profiled = json_util.dumps(list(self.boss.shop["system.profile"].find()))
        self.boss.shop.command("profile", 0)
        users = json_util.dumps(self.boss.shop.command("usersInfo", "ann", showCredentials=True))
        log = (self.server.data.parent / "plumbd.log").read_text()
        self.assertIn("createUser", log)
        self.assertIn("Authentication succeeded", log)
        for text in (profiled, users, log):
            self.assertNotIn(PASSWORD, text)
        stored = self.boss.shop.command("usersInfo", "ann", showCredentials=True)["users"][0]
        for secret in ("storedKey", "serverKey"):
            self.assertNotIn(stored["credentials"]["SCRAM-SHA-256"][secret], log)
        for line in log.splitlines():
            if '"saslStart"' in line or '"saslContinue"' in line:
                self.assertIn('"payload": "xxx"', line)
        for path in self.server.data.rglob("*"):
            if path.is_file():
                self.assertNotIn(PASSWORD.encode(), path.read_bytes(), path)

    def test_users_outlive_the_server(self):
        with Plumbd(arguments=["--auth"]) as server:
            server.client().admin.command("createUser", "boss", pwd="x", roles=["root"])
            with Connection(server.port) as connection:
                before = connection.run({"saslStart": 1, "mechanism": "SCRAM-SHA-1", "$db": "shop",
                                         "payload": b"n,,n=nobody,r=abc"})["payload"]
            self.assertEqual((server.data / "plumbd.secret").stat().st_mode & 0o777, 0o600)
            server.kill()
            server.start()
            server.client(username="boss", password="x").shop.c.find_one()
            with Connection(server.port) as connection:
                after = connection.run({"saslStart": 1, "mechanism": "SCRAM-SHA-1", "$db": "shop",
                                        "payload": b"n,,n=nobody,r=abc"})["payload"]
            self.assertEqual(bytes(before).split(b",")[1], bytes(after).split(b",")[1])
            with self.assertRaises(errors.OperationFailure) as refused:
                server.client().admin.command("createUser", "x", pwd="x", roles=["root"])
            self.assertEqual(refused.exception.code, 13)

    def test_users_cannot_be_written_by_hand(self):
        users = self.boss.admin["system.users"]
        for attempt in (lambda: users.insert_one({"_id": "shop.x"}),
                        lambda: users.update_one({}, {"$set": {"roles": []}}),
                        lambda: users.delete_many({}),
                        users.drop,
                        lambda: list(self.boss.shop.c.aggregate(
                            [{"$out": {"db": "admin", "coll": "system.users"}}])),
                        lambda: self.boss.drop_database("admin")):
            self.assert_refused(20, attempt)
        self.boss.shop.c.find_one()

    def test_the_node_driver_logs_in(self):
        self.make("tool", roles=["readWrite", "dbAdmin"])
        url = f"mongodb://tool:{PASSWORD}@127.0.0.1:{self.server.port}/shop?authSource=shop"
        done = subprocess.run(["node", "-e", NODE_PROGRAM, url], cwd=HERE, text=True, env=os.environ,
                              capture_output=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout), [{"user": "tool", "db": "shop"}])


def scram_proof(password, client_first, server_first):
    """SCRAM-SHA-256 from the standard library: the client's last message, the server's answer."""
    import base64
    import hashlib
    import hmac
    fields = dict(part.split(b"=", 1) for part in server_first.split(b","))
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), base64.b64decode(fields[b"s"]),
                                 int(fields[b"i"]))
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    without_proof = b"c=biws,r=" + fields[b"r"]
    spoken = b",".join([client_first, server_first, without_proof])
    signature = hmac.digest(hashlib.sha256(client_key).digest(), spoken, "sha256")
    proof = bytes(a ^ b for a, b in zip(client_key, signature))
    answer = hmac.digest(hmac.digest(salted, b"Server Key", "sha256"), spoken, "sha256")
    return (without_proof + b",p=" + base64.b64encode(proof), b"v=" + base64.b64encode(answer))


if __name__ == "__main__":
    unittest.main()
