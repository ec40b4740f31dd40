# SPDX-License-Identifier: GPL-3.0-or-later
"""TLS: drivers connect, certificates are checked both ways, and who speaks something else is told."""
import os
import socket
import ssl
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import pymongo
from pymongo import errors

from plumbd import Plumbd, StartFailed
from wire import Connection, op_msg

HERE = Path(__file__).parent

NODE_PROGRAM = """
const { MongoClient } = require('mongodb');
(async () => {
  const client = await MongoClient.connect(process.argv[1], {tls: true, tlsCAFile: process.argv[2]});
  await client.db('shop').collection('node').insertOne({_id: 1});
  console.log(await client.db('shop').collection('node').countDocuments({}));
  await client.close();
})().catch(error => { console.error(error); process.exit(1); });
"""


class Certificates:
    """An authority, a server's and a client's certificate, made by openssl in a folder."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.make_authority("ca")
        self.make_authority("other-ca")
        self.make("server", "ca", "subjectAltName=IP:127.0.0.1,DNS:localhost")
        self.make("client", "ca")
        self.make("stranger", "other-ca")

    def __getitem__(self, name):
        return str(self.folder / name)

    def openssl(self, *arguments):
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)

    def make_authority(self, name):
        self.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                     f"/CN=Test {name}", "-keyout", f"{name}.key", "-out", f"{name}.pem")

    def make(self, name, authority, extension="basicConstraints=CA:FALSE"):
        (self.folder / f"{name}.ext").write_text(extension)
        self.openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}",
                     "-keyout", f"{name}.key", "-out", f"{name}.csr")
        self.openssl("x509", "-req", "-in", f"{name}.csr", "-CA", f"{authority}.pem", "-CAkey",
                     f"{authority}.key", "-CAcreateserial", "-days", "2", "-extfile",
                     f"{name}.ext", "-out", f"{name}.crt")
        both = (self.folder / f"{name}.crt").read_text() + (self.folder / f"{name}.key").read_text()
        (self.folder / f"{name}.pem").write_text(both)


def ping_of(length):
    """A message of this many bytes."""
    command = {"ping": 1, "comment": "", "$db": "admin"}
    command["comment"] = "x" * (length - len(op_msg(command)))
    return op_msg(command)


class Tls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.files = Certificates(cls.folder.name)
        cls.server = Plumbd(arguments=["--tlsMode", "requireTLS", "--tlsCertificateKeyFile",
                                       cls.files["server.pem"]]).start()

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()
        cls.folder.cleanup()

    def log_of(self, server):
        return (server.data.parent / "plumbd.log").read_text()

    def wait_for_log(self, server, words):
        deadline = time.monotonic() + 10
        while words not in self.log_of(server) and time.monotonic() < deadline:
            time.sleep(0.02)
        self.assertIn(words, self.log_of(server))

    def client(self, server, **options):
        return pymongo.MongoClient(server.url, serverSelectionTimeoutMS=3000, tls=True,
                                   tlsCAFile=self.files["ca.pem"], **options)

    def test_pymongo_connects_and_reads_large_results(self):
        client = self.client(self.server)
        client.shop.c.insert_many([{"_id": i, "text": "x" * 5000} for i in range(2000)])
        self.assertEqual(sum(len(d["text"]) for d in client.shop.c.find()), 10_000_000)
        client.close()

    def test_the_node_driver_connects(self):
        done = subprocess.run(["node", "-e", NODE_PROGRAM, self.server.url, self.files["ca.pem"]],
                              cwd=HERE, text=True, capture_output=True, env=os.environ, timeout=60,
                              check=False)
        self.assertEqual((done.returncode, done.stdout.strip()), (0, "1"), done.stderr)

    def test_log_ins_work_inside_of_tls(self):
        with Plumbd(arguments=["--auth", "--tls-certificate", self.files["server.crt"],
                               "--tls-key", self.files["server.key"]]) as server:
            self.client(server).admin.command("createUser", "boss", pwd="x", roles=["root"])
            boss = self.client(server, username="boss", password="x")
            self.assertEqual(boss.shop.c.count_documents({}), 0)

    def test_a_plain_client_is_told_in_the_log(self):
        with Connection(self.server.port) as connection:
            self.assertIsNone(connection.run({"ping": 1, "$db": "admin"}))
        self.wait_for_log(self.server, "does not speak TLS")

    def test_a_tls_client_on_a_plain_port_is_told_in_the_log(self):
        with Plumbd() as server:
            context = ssl.create_default_context(cafile=self.files["ca.pem"])
            with socket.create_connection(("127.0.0.1", server.port), timeout=10) as plain:
                with self.assertRaises((ssl.SSLError, OSError)):
                    context.wrap_socket(plain, server_hostname="127.0.0.1")
            self.wait_for_log(server, "speaks TLS, which this server was not started with")

    def test_a_message_that_begins_as_tls_does_is_still_a_message(self):
        with Plumbd() as server:
            for length in (0x0316, 0x010316, 0x030316):
                sent = ping_of(length)
                self.assertEqual((sent[:2], len(sent)), (b"\x16\x03", length))
                with Connection(server.port) as connection:
                    connection.send(sent)
                    self.assertEqual(connection.reply()["ok"], 1.0)

    def test_old_versions_are_refused(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(self.files["ca.pem"])
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=10) as plain:
            with self.assertRaises((ssl.SSLError, OSError)):
                context.wrap_socket(plain, server_hostname="127.0.0.1")

    def test_both_kinds_share_a_port_where_that_is_wanted(self):
        with Plumbd(arguments=["--tlsMode", "preferTLS", "--tlsCertificateKeyFile",
                               self.files["server.pem"]]) as server:
            self.assertEqual(self.client(server).admin.command("ping")["ok"], 1.0)
            self.assertEqual(server.client().admin.command("ping")["ok"], 1.0)
            for length in (0x0216, 0x0316):
                with Connection(server.port) as connection:
                    connection.send(ping_of(length))
                    self.assertEqual(connection.reply()["ok"], 1.0)

    def test_clients_certificates_are_checked(self):
        with Plumbd(arguments=["--tlsMode", "requireTLS", "--tlsCertificateKeyFile",
                               self.files["server.pem"], "--tlsCAFile",
                               self.files["ca.pem"]]) as server:
            known = self.client(server, tlsCertificateKeyFile=self.files["client.pem"])
            self.assertEqual(known.admin.command("ping")["ok"], 1.0)
            for options in ({}, {"tlsCertificateKeyFile": self.files["stranger.pem"]}):
                with self.subTest(options), self.assertRaises(errors.PyMongoError):
                    self.client(server, **options).admin.command("ping")
            self.wait_for_log(server, "the TLS handshake failed")

    def test_files_that_cannot_be_used_are_named(self):
        cases = [(["--tlsCertificateKeyFile", "/nowhere.pem"], "/nowhere.pem"),
                 (["--tls-certificate", self.files["server.crt"], "--tls-key",
                   self.files["client.key"]], "client.key"),
                 (["--tlsMode", "requireTLS"], "needs a certificate"),
                 (["--tlsMode", "sometimes", "--tlsCertificateKeyFile", self.files["server.pem"]],
                  "sometimes")]
        for arguments, words in cases:
            with self.subTest(arguments), self.assertRaises(StartFailed) as failed:
                Plumbd(arguments=arguments).start()
            self.assertEqual(failed.exception.code, 2)
            self.assertIn(words, failed.exception.text)


if __name__ == "__main__":
    unittest.main()
