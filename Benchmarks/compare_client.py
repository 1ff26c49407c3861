# Part of the Faregate project. See LICENSE for the licence.
# SPDX-License-Identifier: Apache-2.0
"""Flows over HTTP against static answers of nginx and on the built-in mock, and `curl -K` sending as many requests, in one run.

    make -C Benchmarks client

Figures are ratios of this run on this machine, the median of rounds in turn. curl reads no answer, holds no status against a lifecycle
and decides nothing: no client can do less. Needs nginx and curl (Debian).
"""

import json
import os
import pathlib
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
PROGRAM = os.environ.get("FAREGATE", str(ROOT / ".build-release/release/faregate"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
FLOWS = 500
STEPS = 10
KEY = "sk_test_bench"

CUSTOMER = json.dumps(
    {
        "id": "cus_bench", "object": "customer", "address": None, "balance": 0, "created": 1767225600, "currency": None,
        "default_source": None, "delinquent": False, "description": None, "email": "jenny@example.com",
        "invoice_prefix": "0759376C", "invoice_settings": {"custom_fields": None, "default_payment_method": None},
        "livemode": False, "metadata": {"order": "6735"}, "name": "Jenny Rosen", "next_invoice_sequence": 1,
        "phone": None, "preferred_locales": [], "shipping": None, "tax_exempt": "none", "test_clock": None,
    })


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def flow(name, cases, steps):
    """A customer made, then read again and again, as many times as there are cases."""
    states = ["  s0: {call: customer.create, with: {name: Jenny Rosen, email: jenny@example.com}, on: {active: s1}}"]
    states += [f"  s{n}: {{call: customer.retrieve, on: {{active: s{n + 1}}}}}" for n in range(1, steps)]
    numbers = ", ".join(str(number) for number in range(cases))
    return "\n".join(
        [f"flow: {name}", "inputs: {number: {type: int, default: 0}}", "objects: {customer: customer}", "initial: s0",
         "states:", *states, f"  s{steps}: {{final: success}}", "scenarios:",
         f"  it: {{matrix: {{number: [{numbers}]}}, final: s{steps}}}", ""])


def curl_file(base, flows, steps):
    """The same requests, one after the other over one connection."""
    head = [f'header = "Authorization: Bearer {KEY}"', 'header = "Stripe-Version: 2026-07-29.dahlia"', "silent", 'output = "/dev/null"']
    lines = []
    for number in range(flows):
        lines += head + [f'header = "Idempotency-Key: bench-{number}"', f'url = "{base}/v1/customers"',
                         'data = "name=Jenny%20Rosen&email=jenny%40example.com"', "next"]
        for _ in range(steps - 1):
            lines += head + [f'url = "{base}/v1/customers/cus_bench"', "next"]
    return "\n".join(lines[:-1]) + "\n"


def measure(arguments, folder):
    """Wall and CPU in seconds, memory at most in MiB."""
    start = time.perf_counter()
    process = subprocess.Popen(
        arguments, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        env={**os.environ, "STRIPE_API_KEY": KEY})
    error = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - start
    if process.returncode != 0:
        sys.exit(f"{arguments[0]} ended with {process.returncode}: {error.decode()[:500]}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def medians(rounds):
    return [statistics.median(column) for column in zip(*rounds)]


def main():
    if not shutil.which("nginx") or not shutil.which("curl"):
        print("left out: nginx or curl is missing (Debian: nginx-light, curl)")
        return
    if not os.access(PROGRAM, os.X_OK):
        sys.exit(f"{PROGRAM} is not there: make -C Benchmarks client builds it")
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        base = f"http://127.0.0.1:{port}"
        body = CUSTOMER.replace("'", "")
        pathlib.Path(folder, "nginx.conf").write_text(f"""
            worker_processes 1; daemon off; pid {folder}/pid; error_log {folder}/errors;
            events {{ worker_connections 256; }}
            http {{
              access_log off; keepalive_requests 1000000; default_type application/json;
              client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
              uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
              server {{ listen 127.0.0.1:{port}; location / {{ add_header Request-Id req_bench; return 200 '{body}'; }} }}
            }}""")
        server = subprocess.Popen(["nginx", "-p", folder, "-c", f"{folder}/nginx.conf"], stderr=subprocess.DEVNULL)
        try:
            for _ in range(100):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.05)
            for name, cases, steps in (("many", FLOWS, STEPS), ("more", FLOWS * 4, STEPS), ("one", 1, 1)):
                pathlib.Path(folder, f"{name}.yaml").write_text(flow(name, cases, steps))
                pathlib.Path(folder, f"{name}.curl").write_text(curl_file(base, cases, steps))

            def faregate(name):
                return measure([PROGRAM, "test", f"{name}.yaml", "--transport", base, "--jobs", "1"], folder)

            def in_process(name):
                return measure([PROGRAM, "test", f"{name}.yaml"], folder)

            def curl(name):
                return measure(["curl", "-K", f"{name}.curl"], folder)

            ours, theirs, inside = [], [], []
            for _ in range(ROUNDS):
                ours.append(faregate("many"))
                theirs.append(curl("many"))
                inside.append(in_process("many"))
            (wall, cpu, memory), (their_wall, their_cpu, _) = medians(ours), medians(theirs)
            more = faregate("more")
            print(f"{FLOWS} flows of {STEPS} steps, over curl -K with the same requests")
            print(f"  wall {wall / their_wall:.2f}, CPU {cpu / their_cpu:.2f}, memory at most {memory:.0f} MiB")
            print(f"  memory with four times as many flows: {more[2] / memory:.2f} of that")
            (wall, cpu, memory), more = medians(inside), medians([in_process("more") for _ in range(ROUNDS)])
            print("the same flows on the built-in mock, on all processors, over curl -K")
            print(f"  steps a second {their_wall / wall:.2f}, CPU {cpu / their_cpu:.2f}, memory at most {memory:.0f} MiB")
            print(f"  with four times as many flows: steps a second {4 * their_wall / more[0]:.2f}, memory {more[2] / memory:.2f}")
            ours, theirs = [], []
            for _ in range(ROUNDS * 4):
                ours.append(faregate("one"))
                theirs.append(curl("one"))
            print("a process with one step, over curl")
            print(f"  wall {medians(ours)[0] / medians(theirs)[0]:.2f}, CPU {medians(ours)[1] / medians(theirs)[1]:.2f}")
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
