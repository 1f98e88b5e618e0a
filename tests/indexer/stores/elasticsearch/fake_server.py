"""A service that is not a healthy Elasticsearch: answers what tests put into it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PRODUCT = {"X-Elastic-Product": "Elasticsearch", "Content-Type": "application/json"}


@contextmanager
def answering(status: int, body: str, headers: dict[str, str]) -> Iterator[str]:
    """Give the URL (with the password "geheim") of a service that answers all requests so."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        do_GET = do_POST = do_PUT = do_HEAD = answer

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://user:geheim@127.0.0.1:{server.server_port}/photos"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
