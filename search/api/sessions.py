"""Sessions of browsers: signed with the key, so that they outlive a restart, until they are ended.

A session is "ENDS.ID.SIGNATURE". Those that were ended before their time are remembered, by a
hash of which no session can be made, in a file of the cache folder.
"""

import hashlib
import hmac
import os
import secrets
import time
from contextlib import suppress
from pathlib import Path

SESSION_SECONDS = 30 * 24 * 3600


class Sessions:
    """The sessions of one key; used on one event loop."""

    def __init__(self, key: str, ended: Path | None = None) -> None:
        """Read which sessions were ended.

        Args:
            key: what sessions are signed with.
            ended: the file of those; None = they are only known to this process.
        """
        self._key = key
        self._file = ended
        self._ended = _read(ended) if ended else {}

    def begin(self) -> str:
        """Return a new session."""
        unsigned = f"{int(time.time()) + SESSION_SECONDS}.{secrets.token_hex(16)}"
        return f"{unsigned}.{self._sign(unsigned)}"

    def is_open(self, session: str) -> bool:
        """Tell whether a session was begun with this key and has not ended."""
        unsigned, _, signature = session.rpartition(".")
        ends = unsigned.partition(".")[0]
        signed = same(signature, self._sign(unsigned))
        alive = signed and ends.isascii() and ends.isdigit() and int(ends) > time.time()
        return alive and _hash(session) not in self._ended

    def end(self, session: str) -> None:
        """Let an open session be worth nothing from now on; others do not matter."""
        if not self.is_open(session):
            return
        self._ended[_hash(session)] = int(session.partition(".")[0])
        self._ended = {one: ends for one, ends in self._ended.items() if ends > time.time()}
        if self._file:
            with suppress(OSError):  # a full disk: this process knows it all the same
                _write(self._file, self._ended)

    def _sign(self, unsigned: str) -> str:
        text = f"session until {unsigned}".encode("utf-8", "replace")
        return hmac.new(self._key.encode(), text, hashlib.sha256).hexdigest()


def same(given: str, wanted: str) -> bool:
    """Compare in a time that reveals nothing about either, not even its length."""
    return hmac.compare_digest(
        hashlib.sha256(given.encode("utf-8", "replace")).digest(),
        hashlib.sha256(wanted.encode("utf-8", "replace")).digest(),
    )


def _hash(session: str) -> str:
    return hashlib.sha256(session.encode()).hexdigest()


def _read(file: Path) -> dict[str, int]:
    ended = {}
    with suppress(OSError):
        for line in file.read_text("ascii", "replace").splitlines():
            one, _, ends = line.partition(" ")
            if ends.isascii() and ends.isdigit():
                ended[one] = int(ends)
    return ended


def _write(file: Path, ended: dict[str, int]) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = file.with_name(f"{file.name}.{secrets.token_hex(4)}.new")
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as written:
            written.writelines(f"{one} {ends}\n" for one, ends in ended.items())
            written.flush()
            os.fsync(written.fileno())
        new.replace(file)
    finally:
        new.unlink(missing_ok=True)
