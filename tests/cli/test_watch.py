# SPDX-License-Identifier: GPL-3.0-or-later
"""plumb watch: live, resumed, replayed; alerts, hooks, metrics, the summary."""
import http.server
import json
import os
import select
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.request
from pathlib import Path

from bson import Int64

from plumbd import BIN, ROOT, Plumbd, plumb
from watch_series import SeriesFile

DONE, PROBLEMS, USAGE, REFUSED = 0, 1, 2, 4
START_MS = 1_769_400_000_000
DAY_MS = 86_400_000


class Folder:
    """A working directory of its own, so that .plumbline is, too."""

    def __enter__(self):
        self.path = Path(tempfile.mkdtemp(prefix="plumb-watch-"))
        return self.path

    def __exit__(self, *_):
        shutil.rmtree(self.path)


PROJECT = {
    "plumbline.yaml": "name: Shop\ndatabase: shop\nwatch: {dashboard: [D1], reports: [R1]}\n",
    "strategy.yaml": "title: shop\nindexes:\n"
                     "  - {collection: orders, key: {user: 1}, priority: 1, purpose: history, serves: [Q1]}\n"
                     "  - {collection: orders, key: {day: 1}, priority: 1, purpose: days, serves: [R1]}\n",
    "workload.yaml": """schema: 1
about: a small shop
seed: 1
today: 2026-01-27
parameters:
  order: {sample: orders}
queries:
  - {id: Q1, title: order history, used_by: customer, purpose: history, frequency: 60, command: {find: orders, filter: {user: "{{order.user}}"}}}
  - {id: D1, title: front page, used_by: staff, purpose: page, frequency: 6, command: {count: orders, query: {day: "{{order.day}}"}}, promise: {factor: [2, 1000]}}
  - {id: R1, title: day, used_by: staff, purpose: day, frequency: 6, command: {find: orders, filter: {day: "{{order.day}}"}}}
""",
}


def write_project(folder):
    project = folder / "shop"
    project.mkdir()
    for name, content in PROJECT.items():
        (project / name).write_text(content)
    return project


def fill(database):
    database.orders.insert_many([{"_id": i, "user": i % 500, "day": f"d{i % 300}", "pad": "x" * 50}
                                 for i in range(5000)])


def create_indexes(database):
    database.orders.create_index("user")
    database.orders.create_index("day")


class Watcher:
    """`plumb watch --json` as a process whose lines are read one by one."""

    def __init__(self, server, folder, *arguments):
        self.process = subprocess.Popen(
            [BIN / "plumb", "--url", server.url, "--project", folder / "shop", "--json", "watch", *arguments],
            cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.lines = []

    def until(self, wanted, seconds=20):
        """Reads lines until one that `wanted` likes, and returns it."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if select.select([self.process.stdout], [], [], 0.2)[0]:
                text = self.process.stdout.readline()
                if not text:
                    break
                self.lines.append(json.loads(text))
                if wanted(self.lines[-1]):
                    return self.lines[-1]
        raise AssertionError(f"not seen; {len(self.lines)} lines, the last: {self.lines[-3:]}")

    def samples(self, count):
        seen = [0]

        def counts(line):
            seen[0] += line["type"] == "sample"
            return seen[0] == count
        return self.until(counts)

    def end(self):
        self.process.send_signal(signal.SIGINT)
        out, err = self.process.communicate(timeout=20)
        self.lines += [json.loads(line) for line in out.splitlines()]
        return self.process.returncode, self.lines[-1], err

    def alerts(self):
        return [(line["event"], line["alert"]["code"], line["alert"]["subject"])
                for line in self.lines if line["type"] == "alert"]


def measured_shop(server, folder):
    """A shop with bench runs before and after its indexes."""
    database = server.client().shop
    fill(database)
    project = write_project(folder)
    base = ["--url", server.url, "--project", project, "-q"]
    plumb(*base, "bench", "--before", "--samples", "5", cwd=folder, check=DONE)
    create_indexes(database)
    plumb(*base, "bench", "--after", "--samples", "5", cwd=folder, check=DONE)
    return database


class Live(unittest.TestCase):
    def test_a_dropped_index_is_seen_within_two_samples_and_the_summary_says_so(self):
        with Plumbd() as server, Folder() as folder:
            database = measured_shop(server, folder)
            database.command("profile", 2)
            watcher = Watcher(server, folder, "--every", "200ms", "--for", "1h")
            watcher.samples(3)
            self.assertEqual(watcher.alerts(), [])
            database.orders.drop_index("user_1")
            before = sum(line["type"] == "sample" for line in watcher.lines)
            for user in range(30):
                list(database.orders.find({"user": user}))
            watcher.until(lambda line: line["type"] == "alert" and line["alert"]["code"] == "index_missing")
            # One sample may have been under way when it was dropped.
            self.assertLessEqual(sum(line["type"] == "sample" for line in watcher.lines) - before, 3)
            watcher.until(lambda line: line["type"] == "alert" and line["alert"]["code"] == "collection_scan")
            self.assertIn(("raised", "drift", "orders.user_1"), watcher.alerts())
            code, summary, _ = watcher.end()
            self.assertEqual(code, PROBLEMS)
            self.assertEqual(summary["type"], "summary")
            items = {line["item"]: line for line in summary["checklist"]}
            self.assertEqual((items["indexes"]["measured"], items["indexes"]["verdict"]), ("1", "missed"))
            self.assertIn("orders.user_1 is missing", items["indexes"]["evidence"])
            self.assertIn("D1 front page", items["dashboard"]["evidence"])
            self.assertEqual(items["reports"]["verdict"], "met")
            self.assertEqual(items["anomalies"]["verdict"], "missed")
            self.assertEqual(summary["recommendation"], "look")
            kept = json.loads((folder / ".plumbline/watch/summary.json").read_text())
            self.assertEqual(kept["alerts"], summary["alerts"])
            # The same alerts come out of the series alone, at the same samples.
            again = plumb("--json", "watch", "--fast-forward", ".plumbline/watch/series.plw", cwd=folder,
                          check=PROBLEMS)
            replayed = [json.loads(line) for line in again.stdout.splitlines()]
            self.assertEqual([line for line in replayed if line["type"] == "alert"],
                             [line for line in watcher.lines if line["type"] == "alert"])
            self.assertEqual(replayed[-1], summary)

    def test_goes_on_after_a_kill_and_a_restart_of_the_server(self):
        with Folder() as folder:
            server = Plumbd(data=folder).start()
            try:
                fill(server.client().shop)
                create_indexes(server.client().shop)
                write_project(folder)
                first = Watcher(server, folder, "--every", "100ms", "--for", "1h")
                first.samples(4)
                first.process.kill()
                first.process.communicate()
                series = folder / ".plumbline/watch/series.plw"
                with open(series, "ab") as file:
                    file.write(b"\x50cut")
                server.stop()
                server = Plumbd(data=folder).start()
                second = Watcher(server, folder, "--every", "100ms", "--for", "1h",
                                 "--member", server.url + "/?appName=x")
                second.samples(4)
                for line in second.lines:
                    for member in line.get("members", []):
                        for name, value in member.items():
                            if isinstance(value, float):
                                self.assertGreaterEqual(value, 0, name)
                code, summary, _ = second.end()
                self.assertEqual(code, DONE)
                self.assertGreaterEqual(summary["samples"], 8)
                self.assertEqual((summary["sessions"], len(summary["gaps"])), (2, 1))
            finally:
                server.stop()

    def test_a_restart_under_the_same_name_is_recognised(self):
        with Folder() as folder:
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                port = free.getsockname()[1]

            class OnPort(Plumbd):
                def command(self):
                    return [BIN / "plumbd", "--port", str(port), "--data", self.data]
            server = OnPort(data=folder).start()
            try:
                fill(server.client().shop)
                create_indexes(server.client().shop)
                write_project(folder)
                watcher = Watcher(server, folder, "--every", "200ms", "--for", "1h")
                watcher.samples(3)
                server.stop()
                watcher.until(lambda line: line["type"] == "alert" and line["alert"]["code"] == "connection_lost")
                server = OnPort(data=folder).start()
                watcher.until(lambda line: line["type"] == "alert" and line["alert"]["code"] == "server_restarted")
                watcher.samples(2)
                code, summary, _ = watcher.end()
                self.assertEqual(code, PROBLEMS)
                self.assertEqual([one["member"] for one in summary["restarts"]], [f"127.0.0.1:{port}"])
                lost = [one for one in summary["alerts"] if one["code"] == "connection_lost"]
                self.assertEqual([one["active"] for one in lost], [False])
            finally:
                server.stop()

    def test_has_one_writer_and_one_database(self):
        with Plumbd() as server, Folder() as folder:
            fill(server.client().shop)
            create_indexes(server.client().shop)
            write_project(folder)
            watcher = Watcher(server, folder, "--every", "100ms", "--for", "1h")
            watcher.samples(1)
            base = ["--url", server.url, "--project", folder / "shop"]
            second = plumb(*base, "watch", "--samples", "1", cwd=folder)
            self.assertNotEqual(second.returncode, DONE)
            self.assertIn(str(watcher.process.pid), second.stderr)
            self.assertEqual(watcher.end()[0], DONE)
            other = plumb(*base, "--db", "other", "watch", "--samples", "1", cwd=folder, check=REFUSED)
            self.assertIn("--new", other.stderr)
            plumb(*base, "--db", "other", "watch", "--samples", "1", "--new", "--every", "100ms", cwd=folder)
            self.assertEqual(len(list((folder / ".plumbline/watch").glob("series-*.plw"))), 1)

    def test_hooks_and_webhook_get_each_alert_once_and_nothing_is_a_shell(self):
        with Plumbd() as server, Folder() as folder:
            database = server.client().shop
            fill(database)
            create_indexes(database)
            write_project(folder)
            hook = folder / "hook.py"
            hook.write_text("#!/usr/bin/python3\nimport json, os, sys\n"
                            f"open({str(folder / 'heard')!r}, 'a').write(json.dumps([sys.argv[1:], "
                            "os.environ['PLUMB_ALERT_CODE'], json.load(sys.stdin)]) + '\\n')\n")
            hook.chmod(0o755)
            posted = []

            class Receiver(http.server.BaseHTTPRequestHandler):
                def do_POST(self):
                    posted.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
                    self.send_response(204)
                    self.end_headers()

                def log_message(self, *_):
                    pass
            receiver = http.server.HTTPServer(("127.0.0.1", 0), Receiver)
            threading.Thread(target=receiver.serve_forever, daemon=True).start()
            watcher = Watcher(server, folder, "--every", "100ms", "--for", "1h",
                              "--on-alert", f"{hook} 'a b' $(touch {folder}/no) ;",
                              "--webhook", f"http://127.0.0.1:{receiver.server_port}/alerts?x=1")
            watcher.samples(2)
            database.orders.create_index("pad", name="x;y$(z)")
            watcher.until(lambda line: line["type"] == "alert")
            watcher.samples(4)
            self.assertEqual(watcher.end()[0], DONE)
            receiver.shutdown()
            receiver.server_close()
            heard = [json.loads(line) for line in (folder / "heard").read_text().splitlines()]
            self.assertEqual([one[0] for one in heard], [["a b", "$(touch", f"{folder}/no)", ";"]])
            self.assertEqual([one[1] for one in heard], ["drift_extra"])
            self.assertEqual(heard[0][2]["alert"]["subject"], "orders.x;y$(z)")
            self.assertEqual(heard[0][2]["database"], "shop")
            self.assertEqual(posted, [heard[0][2]])
            self.assertFalse((folder / "no").exists())

    def test_a_webhook_over_tls_wants_a_certificate_that_it_can_trust(self):
        with Plumbd() as server, Folder() as folder:
            write_project(folder)
            subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem",
                            "-out", "cert.pem", "-days", "2", "-subj", "/CN=localhost",
                            "-addext", "subjectAltName=DNS:localhost"], cwd=folder, check=True, capture_output=True)
            posted = []

            class Receiver(http.server.BaseHTTPRequestHandler):
                def do_POST(self):
                    posted.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
                    self.send_response(200)
                    self.end_headers()

                def log_message(self, *_):
                    pass
            receiver = http.server.HTTPServer(("127.0.0.1", 0), Receiver)
            tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            tls.load_cert_chain(folder / "cert.pem", folder / "key.pem")
            receiver.socket = tls.wrap_socket(receiver.socket, server_side=True)
            threading.Thread(target=receiver.serve_forever, daemon=True).start()
            command = ["--url", server.url, "--project", folder / "shop", "watch", "--new", "--samples", "1", "--webhook"]
            address = f"https://localhost:{receiver.server_port}/"
            refused = plumb(*command, address, cwd=folder, check=PROBLEMS)
            self.assertIn("certificate", refused.stderr)
            self.assertEqual(posted, [])
            trusting = {"SSL_CERT_FILE": str(folder / "cert.pem")}
            plumb(*command, address, cwd=folder, check=PROBLEMS, env=trusting)
            self.assertEqual({one["alert"]["code"] for one in posted}, {"drift"})
            posted.clear()
            other = plumb(*command, address.replace("localhost", "127.0.0.1"), cwd=folder, check=PROBLEMS, env=trusting)
            self.assertIn("certificate", other.stderr)
            self.assertEqual(posted, [])
            receiver.shutdown()
            receiver.server_close()

    def test_metrics_follow_prometheus_and_bear_odd_clients(self):
        with Plumbd() as server, Folder() as folder:
            fill(server.client().shop)
            create_indexes(server.client().shop)
            write_project(folder)
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                port = free.getsockname()[1]
            watcher = Watcher(server, folder, "--every", "100ms", "--for", "1h", "--metrics", str(port))
            watcher.samples(3)
            # Slow clients: they hold their own connection and nobody else's.
            slow = [socket.create_connection(("127.0.0.1", port)) for _ in range(5)]
            for one in slow:
                one.sendall(b"GET /met")
            reply = urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5)
            self.assertEqual(reply.headers["content-type"], "text/plain; version=0.0.4; charset=utf-8")
            lines = reply.read().decode().splitlines()
            names = [line.split("{")[0].split(" ")[0] for line in lines if not line.startswith("#")]
            for wanted in ("plumbline_up", "plumbline_cpu_us_total", "plumbline_index_uses_total",
                           "plumbline_index_bytes", "plumbline_samples_total"):
                self.assertIn(wanted, names)
            for line in lines:
                if not line.startswith("#"):
                    float(line.rsplit(" ", 1)[1])
            for path, status in (("/", 404), ("/metrics/../x", 404)):
                with self.assertRaises(urllib.error.HTTPError) as refused:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5)
                self.assertEqual(refused.exception.code, status)
                refused.exception.close()
            self.assertIn(b"405", self.raw(port, b"POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"))
            self.assertIn(b"400", self.raw(port, b"\x16\x03\x01\x00\xff no http\r\n\r\n"))
            self.assertNotIn(b"200", self.raw(port, b"GET /metrics HTTP/1.1\r\nX: " + b"y" * 20000 + b"\r\n\r\n"))
            for one in slow:
                one.close()
            self.assertEqual(watcher.end()[0], DONE)

    @staticmethod
    def raw(port, request):
        with socket.create_connection(("127.0.0.1", port), timeout=8) as connection:
            try:
                connection.sendall(request)
                return connection.recv(4096)
            except ConnectionError:
                return b""


def two_days(path, drop_after_h=None, restart_after_h=None, gap_h=None):
    """48 h at 30 s of forty indexes, one of which may be dropped."""
    subjects = [f"orders.i{number}_1" for number in range(40)]
    baseline = {"recordedAt": "2026-01-27T00:00:00Z", "promises": [], "shapes": [], "docsPerReturned": 1.0,
                "indexes": [{"collection": "orders", "name": subject.split(".")[1], "usedBy": ["Q1"],
                             "callsAMinute": 10.0, "new": number < 12, "unique": False, "expires": False,
                             "wanted": True} for number, subject in enumerate(subjects)]}
    member = "db1:27017"
    with SeriesFile(path) as series:
        series.session({"startedMs": Int64(START_MS), "everyMs": Int64(30_000), "forMs": Int64(2 * DAY_MS),
                        "unusedAfterMs": Int64(DAY_MS), "database": "shop", "url": "mongodb://db1:27017",
                        "tool": "a test", "baseline": baseline})
        started, cpu, uses = START_MS - DAY_MS, 0, 0
        for number in range(2 * 24 * 120):
            hour = number / 120
            at_ms = START_MS + number * 30_000
            if gap_h is not None and gap_h <= hour < gap_h + 1:
                continue
            if restart_after_h is not None and hour == restart_after_h:
                started, cpu, uses = at_ms - 5000, 0, 0
            cpu += 450_000 + number % 7
            uses += 300 + number % 11
            values = {("gauge", "up", member, ""): 1, ("gauge", "started_ms", member, ""): started,
                      ("counter", "cpu_us", member, ""): cpu, ("gauge", "indexes_read", member, ""): 1,
                      ("gauge", "role", member, ""): 0}
            for index, subject in enumerate(subjects):
                if index == 7 and drop_after_h is not None and hour >= drop_after_h:
                    continue
                values["gauge", "index_bytes", member, subject] = 1_000_000 + index
                values["counter", "index_uses", member, subject] = 0 if index == 3 else uses
            series.sample(at_ms, values)


class FastForward(unittest.TestCase):
    def run_series(self, folder, code, **faults):
        path = folder / "two_days.plw"
        two_days(path, **faults)
        self.assertLess(path.stat().st_size, 4_000_000)
        started = time.monotonic()
        done = plumb("--json", "-q", "watch", "--fast-forward", path, cwd=folder, check=code)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(list(folder.iterdir()), [path], "a replay writes nothing")
        return lines, time.monotonic() - started

    def test_two_quiet_days_end_with_keep(self):
        with Folder() as folder:
            lines, _ = self.run_series(folder, DONE)
            summary = lines[-1]
            self.assertEqual(summary["samples"], 5760)
            self.assertEqual([one["code"] for one in summary["alerts"]], ["new_index_unused"])
            self.assertEqual(summary["recommendation"], "keep")
            unused = next(one for one in summary["indexes"] if one["name"] == "i3_1")
            self.assertEqual((unused["uses"], unused["recommendation"]), (0, "look"))
            self.assertAlmostEqual(summary["cpuShare"], 0.015, places=4)

    def test_a_drop_is_raised_in_its_sample(self):
        with Folder() as folder:
            lines, _ = self.run_series(folder, PROBLEMS, drop_after_h=30)
            raised = [line for line in lines if line["type"] == "alert" and line["alert"]["code"] == "index_missing"]
            self.assertEqual([line["alert"]["subject"] for line in raised], ["orders.i7_1"])
            self.assertEqual(raised[0]["at"], "2026-01-27T10:00:00Z")
            self.assertEqual(lines[-1]["recommendation"], "look")

    def test_restart_and_gap_are_told_and_no_rate_is_negative(self):
        with Folder() as folder:
            lines, _ = self.run_series(folder, DONE, restart_after_h=10, gap_h=20)
            summary = lines[-1]
            self.assertEqual([one["at"] for one in summary["restarts"]], ["2026-01-26T14:00:00Z"])
            self.assertEqual(len(summary["gaps"]), 1)
            rates = [member.get("cpuPercent", 0) for line in lines if line["type"] == "sample"
                     for member in line["members"]]
            self.assertGreaterEqual(min(rates), 0)
            self.assertLess(max(rates), 2, "an hour's amount must not be shown as one of 30 seconds")

    def test_refuses_what_is_no_series(self):
        with Folder() as folder:
            (folder / "x").write_text("no series at all")
            self.assertIn("no series", plumb("watch", "--fast-forward", "x", cwd=folder).stderr)
            (folder / "y").write_bytes(b"")
            self.assertIn("no sample", plumb("watch", "--fast-forward", "y", cwd=folder).stderr)
            self.assertNotEqual(plumb("watch", "--report", cwd=folder).returncode, DONE)


class Usage(unittest.TestCase):
    def test_wrong_options_are_named_before_anything_is_done(self):
        with Plumbd() as server, Folder() as folder:
            write_project(folder)
            base = ["--url", server.url, "--project", folder / "shop", "watch"]
            for options, named in ((["--for", "48"], "48"), (["--every", "2h", "--for", "1h"], "--every"),
                                   (["--on-alert", "a 'b"], "open quote"), (["--webhook", "ftp://x/"], "http"),
                                   (["--metrics", "99999"], "metrics")):
                done = plumb(*base, *options, cwd=folder, check=USAGE)
                self.assertIn(named, done.stderr)


if __name__ == "__main__":
    unittest.main()
