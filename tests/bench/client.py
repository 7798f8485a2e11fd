"""An HTTP client of little overhead: keep-alive sockets in one thread, every latency kept."""

import gzip
import re
import selectors
import socket
import time
from dataclasses import dataclass
from itertools import islice
from statistics import quantiles
from urllib.parse import urlencode

import brotli

HEAD_END = b"\r\n\r\n"
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Timing:
    """What a run of requests took; latencies in milliseconds."""

    requests: int
    seconds: float
    latencies: list[float]

    @property
    def rate(self):
        return self.requests / self.seconds

    @property
    def p50(self):
        return quantiles(self.latencies, n=100)[49]

    @property
    def p95(self):
        return quantiles(self.latencies, n=100)[94]


@dataclass(frozen=True, slots=True)
class Answer:
    """A response as it came over the wire."""

    status: int
    head: str
    raw: bytes

    @property
    def text(self):
        coding = re.search(r"(?im)^content-encoding: *(\w+)", self.head)
        unpack = {"gzip": gzip.decompress, "br": brotli.decompress}
        return (unpack[coding[1]](self.raw) if coding else self.raw).decode("utf-8")

    @property
    def cookies(self):
        return re.findall(r"(?im)^set-cookie: *([^;\r\n]+)", self.head)


def encode(path, *, host, cookie="", body=None, method=""):
    """A request as bytes; with a body it is a POST of a form."""
    lines = [
        f"{method or ('POST' if body is not None else 'GET')} {path} HTTP/1.1",
        f"Host: {host}",
    ]
    lines += ["Accept: text/html", "Accept-Encoding: gzip, br", "Accept-Language: en"]
    if cookie:
        lines.append(f"Cookie: {cookie}")
    payload = urlencode(body).encode() if body is not None else b""
    if body is not None:
        lines += [
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(payload)}",
        ]
        lines.append(f"Referer: http://{host}/")
    return "\r\n".join(lines).encode() + HEAD_END + payload


class Connection:
    """One keep-alive connection; sends a request, takes in what comes until it is whole."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = bytearray()
        self.needed = 0
        self.begun = 0.0

    def send(self, request):
        self.received.clear()
        self.needed = 0
        self.begun = time.perf_counter()
        self.socket.sendall(request)

    def take(self):
        """Read once; whether the response is whole now."""
        chunk = self.socket.recv(262_144)
        if not chunk:
            raise ConnectionError("the server closed the connection")
        self.received += chunk
        if not self.needed:
            end = self.received.find(HEAD_END)
            if end < 0:
                return False
            found = LENGTH.search(self.received, 0, end + 2)
            self.needed = end + len(HEAD_END) + (int(found.group(1)) if found else 0)
        return len(self.received) >= self.needed

    @property
    def status(self):
        return int(self.received[9:12])

    def ask(self, request):
        """Send and wait for the whole answer."""
        self.send(request)
        while not self.take():
            pass
        head, _, body = bytes(self.received).partition(HEAD_END)
        return Answer(self.status, head.decode("latin-1"), body)

    def close(self):
        self.socket.close()


def alone(port, requests, count):
    """Latencies of one client that asks one thing after the other."""
    connection = Connection(port)
    latencies = []
    started = time.perf_counter()
    for request in islice(requests, count):
        connection.send(request)
        while not connection.take():
            pass
        latencies.append((time.perf_counter() - connection.begun) * 1000)
        _expect_success(connection)
    seconds = time.perf_counter() - started
    connection.close()
    return Timing(len(latencies), seconds, latencies)


def together(port, requests, clients, seconds):
    """Latencies and rate of several clients at once, each asking again as soon as it is answered."""
    waiting = selectors.DefaultSelector()
    connections = [Connection(port) for _ in range(clients)]
    for connection in connections:
        waiting.register(connection.socket, selectors.EVENT_READ, connection)
        connection.send(next(requests))
    latencies = []
    started = now = time.perf_counter()
    while now < started + seconds:
        for key, _ in waiting.select(timeout=30):
            connection = key.data
            if connection.take():
                now = time.perf_counter()
                latencies.append((now - connection.begun) * 1000)
                _expect_success(connection)
                connection.send(next(requests))
    for connection in connections:
        connection.close()
    return Timing(len(latencies), now - started, latencies)


def _expect_success(connection):
    if connection.status != 200:
        raise RuntimeError(f"answered {connection.status}: {bytes(connection.received[:300])!r}")


def sign_in(port, email, password):
    """The cookie of a person who signed in by the form, as a browser does."""
    connection = Connection(port)
    host = f"127.0.0.1:{port}"
    page = connection.ask(encode("/sign-in", host=host))
    form = {
        "csrf_token": TOKEN.search(page.text)[1],
        "email": email,
        "password": password,
        "next": "",
    }
    cookie = "; ".join(page.cookies)
    answer = connection.ask(encode("/sign-in", host=host, cookie=cookie, body=form))
    connection.close()
    if answer.status != 303:
        raise RuntimeError(f"signing in answered {answer.status}")
    return "; ".join(answer.cookies)
