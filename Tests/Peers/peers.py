# Part of the Faregate project. See LICENSE for the licence.
# SPDX-License-Identifier: Apache-2.0
"""What the suites share: a running `faregate mock`, an endpoint for its webhooks, waiting."""

import http.server
import json
import os
import pathlib
import queue
import re
import subprocess
import threading
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("FAREGATE", str(ROOT / ".build/debug/faregate"))
RETURN_URL = "https://shop.example/back"
MANDATE = {"customer_acceptance": {"type": "offline"}}


def start(command, **environment):
    """Starts a server that prints its address; gives the process and the address."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **environment})
    line = process.stdout.readline()
    found = re.search(r"http://[^\s/]+", line)
    assert found, f"{command[0]} did not start: {line!r}"
    return process, found.group(0)


class Mock:
    """A running `faregate mock`."""

    def __init__(self, *options):
        self.process, self.url = start([PROGRAM, "mock", "--port", "0", "--log", "none", *options])

    def control(self, path, body):
        """Calls the control API."""
        return self.call(f"/_faregate/{path}", json.dumps(body).encode())

    def call(self, path, body=None):
        request = urllib.request.Request(self.url + path, body, {"Authorization": "Bearer sk_test_peers"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def stop(self):
        self.process.terminate()
        assert self.process.wait(timeout=10) == 0


class Receiver:
    """An endpoint on this machine: what it is sent, and what it answers."""

    def __init__(self):
        self.deliveries = queue.Queue()
        self.answers = queue.Queue()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.deliveries.put((body, self.headers["Stripe-Signature"]))
                status = outer.answers.get_nowait() if not outer.answers.empty() else 200
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"

    def next(self, seconds=15):
        return self.deliveries.get(timeout=seconds)

    def is_quiet(self, seconds=1):
        time.sleep(seconds)
        return self.deliveries.empty()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


def eventually(read, wanted, seconds=15):
    """Reads again and again until the status is there; gives the last object."""
    end = time.monotonic() + seconds
    while True:
        found = read()
        if found.status == wanted or time.monotonic() > end:
            return found
        time.sleep(0.1)
