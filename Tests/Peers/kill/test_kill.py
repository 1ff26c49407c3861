# Part of the Faregate project. See LICENSE for the licence.
# SPDX-License-Identifier: Apache-2.0
"""`faregate run` and `test` over a network that breaks, and to a server that dies: what was paid is known, or said to be
unknown; nothing is paid twice."""

import collections
import contextlib
import json
import os
import pathlib
import random
import signal
import subprocess
import threading

import cutter
import pytest
from peers import PROGRAM, Mock

FLOW = pathlib.Path(__file__).parent / "charge.yaml"
IN_DOUBT = [cutter.UNHEARD, cutter.SILENT, cutter.NO_BODY, cutter.HALF, cutter.RESET, cutter.STALL]
UNKNOWN = "nobody knows whether 'pay' was applied"


def page(status, kind, body, more=""):
    return (f"HTTP/1.1 {status} Some\r\nContent-Type: {kind}\r\n{more}Connection: close\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}").encode()


@pytest.fixture(scope="module")
def lasting_mock():
    server = Mock()
    yield server
    server.stop()


@pytest.fixture
def mock(lasting_mock):
    """A mock with nothing on its ledger."""
    lasting_mock.control("reset", {})
    return lasting_mock


@pytest.fixture
def doomed_mock():
    """A mock for the test to kill."""
    server = Mock()
    yield server
    kill(server)


@contextlib.contextmanager
def network(mock, decide):
    between = cutter.Cutter(mock.url, decide)
    yield between
    between.stop()


def faregate(verb, url, *options):
    return subprocess.Popen(
        [PROGRAM, verb, FLOW, "--transport", url, "--timeout", "1s", "--customer", "none", *options],
        env={**os.environ, "STRIPE_API_KEY": "sk_test_peers"}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run(url):
    process = faregate("run", url)
    out, err = process.communicate(timeout=60)
    return process.returncode, out + err


def ledger(mock, kind="charges"):
    found, last = [], ""
    while True:
        page = mock.call(f"/v1/{kind}?limit=100{last}")
        found += page["data"]
        if not page["has_more"]:
            return found
        last = f"&starting_after={found[-1]['id']}"


@pytest.mark.parametrize("fault", IN_DOUBT)
def test_one_broken_answer_is_asked_for_again(mock, fault):
    faults = iter([fault])
    with network(mock, lambda request: next(faults, cutter.WHOLE) if request.pays else cutter.WHOLE) as between:
        status, told = run(between.url)
    assert status == 0, told
    assert between.tries == 2 and len(between.keys) == 1
    assert [(item["amount"], item["paid"]) for item in ledger(mock)] == [(2000, True)]


@pytest.mark.parametrize("fault", IN_DOUBT)
def test_an_answer_that_never_comes_leaves_the_outcome_unknown(mock, fault):
    with network(mock, lambda request: fault if request.pays else cutter.WHOLE) as between:
        status, told = run(between.url)
    assert (status, UNKNOWN in told) == (3, True), told
    assert between.tries == 4 and len(between.keys) == 1
    assert len(ledger(mock)) == (0 if fault == cutter.UNHEARD else 1)


@pytest.mark.parametrize(
    "first", [None, page(500, "application/json", '{"error": {"type": "api_error", "message": "no"}}')],
    ids=["no answer", "500"])
def test_a_server_killed_while_a_request_is_on_its_way(doomed_mock, first):
    """Later tries certainly fail, for connections are refused; what the first one did stays unknown."""
    def decide(request):
        if not request.pays:
            return cutter.WHOLE
        between.refuse()
        if not first:
            kill(doomed_mock)
        return first or cutter.WHOLE

    with network(doomed_mock, decide) as between:
        status, told = run(between.url)
    assert between.tries == 1
    assert (status, UNKNOWN in told) == (3, True), told


@pytest.mark.parametrize("answer", [
    page(404, "text/html", "<p>We are moving.</p>"), page(302, "text/html", "", "Location: https://shop.example/\r\n"),
    page(401, "application/json", '{"error": {"type": "invalid_request_error", "message": "no"}}'),
], ids=["not found", "redirect", "no entry"])
def test_a_stranger_answers_after_a_doubt(mock, answer):
    """The first try has paid, and nobody heard of it; what a stranger says of the second one does not change that."""
    faults = iter([cutter.SILENT])
    with network(mock, lambda request: next(faults, answer) if request.pays else cutter.WHOLE) as between:
        status, told = run(between.url)
    assert len(ledger(mock)) == 1
    assert (status, UNKNOWN in told) == (3, True), told


def test_a_server_killed_before_anything_was_sent(doomed_mock):
    kill(doomed_mock)
    status, told = run(doomed_mock.url)
    assert (status, "the API cannot be reached" in told) == (3, True), told
    assert "nobody knows" not in told


def test_many_runs_on_a_bad_network(mock):
    """Three answers in ten are broken; each payment that was told of is on the ledger, and none is there twice."""
    dice, lock = random.Random(7), threading.Lock()

    def decide(_):
        with lock:
            return dice.choice(IN_DOUBT[:-1]) if dice.random() < 0.3 else cutter.WHOLE

    with network(mock, decide) as between:
        report = report_of(between.url)
    charged = collections.Counter(item["metadata"]["order"] for item in ledger(mock))
    assert set(charged.values()) == {1}
    assert len(ledger(mock, "payment_intents")) == charged.total()
    assert between.tries > len(between.keys)
    for order, case in report.items():
        assert case["status"] == "passed" and order in charged or is_unknown(case)


def test_many_runs_to_a_server_that_dies(doomed_mock):
    """What was answered has passed; of the rest none is told to have failed or passed."""
    first, lock = iter(range(10)), threading.Lock()

    def decide(request):
        with lock:
            if request.pays and next(first, None) is None and doomed_mock.process.poll() is None:
                for _ in range(10):
                    between.answered.acquire(timeout=10)
                kill(doomed_mock)
        return cutter.WHOLE

    with network(doomed_mock, decide) as between:
        report = report_of(between.url)
    left = [case for case in report.values() if case["status"] != "passed"]
    assert len(report) - len(left) == 10
    assert all(is_unknown(case) for case in left)


def is_unknown(case):
    return case["status"] == "could_not_run" and case["failure"]["answer"]["problem"] == "unknown"


def report_of(url):
    """Each order's case in the JSON report."""
    process = faregate("test", url, "--jobs", "20", "--seed", "0", "--format", "json")
    out, err = process.communicate(timeout=120)
    assert process.returncode in (0, 3), err
    report = json.loads(out)
    assert report["summary"]["failed"] == 0
    found = {}
    for scenario in report["flows"][0]["scenarios"]:
        for case in scenario["cases"]:
            cell = dict(pair.split("=") for pair in case["cell"].split())
            found[cell["shop"] + cell["order"]] = case
    return found


def kill(mock):
    mock.process.send_signal(signal.SIGKILL)
    mock.process.wait(timeout=10)
