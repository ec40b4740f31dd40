# SPDX-License-Identifier: GPL-3.0-or-later
"""What a client sees of a replica set, over plumbd processes that know nothing of each other.

    with ReplicaSet(folder, 3, fill) as members:
        members.url                 # mongodb://…?replicaSet=rs0
        members.write_members_file(path)

Each member is a plumbd behind a proxy. The proxy says who is primary, refuses writes on the others,
answers replSetGetStatus and replSetStepDown, and sends what concerns `_plumb_…` collections to one
more plumbd, as if these were replicated. Other data is not: `fill` puts the same into each. A member
is stopped by SIGKILL, which is quicker than a farewell and asks more of it.
"""
import datetime
import shlex
import socket
import socketserver
import struct
import subprocess
import threading
from pathlib import Path

import bson
import pymongo

from plumbd import BIN, Plumbd

OP_REPLY, OP_QUERY, OP_MSG = 1, 2004, 2013
HELLO = ("isMaster", "ismaster", "hello")
ANYWHERE = HELLO + ("ping", "buildInfo", "replSetGetStatus", "replSetStepDown", "endSessions", "currentOp", "killOp",
                    "saslStart", "saslContinue", "getMore", "listIndexes", "serverStatus", "getCmdLineOpts")
WRITES = ("insert", "update", "delete", "findAndModify", "createIndexes", "dropIndexes", "create", "drop", "collMod")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def read_message(stream):
    head = stream.recv(4, socket.MSG_WAITALL)
    if len(head) < 4:
        return None
    rest = stream.recv(struct.unpack("<i", head)[0] - 4, socket.MSG_WAITALL)
    return head + rest


def where_document_starts(message):
    code = struct.unpack_from("<i", message, 12)[0]
    if code == OP_MSG:
        return 21
    if code == OP_REPLY:
        return 36
    return message.index(b"\0", 20) + 1 + 8


def document_in(message):
    at = where_document_starts(message)
    size = struct.unpack_from("<i", message, at)[0]
    return bson.decode(message[at:at + size])


def with_document(message, document):
    """The reply `message` with another document."""
    out = message[:where_document_starts(message)] + bson.encode(document)
    return struct.pack("<i", len(out)) + out[4:]


def reply_to(request, document):
    """An OP_MSG or OP_REPLY of our own."""
    number, code = struct.unpack_from("<i", request, 4)[0], struct.unpack_from("<i", request, 12)[0]
    body = bson.encode(document)
    middle = struct.pack("<iB", 0, 0) if code == OP_MSG else struct.pack("<iqii", 8, 0, 0, 1)
    head = struct.pack("<iii", 1, number, OP_MSG if code == OP_MSG else OP_REPLY)
    return struct.pack("<i", 16 + len(middle) + len(body)) + head + middle + body


class Proxy(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, members, number, port, backend):
        self.members, self.number, self.backend = members, number, backend
        super().__init__(("127.0.0.1", port), Talk)


class Talk(socketserver.BaseRequestHandler):
    def handle(self):
        streams = {}
        try:
            while message := read_message(self.request):
                answer = self.answer(message, streams)
                if answer is None:
                    return
                self.request.sendall(answer)
        except OSError:
            return
        finally:
            for stream in streams.values():
                stream.close()

    def answer(self, message, streams):
        server, command = self.server, document_in(message)
        members, name = server.members, next(iter(command))
        primary = members.primary == server.number
        # Whatever it is asked: a member that is stopped answers nothing.
        if not self.passed_on(reply_to_ping(), server.backend, streams):
            return None
        if name == "replSetStepDown":
            members.step_down(server.number)
            return reply_to(message, {"ok": 1.0})
        if name == "replSetGetStatus":
            return reply_to(message, members.status())
        if not primary and name in WRITES:
            return reply_to(message, {"ok": 0.0, "code": 10107, "codeName": "NotWritablePrimary", "errmsg": "not primary"})
        if not primary and name not in ANYWHERE and "$readPreference" not in command:
            return reply_to(message, {"ok": 0.0, "code": 13435, "codeName": "NotPrimaryNoSecondaryOk",
                                      "errmsg": "not primary and secondaryOk=false"})
        shared = str(command[name]).startswith("_plumb_") or str(command.get("collection")).startswith("_plumb_")
        answer = self.passed_on(message, members.shared.port if shared else server.backend, streams)
        if answer and name in HELLO:
            answer = with_document(answer, {**document_in(answer), **members.hello(server.number)})
        return answer

    def passed_on(self, message, port, streams):
        try:
            if port not in streams:
                streams[port] = socket.create_connection(("127.0.0.1", port), timeout=30)
            streams[port].sendall(message)
            return read_message(streams[port])
        except OSError:
            return None


def reply_to_ping():
    body = bson.encode({"ping": 1, "$db": "admin"})
    return struct.pack("<iiii", 21 + len(body), 7, 0, OP_MSG) + struct.pack("<iB", 0, 0) + body


class ReplicaSet:
    def __init__(self, folder, count, fill, primary=0):
        self.folder, self.count, self.fill, self.primary = Path(folder), count, fill, primary
        self.log = self.folder / "actions.log"
        self.step_downs = []
        self.ports = [(free_port(), free_port(), free_port()) for _ in range(count)]  # proxy, member, alone

    def __enter__(self):
        self.shared = Plumbd(self.folder / "shared").start()
        self.log.write_text("")
        for number in range(self.count):
            self.write_scripts(number)
            self.run(number, "start")
            with pymongo.MongoClient(f"mongodb://127.0.0.1:{self.ports[number][1]}/?directConnection=true") as client:
                self.fill(client)
        self.log.write_text("")
        self.proxies = [Proxy(self, number, ports[0], ports[1]) for number, ports in enumerate(self.ports)]
        for proxy in self.proxies:
            threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_):
        for number, proxy in enumerate(self.proxies):
            proxy.shutdown()
            proxy.server_close()
            self.run(number, "stop", check=False)
        self.shared.kill()

    @property
    def url(self):
        return "mongodb://" + ",".join(map(self.name, range(self.count))) + "/?replicaSet=rs0"

    def name(self, number):
        return f"127.0.0.1:{self.ports[number][0]}"

    def client_of(self, number):
        """A connection to the plumbd of a member, past its proxy."""
        return pymongo.MongoClient(f"mongodb://127.0.0.1:{self.ports[number][1]}/?directConnection=true",
                                   serverSelectionTimeoutMS=2000)

    def hello(self, number):
        primary = self.primary == number
        return {"setName": "rs0", "setVersion": 1, "hosts": [self.name(each) for each in range(self.count)],
                "me": self.name(number), "primary": self.name(self.primary), "ismaster": primary,
                "isWritablePrimary": primary, "secondary": not primary}

    def status(self):
        at = datetime.datetime.utcnow()
        return {"set": "rs0", "ok": 1.0, "members": [
            {"_id": number, "name": self.name(number), "state": 1 if number == self.primary else 2,
             "stateStr": "PRIMARY" if number == self.primary else "SECONDARY",
             "optimeDate": at} for number in range(self.count)]}

    def step_down(self, number):
        self.step_downs.append(number)
        self.primary = (number + 1) % self.count

    def write_scripts(self, number):
        home = self.folder / f"member{number}"
        home.mkdir()
        stop = (f"echo {number} STEP >> {self.log}; kill -KILL $(cat {home}/pid) 2>/dev/null; "
                f"while grep -q '^State:.[^Z]' /proc/$(cat {home}/pid)/status 2>/dev/null; do sleep 0.02; done")
        begin = ("echo {number} {step} >> {log}; touch {home}/log; before=$(($(wc -l < {home}/log) + 1)); {bin}/plumbd --port {port} --data {home}/data {more} "
                 ">> {home}/log 2>&1 & echo $! > {home}/pid; "
                 "for i in $(seq 200); do tail -n +$before {home}/log | grep -q listening && break; sleep 0.02; done")
        words = {"number": number, "log": self.log, "bin": shlex.quote(str(Path(BIN).resolve())), "home": home}
        scripts = {
            "stop": stop.replace("STEP", "stop"),
            "stop_standalone": stop.replace("STEP", "stop_standalone"),
            "start": begin.format(step="start", port=self.ports[number][1], more="--replSet rs0", **words),
            "start_standalone": begin.format(step="start_standalone", port=self.ports[number][2], more="", **words),
        }
        for step, text in scripts.items():
            path = home / step
            path.write_text(f"#!/bin/sh\n{text}\n")
            path.chmod(0o755)

    def script(self, number, step):
        return self.folder / f"member{number}" / step

    def run(self, number, step, check=True):
        subprocess.run([self.script(number, step)], check=check, stdin=subprocess.DEVNULL)

    def actions(self):
        return [tuple(line.split()) for line in self.log.read_text().splitlines()]

    def write_members_file(self, path, members=None, **changed):
        lines = ["wait: 20s", "members:"]
        for number in range(self.count) if members is None else members:
            lines += [f"  - name: {self.name(number)}",
                      f"    url: mongodb://{self.name(number)}/?directConnection=true",
                      f"    standalone_url: mongodb://127.0.0.1:{self.ports[number][2]}"]
            for step in ("stop", "start_standalone", "stop_standalone", "start"):
                lines.append(f"    {step}: {changed.get(f'{step}{number}', self.script(number, step))}")
        path.write_text("\n".join(lines) + "\n")
        return path

