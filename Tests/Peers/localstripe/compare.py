#!/usr/bin/env python3
# Part of the Faregate project. See LICENSE for the licence.
# SPDX-License-Identifier: Apache-2.0
"""Runs flows against localstripe, a mock of others, and writes where it departs to docs/peers/localstripe.md.

With --check the page stays as it is, and a page that is not current is an error. Everything on the page comes from the
reports of `faregate test`.
"""

import collections
import contextlib
import difflib
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import time
import venv

ROOT = pathlib.Path(__file__).resolve().parents[3]
PROGRAM = os.environ.get("FAREGATE", str(ROOT / ".build/debug/faregate"))
FOLDER = ROOT / ".build-peers/localstripe"
PAGE = ROOT / "docs/peers/localstripe.md"
VERSION = "1.15.10"
PATIENCE = "5s"
# All that the product comes with, and some that ask for nothing that localstripe has never heard of.
FLOWS = ["flows", "Tests/Peers/localstripe/flows"]


def main():
    if not install():
        print("localstripe: skipped, PyPI cannot be reached")
        return
    with localstripe() as url:
        there = test("there", "--transport", url, "--customer", "auto", "--patience", PATIENCE)
    here = test("here")
    if not here["passed"]:
        sys.exit(f"the flows do not pass on the built-in mock; see {FOLDER / 'here.json'}")
    page = write(there, here)
    name = PAGE.relative_to(ROOT)
    if sys.argv[1:] == ["--check"]:
        difference = list(difflib.unified_diff(
            PAGE.read_text().splitlines(), page.splitlines(), str(name), "what is true now", lineterm=""))
        if difference:
            sys.exit("\n".join([*difference, f"{name} is not current; Tests/Peers/localstripe/compare.py writes it"]))
        print(f"{name} is current")
    else:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(page)


# Running


def install():
    python = FOLDER / "venv/bin/python"
    if python.exists():
        known = subprocess.run([python, "-m", "pip", "show", "localstripe"], capture_output=True, text=True)
        if f"Version: {VERSION}\n" in known.stdout:
            return True
    venv.create(FOLDER / "venv", with_pip=True)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "1", "--timeout", "20"]
    return subprocess.run([*pip, f"localstripe=={VERSION}"]).returncode == 0


@contextlib.contextmanager
def localstripe():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with open(FOLDER / "log", "w") as log:
        process = subprocess.Popen(
            [FOLDER / "venv/bin/python", "-m", "localstripe", "--port", str(port), "--from-scratch"], stdout=log, stderr=log)
        try:
            wait_for(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=10)


def wait_for(port, process, seconds=20):
    end = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    sys.exit(f"localstripe did not start; see {FOLDER / 'log'}")


def test(name, *options):
    """The JSON report of the flows, with the reasons for what was skipped, which TAP alone tells."""
    report, tap = FOLDER / f"{name}.json", FOLDER / f"{name}.tap"
    report.unlink(missing_ok=True)
    done = subprocess.run(
        [PROGRAM, "test", *FLOWS, "--seed", "0", "--output", report, "--output", tap, *options], cwd=ROOT, timeout=300,
        env={**os.environ, "STRIPE_API_KEY": "sk_test_peers"}, capture_output=True, text=True)
    # 3: some case could not be run, which the report tells.
    if done.returncode not in (0, 1, 3) or not report.exists():
        sys.exit(f"faregate test ended with {done.returncode}\n{done.stderr}")
    found = json.loads(report.read_text())
    found["skipped"] = re.findall(r"# SKIP (.*)", tap.read_text())
    return found


# Reading a report


class Departure:
    """A case that did not end as the flow says: what was due, and what came."""

    def __init__(self, flow, case):
        failure = case["failure"]
        self.flow = flow["name"]
        self.scenario, _, cell = case["title"].partition(" [")
        self.cell = cell.removesuffix("]")
        self.code = failure["findings"][0]["code"]
        self.call = (failure["request"] or {}).get("operation", "")
        self.rows = list(dict.fromkeys(spoken(row) for row in failure["rows"]))
        self.message = failure["findings"][0]["message"].removeprefix(f"'{self.scenario}': ")
        self.notes = failure["findings"][0]["notes"]
        self.answer = answer(failure["answer"] or {}, self.notes, self.message)
        refused = re.search(r": Unexpected (.*)", self.answer)
        self.parameters = sorted(refused.group(1).split(", ")) if refused else []

    @property
    def section(self):
        if self.parameters:
            return "parameters"
        if "HTTP 404 with a text" in self.answer:
            return "paths"
        if "HTTP 500" in self.answer:
            return "broken"
        return "rows" if self.rows else "other"


def spoken(row):
    return f"{row['id']}: {row['status']}" if row["status"] else row["id"]


def answer(found, notes, message):
    """What came back, without ids."""
    body = found.get("body") or {}
    if found.get("http") is None:
        text = " ".join([message, *notes])
        return re.search(r"HTTP \d+ with .*", text).group(0) if "HTTP" in text else found.get("problem") or "nothing"
    error = body.get("error")
    if not error:
        status = body.get("status")
        return f"HTTP {found['http']}" + (f", status {status}" if status else "")
    return f"HTTP {found['http']} {error.get('code') or error.get('type')}: {error.get('message', '')}"


def reason(text):
    """Why a case was not asked, without its particulars."""
    text = re.sub(r": '[^']*'", "", text)
    text = re.sub(r"^the (\w+) .* after \S+: real time is not ours", r"real time is not ours (\1)", text)
    return re.sub(r"^'\w+' waits longer than a live run may: .*", "a wait lasts longer than a live run may", text)


def cases(report):
    for flow in report["flows"]:
        for scenario in flow["scenarios"]:
            for case in scenario["cases"]:
                yield flow, case


# Writing the page


def write(there, here):
    departures = [Departure(flow, case) for flow, case in cases(there) if case["failure"]]
    unfinished = [item for item in departures if item.code == "FG0716"]
    sections = collections.defaultdict(list)
    for item in departures:
        if item not in unfinished:
            sections[item.section].append(item)
    ways = {(flow["name"], case["title"]): case["path"] for flow, case in cases(here)}
    passed = [(flow["name"], case) for flow, case in cases(there) if case["status"] == "passed"]
    strayed = [(name, case) for name, case in passed if ways[name, case["title"]] != case["path"]]
    left_out = collections.Counter(reason(text) for text in there["skipped"] + [item.message for item in unfinished])

    lines = [
        f"# localstripe {VERSION}, held against the documentation", "",
        "[localstripe](https://github.com/adrienverge/localstripe) is a mock of the API by other people. All flows of `flows/`",
        "were run against it, and the `plain-…` flows of `Tests/Peers/localstripe/flows`, which ask for nothing that it has never",
        "heard of:", "", "```sh",
        f"faregate test {' '.join(FLOWS)} --transport http://127.0.0.1:PORT --customer auto --patience {PATIENCE}", "```", "",
        "`Tests/Peers/localstripe/compare.py` does so and writes this page from the report; `--check` tells whether it is current.",
        "", "| cases | came to |", "| ---: | --- |",
        f"| {len(passed) - len(strayed)} | the documented end, by the same states as on `faregate mock` |",
        f"| {len(strayed)} | the documented end, by other states (told below) |",
        f"| {len(sections['rows'])} | an answer that a row of the lifecycle contradicts |",
    ]
    for section, (heading, _) in ELSEWHERE.items():
        lines.append(f"| {len(sections[section])} | no row: {heading} |")
    lines += [f"| {left_out.total()} | not asked, or not to the end |", "", "## Departures from a row", "",
              "The rows are those of `Sources/FaregateStripe/lifecycles`: what is documented in place of the answer.", ""]
    lines += table(
        ["flow", "scenario", "call", "violated row", "localstripe answered"],
        [(item, [item.call, ", ".join(item.rows), item.answer]) for item in sections["rows"]])
    lines += ["", "## Departures that no row covers"]
    for section, (heading, columns) in ELSEWHERE.items():
        lines += ["", f"### {heading.capitalize()}", ""]
        lines += table(
            ["flow", "scenario", *columns],
            [(item, [getattr(item, MEMBERS[name]) for name in columns]) for item in sections[section]])
    if strayed:
        lines += ["", "## The documented end by other states", ""]
        lines += counted(["flow", "scenario", "on faregate mock", "on localstripe"],
                         [(name, case["title"], ways[name, case["title"]], case["path"]) for name, case in strayed])
    lines += ["", "## Not asked", "", "| cases | reason |", "| ---: | --- |"]
    for text, count in sorted(left_out.items(), key=lambda item: (-item[1], item[0])):
        lines.append(f"| {count} | {clean(text)} |")
    return "\n".join(lines) + "\n"


ELSEWHERE = {
    "other": ("another field, another end", ["call", "expected", "localstripe answered"]),
    "broken": ("the server breaks", ["call", "localstripe answered"]),
    "paths": ("paths that are missing", ["call", "localstripe answered"]),
    "parameters": ("parameters that are refused", ["call", "unknown to localstripe"]),
}
MEMBERS = {"call": "call", "expected": "message", "localstripe answered": "answer", "unknown to localstripe": "parameters"}


def table(heads, items):
    """A line for each scenario and answer; cells of a matrix that come to the same share one."""
    lines = collections.defaultdict(list)
    for item, values in items:
        told = tuple(", ".join(value) if isinstance(value, list) else value for value in values)
        lines[item.flow, item.scenario, told].append(item.cell)
    rows = [[flow, scenario + among(cells), *told] for (flow, scenario, told), cells in lines.items()]
    return frame(heads, rows)


def counted(heads, items):
    lines = collections.defaultdict(list)
    for flow, title, here, there in items:
        scenario, _, cell = title.partition(" [")
        lines[flow, scenario, " → ".join(here), " → ".join(there)].append(cell.removesuffix("]"))
    return frame(heads, [[flow, scenario + among(cells), *ways] for (flow, scenario, *ways), cells in lines.items()])


def among(cells):
    if cells == [""]:
        return ""
    return f" [{cells[0]}]" if len(cells) == 1 else f" ({len(cells)} cells)"


def frame(heads, rows):
    if not rows:
        return ["None."]
    return [f"| {' | '.join(heads)} |", "|" + " --- |" * len(heads)] + [
        f"| {' | '.join(clean(value) for value in row)} |" for row in rows]


def clean(text):
    return re.sub(r"\b(pi|seti|cus|pm|ch|re)_[A-Za-z0-9]{14,}\b", r"\1_…", text).replace("|", "\\|").replace("\n", " ")


main()
