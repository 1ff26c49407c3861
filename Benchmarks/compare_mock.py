# Part of the Faregate project. See LICENSE for the licence.
# SPDX-License-Identifier: Apache-2.0
"""`faregate mock` against static answers of nginx and against localstripe, by wrk, all in one run.

    make -C Benchmarks mock

Figures are ratios of this run on this machine. nginx answers every request with the same bytes: no server can do less. Needs wrk and nginx
(Debian), and localstripe (PyPI); what is missing is left out and said so.
"""

import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[1]
PROGRAM = os.environ.get("FAREGATE", str(ROOT / ".build-release/release/faregate"))
SECONDS = int(os.environ.get("BENCH_SECONDS", "4"))
KEY = "sk_test_bench"

CALLS = {
    "POST customer": ("POST", "/v1/customers", "name=Jenny+Rosen&email=jenny%40example.com"),
    "POST intent+confirm": ("POST", "/v1/payment_intents", "amount=2000&currency=usd&payment_method=pm_card_visa&confirm=true"),
    "GET intent": ("GET", "{intent}", ""),
}
LUA = """
wrk.method = "{method}"
wrk.body = "{body}"
wrk.headers["Authorization"] = "Bearer {key}"
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(url, seconds=20):
    """Seconds until something answers; None if nothing does."""
    start = time.monotonic()
    while time.monotonic() - start < seconds:
        try:
            urllib.request.urlopen(url, timeout=1)
            return time.monotonic() - start
        except urllib.error.HTTPError:
            return time.monotonic() - start
        except OSError:
            time.sleep(0.002)
    return None


class Server:
    def __init__(self, name, url, process, started):
        self.name, self.url, self.process, self.started = name, url, process, started

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=20)

    def call(self, method, path, body=""):
        data = body.encode() if method == "POST" else None
        request = urllib.request.Request(self.url + path, data, {"Authorization": f"Bearer {KEY}"}, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)


def start(name, command, url, **options):
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)
    began = wait_for(url + "/v1/customers/none")
    if began is None:
        process.kill()
        sys.exit(f"{name} does not answer")
    return Server(name, url, process, began)


def faregate():
    port = free_port()
    return start("faregate", [PROGRAM, "mock", "--port", str(port), "--log", "none"], f"http://127.0.0.1:{port}")


def nginx(folder, answer):
    if not shutil.which("nginx"):
        return None
    port = free_port()
    body = json.dumps(json.dumps(answer, indent=2))[1:-1].replace("\\n", " ").replace("'", "").replace("$", "").replace('\\"', '"')
    configuration = pathlib.Path(folder) / "nginx.conf"
    configuration.write_text(f"""
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log /dev/null;
events {{ worker_connections 1024; }}
http {{
  access_log off; keepalive_requests 100000000; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{port}; location / {{ default_type application/json; return 200 '{body}'; }} }}
}}
""")
    return start("nginx", ["nginx", "-c", str(configuration), "-p", folder], f"http://127.0.0.1:{port}")


def localstripe(folder):
    venv = ROOT / ".build-peers/localstripe"
    python = venv / "bin/python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
        if subprocess.run([str(python), "-m", "pip", "install", "-q", "localstripe"]).returncode != 0:
            return None
    port = free_port()
    command = [str(venv / "bin/localstripe"), "--port", str(port), "--from-scratch"]
    return start("localstripe", command, f"http://127.0.0.1:{port}", cwd=folder)


def wrk(server, call, connections, folder):
    method, path, body = CALLS[call]
    path = path.format(intent=getattr(server, "intent", "/v1/payment_intents/none"))
    script = pathlib.Path(folder) / "call.lua"
    script.write_text(LUA.format(method=method, body=body if method == "POST" else "", key=KEY))
    output = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", "-s", str(script), server.url + path],
        capture_output=True, text=True, check=True).stdout
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", output)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", output).group(1)), int(wrong.group(1)) if wrong else 0


def memory(server):
    """Resident megabytes of a process."""
    text = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", text).group(1)) / 1024


def prepare(server):
    made = server.call("POST", "/v1/payment_intents", CALLS["POST intent+confirm"][2])
    server.intent = "/v1/payment_intents/" + made.get("id", "none")


def fill(server, count):
    """Objects: a paid intent is an intent, a payment method and a charge."""
    folder = tempfile.mkdtemp()
    script = pathlib.Path(folder) / "fill.lua"
    method, path, body = CALLS["POST intent+confirm"]
    script.write_text(LUA.format(method=method, body=body, key=KEY))
    made = 0
    while made < count:
        output = subprocess.run(["wrk", "-t1", "-c8", "-d2s", "-s", str(script), server.url + path], capture_output=True,
                                text=True, check=True).stdout
        made += 3 * int(re.search(r"(\d+) requests in", output).group(1))
    return made


def main():
    if not shutil.which("wrk"):
        sys.exit("wrk is not installed: apt-get install wrk")
    folder = tempfile.mkdtemp()
    print(f"{SECONDS} s each, {os.cpu_count()} processors, wrk on the same machine")
    own = faregate()
    prepare(own)
    answer = own.call("GET", own.intent)
    servers = [own, nginx(folder, answer), localstripe(folder)]
    for server in servers[1:]:
        if server and server.name == "localstripe":
            customer = server.call("POST", "/v1/customers", "name=Jenny")
            server.intent = "/v1/customers/" + customer["id"]
    rates = {}
    for call in CALLS:
        for connections in [1, 32]:
            for server in servers:
                if server is None or (server.name == "localstripe" and call == "POST intent+confirm"):
                    continue
                rates[call, connections, server.name], wrong = wrk(server, call, connections, folder)
                if wrong:
                    print(f"  {server.name}: {wrong} answers of {call} were refusals")
    print(f"\n{'':24}{'connections':>12}{'faregate/s':>12}{'of nginx':>10}{'x localstripe':>15}")
    for call in CALLS:
        for connections in [1, 32]:
            mine = rates[call, connections, "faregate"]
            best = rates.get((call, connections, "nginx"))
            other = rates.get((call, connections, "localstripe"))
            print(f"{call:24}{connections:>12}{mine:>12.0f}{mine / best if best else float('nan'):>10.2f}"
                  f"{f'{mine / other:.0f}' if other else '-':>15}")
    print(f"\nstart-up: faregate {own.started:.3f} s" + "".join(
        f", {server.name} {server.started:.3f} s" for server in servers[1:] if server))
    print(f"memory after this: {memory(own):.0f} MB")
    own.stop()

    own = faregate()
    prepare(own)
    few = {(call, n): wrk(own, call, n, folder)[0] for call in CALLS for n in [1, 32]}
    own.stop()
    own = faregate()
    prepare(own)
    made = fill(own, 100_000)
    print(f"\nafter {made} objects ({memory(own):.0f} MB), against an empty mock:")
    for call in CALLS:
        for n in [1, 32]:
            print(f"  {call:24}{n:>4} connections  {wrk(own, call, n, folder)[0] / few[call, n]:.2f}")
    for server in [own] + [server for server in servers[1:] if server]:
        server.stop()


if __name__ == "__main__":
    main()
