# Part of the Faregate project. See LICENSE for the licence.
# SPDX-License-Identifier: Apache-2.0
"""A TCP proxy that reads whole requests, and does to their answers what a bad network does."""

import contextlib
import socket
import socketserver
import threading

# What may happen to one request. All but the first leave the client in doubt.
WHOLE = "whole"  # nothing
UNHEARD = "unheard"  # the request was read and goes no further
SILENT = "silent"  # applied; the connection ends before the answer
NO_BODY = "no body"  # applied; the answer ends after its head
HALF = "half"  # applied; the answer ends in the middle of its body
RESET = "reset"  # applied; the connection is reset in the middle of the answer
STALL = "stall"  # applied; the answer stops in the middle, and the connection stays open


class Cutter:
    """`decide` gets each request, a `Request`, and names what happens to it, or gives bytes in place of the answer."""

    def __init__(self, target, decide):
        self.target = ("127.0.0.1", int(target.rpartition(":")[2]))
        self.decide = decide
        self.requests = []
        self.answered = threading.Semaphore(0)
        self.over = threading.Event()
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                with contextlib.suppress(OSError):
                    while request := Request.read(self.rfile):
                        if not outer.pass_on(request, self.connection):
                            return

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            request_queue_size = 64

        self.server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=[0.02], daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def pass_on(self, request, client):
        """Whether the connection goes on."""
        self.requests.append(request)
        fault = self.decide(request)
        if fault == UNHEARD:
            return False
        with socket.create_connection(self.target, 10) as server:
            server.sendall(request.raw)
            head, body = read_message(server.makefile("rb"))
        if not head or fault == SILENT:
            return False
        if isinstance(fault, bytes):
            client.sendall(fault)
            return False
        client.sendall(head)
        if fault == NO_BODY:
            return False
        if fault == WHOLE:
            client.sendall(body)
            if request.pays:
                self.answered.release()
            return True
        client.sendall(body[:len(body) // 2])
        if fault == STALL:
            self.over.wait(60)
        if fault == RESET:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        return False

    @property
    def tries(self):
        return sum(request.pays for request in self.requests)

    @property
    def keys(self):
        """Of the requests that pay."""
        return {request.key for request in self.requests if request.pays}

    def refuse(self):
        """From now on connections are refused."""
        self.server.shutdown()
        self.server.server_close()

    def stop(self):
        self.over.set()
        self.server.shutdown()
        self.server.server_close()


class Request:
    def __init__(self, raw, head):
        self.raw = raw
        lines = head.decode().split("\r\n")
        self.method, self.path, _ = lines[0].split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        self.key = headers.get("idempotency-key")

    @property
    def pays(self):
        return (self.method, self.path) == ("POST", "/v1/payment_intents")

    @staticmethod
    def read(file):
        head, body = read_message(file)
        return Request(head + body, head) if head else None


def read_message(file):
    """A head and a body of known length; nothing where the peer has gone."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line = file.readline()
        if not line:
            return b"", b""
        head += line
    length = next((int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
    return head, file.read(length)
