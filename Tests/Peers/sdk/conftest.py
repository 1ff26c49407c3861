# Part of the Faregate project. See LICENSE for the licence.
# SPDX-License-Identifier: Apache-2.0
"""The official SDK against `faregate mock`: a server for the session, and clients of it."""

import itertools
import os
import pathlib
import re
import subprocess
import time

import pytest
import stripe

ROOT = pathlib.Path(__file__).resolve().parents[3]
PROGRAM = os.environ.get("FAREGATE", str(ROOT / ".build/debug/faregate"))
RETURN_URL = "https://shop.example/back"
MANDATE = {"customer_acceptance": {"type": "offline"}}


class Mock:
    """A running `faregate mock`."""

    def __init__(self, *options):
        self.process = subprocess.Popen(
            [PROGRAM, "mock", "--port", "0", "--log", "none", *options], stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        found = re.search(r"http://\S+", line)
        assert found, f"the mock did not start: {line!r}"
        self.url = found.group(0)

    def client(self, key="sk_test_sdk", **options):
        options.setdefault("max_network_retries", 0)
        return stripe.StripeClient(key, base_addresses={"api": self.url}, **options)

    def stop(self):
        self.process.terminate()
        assert self.process.wait(timeout=10) == 0


@pytest.fixture(scope="session")
def mock():
    server = Mock("--time", "fast")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def client(mock):
    return mock.client()


@pytest.fixture
def customer(client):
    return client.v1.customers.create({"name": "Jenny Rosen", "email": "jenny@example.com"})


@pytest.fixture
def key():
    """A key that nobody has used before."""
    return f"key-{next(_numbers)}-{os.getpid()}"


_numbers = itertools.count()


def eventually(read, wanted, seconds=15):
    """Reads again and again until the status is there; gives the last object."""
    end = time.monotonic() + seconds
    while True:
        found = read()
        if found.status == wanted or time.monotonic() > end:
            return found
        time.sleep(0.1)
