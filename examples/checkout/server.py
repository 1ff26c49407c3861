#!/usr/bin/env python3
# Part of the Faregate project. See LICENSE for the licence.
# SPDX-License-Identifier: Apache-2.0
"""A shop that saves a wallet for later payments, as small as it can be.

Python's standard library, because everybody has it and nothing is to be built: what a reader should see is four calls to the API.

    faregate mock &
    python3 examples/checkout/server.py
    open http://127.0.0.1:4242/
"""

import html
import http.server
import json
import os
import pathlib
import urllib.error
import urllib.parse
import urllib.request

API = os.environ.get("STRIPE_API_BASE", "http://127.0.0.1:12111")
SCRIPT = os.environ.get("STRIPE_JS", API + "/stripe.js")
SECRET_KEY = os.environ.get("STRIPE_API_KEY", "sk_test_123")
PUBLISHABLE_KEY = os.environ.get("STRIPE_PUBLISHABLE_KEY", "pk_test_123")
FOLDER = pathlib.Path(__file__).resolve().parent


def call(method, path, form=()):
    """One call to the API, in the encoding that it wants."""
    body = urllib.parse.urlencode(list(form)).encode() if method == "POST" else None
    request = urllib.request.Request(API + path, body, {"Authorization": f"Bearer {SECRET_KEY}"}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refusal:
        return refusal.code, json.load(refusal)


def make_setup():
    """A customer, and the intent to save the wallet: the page gets its client secret."""
    _, customer = call("POST", "/v1/customers", {"name": "Jenny Rosen"}.items())
    status, intent = call("POST", "/v1/setup_intents", [
        ("payment_method_types[]", "amazon_pay"), ("payment_method_data[type]", "amazon_pay"), ("usage", "off_session"),
        ("customer", customer["id"])])
    return status, {"client_secret": intent["client_secret"]} if status == 200 else intent


def charge(setup):
    """Later, without the customer: a payment with what was saved."""
    status, intent = call("GET", "/v1/setup_intents/" + urllib.parse.quote(setup, safe=""))
    if status != 200:
        return status, intent
    status, payment = call("POST", "/v1/payment_intents", [
        ("amount", "1000"), ("currency", "usd"), ("payment_method_types[]", "amazon_pay"), ("customer", intent["customer"]),
        ("payment_method", intent["payment_method"]), ("off_session", "true"), ("confirm", "true")])
    return status, {"status": payment["status"], "amount": payment["amount"]} if status == 200 else payment


class Shop(http.server.BaseHTTPRequestHandler):
    PAGES = {"/": "checkout.html", "/client.js": "client.js", "/setup/complete": "complete.html",
             "/complete.js": "complete.js", "/shop.css": "shop.css"}
    TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}

    def do_GET(self):
        path = urllib.parse.urlsplit(self.path).path
        if path == "/secret":
            self.answer_json(*make_setup())
        elif path in self.PAGES:
            file = FOLDER / self.PAGES[path]
            text = file.read_text("utf-8").replace("{{STRIPE_JS}}", html.escape(SCRIPT))
            text = text.replace("{{PUBLISHABLE_KEY}}", html.escape(PUBLISHABLE_KEY))
            self.answer(200, self.TYPES[file.suffix], text)
        else:
            self.answer(404, "text/plain; charset=utf-8", "There is no such page.\n")

    def do_POST(self):
        setup = self.headers.get("X-Setup-Intent", "")
        if self.path == "/charge" and setup:
            self.answer_json(*charge(setup))
        else:
            self.answer(404, "text/plain; charset=utf-8", "There is no such page.\n")

    def answer_json(self, status, body):
        self.answer(status, "application/json", json.dumps(body))

    def answer(self, status, kind, text):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass  # Addresses here carry client secrets: they have no business in a log.


if __name__ == "__main__":
    server = http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "4242"))), Shop)
    print(f"http://127.0.0.1:{server.server_address[1]}/", flush=True)
    server.serve_forever()
