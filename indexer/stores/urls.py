"""The URLs of stores, taken apart: of what kind a store is, and which file or server it names."""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from indexer.errors import BadValue

SCHEMES = {"sqlite": "sqlite", "http": "elasticsearch", "https": "elasticsearch"}
"""Which kind of store, a folder of indexer/stores, the URLs of a scheme name."""

SQLITE = "sqlite:///"

DEFAULT_PORTS = {"http": 9200, "https": 443}

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,199}")
"""Stricter than Elasticsearch's own rule, and never a pattern or a list of names."""

BAD_URL = (
    "the store's URL {wrong}: use http://HOST:9200/NAME or https://USER:PASSWORD@HOST/NAME, "
    "special characters of the password percent-encoded"
)


def kind_of(url: str) -> str:
    """Return the kind of store that a URL names: "sqlite" or "elasticsearch".

    Raises:
        BadValue: the scheme is unknown, or the URL is malformed.
    """
    scheme = url.partition("://")[0]
    if scheme not in SCHEMES:
        known = ", ".join(f"{name}://" for name in SCHEMES)
        # only the beginning: the rest may hold a password
        raise BadValue(f"unknown store {scheme[:20]!r}: give a URL that begins with {known}")
    try:
        urlsplit(url)
    except ValueError as error:
        raise BadValue(f"the store's URL is malformed ({error}): see --help") from None
    return SCHEMES[scheme]


def to_file(url: str) -> Path:
    """Return the file that "sqlite:///relative.db" or "sqlite:////absolute.db" names.

    Raises:
        BadValue: the URL names no file.
    """
    path = url.removeprefix(SQLITE)
    if path in (url, ""):
        raise BadValue(f"store {url!r} names no file: use sqlite:///FOLDER/photos.db")
    return Path(path)


def own_files(location: str) -> str:
    """Return how the paths of a store's own files begin; "" where a server keeps them."""
    return str(to_file(location)) if kind_of(location) == "sqlite" else ""


@dataclass(frozen=True, slots=True)
class Address:
    """The URL of a store on a server, in parts.

    Attributes:
        host: "http://host:9200", with a path where a proxy needs one, without credentials.
        name: of the store: the alias of the photos index.
        credentials: user and password, or None.
        key: an API key as Elasticsearch encodes it; "" where there is none.
        number: of the indices that are made where there are none; those of a store that takes
            another one's place have the next number.
    """

    host: str
    name: str
    credentials: tuple[str, str] | None = field(default=None, repr=False)
    key: str = field(default="", repr=False)
    number: int = 1

    @property
    def location(self) -> str:
        """The URL for messages, never with a password."""
        return f"{self.host}/{self.name}"


def to_address(url: str) -> Address:
    """Read "http(s)://[user:password@]host[:port]/name"; ports default to 9200 and 443.

    Where the URL has no user, MAGPIE_STORE_KEY may hold an API key.

    Raises:
        BadValue: it is none of these; the URL is not repeated, as it may hold a password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or DEFAULT_PORTS[parts.scheme]
    except (ValueError, KeyError):
        raise BadValue(BAD_URL.format(wrong="has a bad host or port")) from None
    path, _, name = parts.path.rstrip("/").rpartition("/")
    # A "/" that is not encoded cuts a password in two: what is left of it must not be shown.
    if not parts.hostname or "@" in parts.path:
        raise BadValue(BAD_URL.format(wrong="names no host"))
    if not NAME.fullmatch(name):
        wrong = f"has a bad name {name!r} (lower-case letters, digits, '.', '_' and '-')"
        raise BadValue(BAD_URL.format(wrong=wrong))
    credentials = _credentials(parts)
    key = "" if credentials else os.environ.get("MAGPIE_STORE_KEY", "").strip()
    return Address(f"{_netloc(parts, port)}{path}", name, credentials, key)


def _netloc(parts: SplitResult, port: int) -> str:
    host = parts.hostname or ""
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}:{port}"


def _credentials(parts: SplitResult) -> tuple[str, str] | None:
    if parts.username is None:
        return None
    return unquote(parts.username), unquote(parts.password or "")
