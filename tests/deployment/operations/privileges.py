"""What Elasticsearch's security would ask for each request that Magpie sends.

From "Security privileges" and "Create or update roles" of the Elasticsearch 8.19 reference. The
server of the tests has no security, so a proxy before it decides by this table.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict

Privilege = Literal[
    "all", "auto_configure", "create", "create_doc", "create_index", "cross_cluster_replication",
    "cross_cluster_replication_internal", "delete", "delete_index", "index", "maintenance",
    "manage", "manage_data_stream_lifecycle", "manage_failure_store", "manage_follow_index",
    "manage_ilm", "manage_leader_index", "monitor", "none", "read", "read_cross_cluster",
    "read_failure_store", "view_index_metadata", "write",
]  # fmt: skip


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Indices(Strict):
    names: list[str]
    privileges: list[Privilege]
    field_security: dict[str, list[str]] | None = None
    query: str | None = None
    allow_restricted_indices: bool = False


class Role(Strict):
    """The body of PUT _security/role."""

    description: str = ""
    cluster: list[str] = []
    indices: list[Indices] = []
    applications: list[dict[str, object]] = []
    run_as: list[str] = []
    metadata: dict[str, object] = {}

    def grants(self) -> set[tuple[str, str]]:
        """All pairs of index and privilege."""
        return {(n, p) for one in self.indices for n in one.names for p in one.privileges}


PATHS = (
    ("GET", r"/([^/_]+)/_mapping", "view_index_metadata"),
    ("GET", r"/([^/_]+)/_stats/.*", "monitor"),
    ("HEAD", r"/_alias/([^/]+)", "view_index_metadata"),
    ("GET", r"/_alias/([^/]+)", "view_index_metadata"),
    ("HEAD", r"/([^/_]+)", "view_index_metadata"),
    ("GET", r"/([^/_]+)", "view_index_metadata"),
    ("DELETE", r"/([^/_]+)", "delete_index"),
    ("POST", r"/([^/_]+)/_(?:search|count|mget)", "read"),
    ("POST", r"/([^/_]+)/_refresh", "maintenance"),
    ("PUT", r"/([^/_]+)/_mapping", "manage"),
)
INCLUDED_IN = {
    "create_doc": ("index",),
    "view_index_metadata": ("manage",),
    "delete_index": ("manage",),
    "monitor": ("manage",),
    "maintenance": ("manage",),
}
WRITES = {"create": "create_doc", "index": "index", "update": "index", "delete": "delete"}


@dataclass
class Gate:
    """Lets pass what roles allow, and remembers what was needed."""

    roles: list[Role]
    needed: set[tuple[str, str]] = field(default_factory=set)

    def refuse(self, method: str, path: str, body: bytes) -> str:
        """Say why a request is not allowed, or nothing."""
        granted = set().union(*(role.grants() for role in self.roles))
        for index, privilege in needs(method, urlsplit(path).path, body):
            enough = (privilege, *INCLUDED_IN.get(privilege, ()))
            found = [(n, one) for n, one in granted if one in enough and is_named(index, n)]
            found.sort(key=lambda pair: (pair[0] != index, enough.index(pair[1])))
            if not found:
                return f"action is unauthorized: it needs the privilege {privilege} for {index}"
            self.needed.add(found[0])
        return ""


def is_named(index: str, name: str) -> bool:
    """Whether a name in a role, which may be a regular expression in slashes, is that index."""
    if name.startswith("/"):
        return re.fullmatch(name.strip("/"), index) is not None
    return name == index


def needs(method: str, path: str, body: bytes) -> Iterator[tuple[str, str]]:
    """Yield index and privilege that a request asks for.

    Raises:
        AssertionError: the request is none that is known: add it here, and to the roles.
    """
    for verb, pattern, privilege in PATHS:
        found = re.fullmatch(pattern, path)
        if verb == method and found:
            yield found[1], privilege
            return
    if method == "PUT" and (made := re.fullmatch(r"/([^/_]+)", path)):
        yield made[1], "manage"  # creating with aliases asks for more than create_index
        yield from ((alias, "manage") for alias in json.loads(body)["aliases"])
        return
    if (method, path) == ("POST", "/_aliases"):
        for action in json.loads(body)["actions"]:
            for moved in action.values():
                yield from ((name, "manage") for name in moved.values())
        return
    written = re.fullmatch(r"/([^/_]+)/_bulk", path)
    assert method == "PUT" and written, f"{method} {path}"
    for action in actions(body):
        yield written[1], WRITES[action]


def actions(body: bytes) -> Iterator[str]:
    """Yield the kinds of the writes of a bulk request."""
    lines = iter(body.splitlines())
    for line in lines:
        (action,) = json.loads(line)
        yield action
        if action != "delete":
            next(lines)
