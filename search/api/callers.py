"""Who a request comes from: its address, or the one that a proxy which is known tells of."""

import ipaddress
from collections.abc import Collection
from typing import TYPE_CHECKING

from indexer.errors import BadValue

if TYPE_CHECKING:
    from starlette.datastructures import Headers
    from starlette.types import Scope

NOBODY = "local"


def caller(scope: "Scope", headers: "Headers", proxies: Collection[str]) -> str:
    """Return the address that limits count for.

    Args:
        scope: of the request.
        headers: of the request. Each proxy adds whom it was asked by at the end of X-Forwarded-For;
            what stands before that can be made up.
        proxies: addresses of proxies; what others say of themselves is not believed.
    """
    address = unmapped(str((scope.get("client") or (NOBODY, 0))[0]))
    told = [one.strip() for given in headers.getlist("x-forwarded-for") for one in given.split(",")]
    while address in proxies and told:
        address = told.pop()
        try:
            address = unmapped(ipaddress.ip_address(address.strip("[]")).compressed)
        except ValueError:  # a name, or something with a port: it counts as a caller of its own
            return address[:100]
    return address


def unmapped(address: str) -> str:
    """Return the IPv4 address that an IPv6 one stands for: sockets for both have ::ffff:1.2.3.4."""
    try:
        mapped = ipaddress.IPv6Address(address).ipv4_mapped
    except ValueError:  # IPv4, or no address
        return address
    return str(mapped) if mapped else address


def parse_ip(text: str) -> str:
    """Return an IP address as the system writes it.

    Raises:
        BadValue: it is not one.
    """
    try:
        return unmapped(ipaddress.ip_address(text.strip("[]")).compressed)
    except ValueError:
        raise BadValue(f"proxy {text!r} is not an IP address, such as 127.0.0.1") from None
