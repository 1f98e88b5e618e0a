"""The one route of Kibana that `magpie kibana` uses, as Kibana 8.19 answers it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from pydantic import ValidationError
from saved_objects import read

ROUTE = "/api/saved_objects/_import?overwrite=true"


@dataclass
class FakeKibana:
    """What it holds, and what it was asked.

    Attributes:
        base: path before the route, as of a space.
        wanted: value of the header Authorization that it takes; "" takes all.
        refused: ids of objects that it never takes.
        answer: status, content type and body of every answer instead of the true one.
    """

    base: str = ""
    wanted: str = ""
    refused: frozenset[str] = frozenset()
    answer: tuple[int, str, str] | None = None
    url: str = ""
    objects: dict[tuple[str, str], Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def reply(self, path: str, headers: Any, body: bytes) -> tuple[int, str, str]:
        self.asked.append(path)
        if self.answer:
            return self.answer
        if path != self.base + ROUTE:
            return _error(404, "Not Found")
        if self.wanted and headers.get("Authorization") != self.wanted:
            return _error(401, "[security_exception] unable to authenticate user")
        if "kbn-xsrf" not in headers:
            return _error(400, "Request must contain a kbn-xsrf header.")
        return 200, "application/json", json.dumps(self._import(_file(headers, body)))

    def _import(self, lines: list[Any]) -> dict[str, Any]:
        given = {(one["type"], one["id"]) for one in lines}
        errors, taken = [], []
        for one in lines:
            trouble = self._trouble(one, given)
            if trouble:
                meta = {"title": one["attributes"].get("title")}
                errors.append({"type": one["type"], "id": one["id"], "meta": meta} | trouble)
            else:
                self.objects[one["type"], one["id"]] = one
                taken.append({"type": one["type"], "id": one["id"], "managed": False})
        answer = {"successCount": len(taken), "success": not errors, "warnings": []}
        return answer | ({"errors": errors} if errors else {}) | {"successResults": taken}

    def _trouble(self, one: Any, given: set[tuple[str, str]]) -> dict[str, Any] | None:
        try:
            read(one)
        except ValidationError as error:
            return {"error": {"type": "unknown", "statusCode": 400, "message": str(error)}}
        if one["id"] in self.refused:
            return {"error": {"type": "unsupported_type"}}
        known = given | self.objects.keys()
        lacking = [r for r in one["references"] if (r["type"], r["id"]) not in known]
        if lacking:
            return {"error": {"type": "missing_references", "references": lacking}}
        return None


def _error(status: int, message: str) -> tuple[int, str, str]:
    return status, "application/json", json.dumps({"statusCode": status, "message": message})


def _file(headers: Any, body: bytes) -> list[Any]:
    """Read the part `file` of a multipart form, whose name must end in .ndjson."""
    whole = f"Content-Type: {headers['Content-Type']}\r\n\r\n".encode() + body
    (part,) = BytesParser(policy=HTTP).parsebytes(whole).iter_parts()
    assert part.get_param("name", header="content-disposition") == "file"
    assert part.get_filename().endswith(".ndjson")
    return [json.loads(line) for line in part.get_payload(decode=True).splitlines() if line]


@contextmanager
def running(kibana: FakeKibana) -> Iterator[FakeKibana]:
    """Let it answer at `kibana.url`."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, kind, text = kibana.reply(self.path, self.headers, body)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(text.encode())))
            if status == 302:
                self.send_header("Location", "/login")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    kibana.url = f"http://127.0.0.1:{server.server_port}{kibana.base}"
    try:
        yield kibana
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
