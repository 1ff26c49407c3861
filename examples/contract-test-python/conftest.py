# Part of the Faregate project. See LICENSE for the licence.
# SPDX-License-Identifier: Apache-2.0
import json
import os
import re
import shutil
import subprocess
import urllib.request

import pytest
import stripe
from shop import Shop


@pytest.fixture(scope="session")
def mock_url():
    """One server for the session; each test has a key, and with it an account, of its own."""
    program = os.environ.get("FAREGATE") or shutil.which("faregate")
    if not program:
        pytest.skip("there is no faregate on the PATH")
    process = subprocess.Popen(
        [program, "mock", "--port", "0", "--key-isolation", "--time", "manual", "--log", "none"], stdout=subprocess.PIPE,
        text=True)
    yield re.search(r"http://\S+", process.stdout.readline()).group(0)
    process.terminate()
    process.wait(timeout=10)


@pytest.fixture
def key(request):
    return "sk_test_" + re.sub(r"\W", "_", request.node.name)


@pytest.fixture
def shop(mock_url, key):
    return Shop(stripe.StripeClient(key, base_addresses={"api": mock_url}, max_network_retries=2))


@pytest.fixture
def control(mock_url, key):
    """Steers the mock: control("choices", {"issuer": ["declines lost_card"]})."""

    def call(path, body):
        request = urllib.request.Request(
            f"{mock_url}/_faregate/{path}", json.dumps(body).encode(), {"Authorization": f"Bearer {key}"}, method="POST")
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    return call
