"""Hosts and origins as browsers send them, parsed: a prefix of a name is another name."""

import ipaddress
import re
from dataclasses import dataclass

NAME = r"(?P<name>\[[0-9a-f:.]+\]|[0-9a-z_-]+(?:\.[0-9a-z_-]+)*)(?::(?P<port>[0-9]{1,5}))?"
HOST = re.compile(NAME)
ORIGIN = re.compile(rf"(?P<scheme>[a-z][0-9a-z+.-]*)://{NAME}")
"""An origin has no path and no user: RFC 6454, section 6.1."""

DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class NamedHost:
    """A name and a port; `port` is None where the scheme's own is meant, and no scheme is known."""

    name: str
    port: int | None


@dataclass(frozen=True, slots=True)
class SiteOrigin:
    """Where a page comes from."""

    scheme: str
    address: NamedHost

    def is_at(self, host: NamedHost) -> bool:
        """Tell whether a request for `host` went to the server that the page comes from."""
        port = host.port if host.port is not None else DEFAULT_PORTS.get(self.scheme)
        return self.address == NamedHost(host.name, port)


def parse_host(text: str) -> NamedHost | None:
    """Return what a Host header says (RFC 9110, section 7.2); None if it is not one."""
    found = HOST.fullmatch(text.lower())
    return _address(found) if found else None


def parse_origin(text: str) -> SiteOrigin | None:
    """Return what an Origin header says; None if it is not one, or is "null"."""
    found = ORIGIN.fullmatch(text.lower())
    address = _address(found) if found else None
    if found is None or address is None:
        return None
    scheme = found["scheme"]
    port = address.port if address.port is not None else DEFAULT_PORTS.get(scheme)
    return SiteOrigin(scheme, NamedHost(address.name, port))


def _address(found: re.Match[str]) -> NamedHost | None:
    name, port = found["name"], int(found["port"]) if found["port"] else None
    if port is not None and port > 65535:
        return None
    if name.startswith("["):
        try:
            name = f"[{ipaddress.IPv6Address(name[1:-1]).compressed}]"
        except ValueError:
            return None
    return NamedHost(name, port)
