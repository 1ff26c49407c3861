# Part of the Faregate project. See LICENSE for the licence.
# SPDX-License-Identifier: Apache-2.0
"""The official SDK against `faregate mock`: a server for the session, and clients of it."""

import itertools
import os

import peers
import pytest
import stripe


class Mock(peers.Mock):
    def client(self, key="sk_test_sdk", **options):
        options.setdefault("max_network_retries", 0)
        return stripe.StripeClient(key, base_addresses={"api": self.url}, **options)


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
