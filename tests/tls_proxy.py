"""A service with TLS and keys before a server that has neither, as a reverse proxy would be."""

import http.client
import json
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

UNAUTHORIZED = (
    b'{"error": {"type": "security_exception", "reason": "unable to authenticate"}, "status": 401}'
)
PASSED_ON = ("Content-Type", "Accept")


@dataclass
class Proxy:
    """Where it listens, what it lets pass, and what it was asked.

    Attributes:
        url: "https://localhost:port".
        authority: file of the certificate authority.
        wanted: value of the header Authorization; "" lets everybody pass.
        asked: method and path of each request that passed.
        refuse: says why a request (method, path, body) is not allowed; "" lets it pass.
    """

    url: str
    authority: Path
    wanted: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)
    refuse: Callable[[str, str, bytes], str] = lambda *_: ""


def certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate for localhost, which is its own authority, and its key."""
    made, key = folder / "authority.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    # A certificate that signs itself must say that it may sign, for strict clients.
    usage = ["-addext", "keyUsage=critical,digitalSignature,keyCertSign"]
    files = ["-keyout", str(key), "-out", str(made)]
    subprocess.run([*command, *names, *usage, *files], check=True, capture_output=True)
    return made, key


@contextmanager
def before(server: str, folder: Path, tls: bool = True) -> Iterator[Proxy]:
    """Listen before the server at an http URL."""
    host = urlsplit(server).netloc

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if proxy.wanted and self.headers.get("Authorization") != proxy.wanted:
                self.send(401, "application/json", UNAUTHORIZED)
                return
            if why := proxy.refuse(self.command, self.path, body):
                error = {"type": "security_exception", "reason": why}
                self.send(403, "application/json", json.dumps({"error": error}).encode())
                return
            proxy.asked.append((self.command, self.path))
            headers = {name: self.headers[name] for name in PASSED_ON if name in self.headers}
            behind = http.client.HTTPConnection(host)
            try:
                behind.request(self.command, self.path, body, headers)
                found = behind.getresponse()
                kind = found.headers.get("Content-Type", "application/json")
                self.send(found.status, kind, found.read())
            finally:
                behind.close()

        def send(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("X-Elastic-Product", "Elasticsearch")
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = answer

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            pass  # a client that trusts us not

    listening = Server(("127.0.0.1", 0), Handler)
    authority = folder / "authority.pem"
    if tls:
        authority, key = certificate(folder)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(authority, key)
        listening.socket = context.wrap_socket(
            listening.socket, server_side=True, do_handshake_on_connect=False
        )
    scheme = "https" if tls else "http"
    proxy = Proxy(f"{scheme}://localhost:{listening.server_port}", authority)
    thread = threading.Thread(target=listening.serve_forever)
    thread.start()
    try:
        yield proxy
    finally:
        listening.shutdown()
        thread.join()
        listening.server_close()
