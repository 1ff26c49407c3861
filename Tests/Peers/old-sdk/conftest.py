# Part of the Faregate project. See LICENSE for the licence.
# SPDX-License-Identifier: Apache-2.0
"""An old client, Debian's python3-stripe 5.0.0 of 2022, against `faregate mock`."""

import itertools
import os

import pytest
import stripe
from peers import Mock, Receiver


@pytest.fixture(scope="session")
def mock():
    server = Mock("--time", "fast")
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def settings(mock, monkeypatch):
    """This SDK has one client, which the module holds."""
    monkeypatch.setattr(stripe, "api_base", mock.url)
    monkeypatch.setattr(stripe, "api_key", "sk_test_old")
    monkeypatch.setattr(stripe, "api_version", "2022-11-15")
    monkeypatch.setattr(stripe, "max_network_retries", 0)


@pytest.fixture
def customer():
    return stripe.Customer.create(name="Jenny Rosen", email="jenny@example.com")


@pytest.fixture
def key():
    """A key that nobody has used before."""
    return f"key-{next(_numbers)}-{os.getpid()}"


@pytest.fixture
def receiver():
    made = Receiver()
    yield made
    made.stop()


_numbers = itertools.count()
