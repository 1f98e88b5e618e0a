"""Bodies on their way in: how many, how much of them in memory, and how long they may take."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.datastructures import Headers
from starlette.types import Message, Receive

from search.api.errors import Busy, Refused
from search.api.limits import network_of
from search.api.settings import IntakeLimits

SMALL_BYTES = 1_000_000
"""Bodies up to this, such as clicks, are not kept waiting by uploads: their number is enough."""


class Intake:
    """Counts the bodies of an app; used on one event loop."""

    def __init__(self, limits: IntakeLimits) -> None:
        """Begin with none."""
        self._limits = limits
        self._bytes = 0
        self._coming: Counter[str] = Counter()

    @contextmanager
    def body(
        self, client: str, headers: Headers, receive: Receive
    ) -> Iterator["ComingBody | None"]:
        """Enclose a request; give its body, None where it has none.

        Its bytes count until the request is answered, as they are in memory until then.
        """
        length = headers.get("content-length", "")
        if length in ("", "0") and "transfer-encoding" not in headers:
            yield None
            return
        declared = int(length) if length.isascii() and length.isdigit() else None
        body = ComingBody(self, receive, network_of(client), declared)
        try:
            yield body
        finally:
            body.arrived()
            self._bytes -= body.counted

    def begin(self, client: str, declared: int | None) -> None:
        """Count a body of which nothing was received yet.

        Raises:
            Busy: there are too many, or it would not fit in.
        """
        fits = (declared or 0) <= max(SMALL_BYTES, self._room())
        many = self._coming.total() >= self._limits.bodies
        if many or self._coming[client] >= self._limits.of_one or not fits:
            raise Busy
        self._coming[client] += 1

    def end(self, client: str) -> None:
        """A body is here, or will not come."""
        self._coming[client] -= 1
        self._coming += Counter()  # forgets clients that have none

    def add(self, size: int, own: int) -> None:
        """Count bytes that were just received of a body of which `own` bytes are counted already.

        Raises:
            Busy: other bodies took the room meanwhile.
        """
        if self._bytes > own and size > self._room():  # one that is alone may have any size
            raise Busy
        self._bytes += size

    def seconds(self, received: int) -> float:
        """Return how long a body of so many bytes may have taken."""
        return self._limits.grace_seconds + received / self._limits.bytes_a_second

    @property
    def silent_seconds(self) -> float:
        """How long a body may be silent."""
        return self._limits.silent_seconds

    def _room(self) -> float:
        return self._limits.bytes - self._bytes if self._bytes else float("inf")


class ComingBody:
    """The body of one request.

    Attributes:
        counted: bytes that the intake counts for it.
        refusal: why it was not received; None for none.
        broken_off: whether the client went away before it was here.
    """

    def __init__(self, intake: Intake, receive: Receive, client: str, declared: int | None) -> None:
        """Receive nothing yet."""
        self._intake, self._receive, self._client = intake, receive, client
        self._declared = declared
        self._is_small = declared is not None and declared <= SMALL_BYTES
        self._received = 0
        self._began: float | None = None
        self._is_coming = False
        self.counted = 0
        self.refusal: Refused | None = None
        self.broken_off = False

    async def receive(self) -> Message:
        """Return the next piece, as ASGI has it.

        Raises:
            Refused: there are too many bodies, or it is too slow.
        """
        if self._began is not None and not self._is_coming:
            return await self._receive()  # waits for the client to go
        try:
            return await self._piece()
        except Refused as error:
            self.refusal = error
            self.arrived()
            raise

    async def _piece(self) -> Message:
        now = asyncio.get_running_loop().time()
        if self._began is None:
            self._intake.begin(self._client, self._declared)
            self._began, self._is_coming = now, True
        left = self._began + self._intake.seconds(self._received) - now
        try:
            async with asyncio.timeout(max(0, min(left, self._intake.silent_seconds))):
                message = await self._receive()
        except TimeoutError:
            raise Refused(
                408, "the body came too slowly: send it again", {"Connection": "close"}
            ) from None
        self._count(message)
        return message

    def _count(self, message: Message) -> None:
        size = len(message.get("body", b""))
        self._received += size
        if not self._is_small:
            self._intake.add(size, self.counted)
            self.counted += size
        self.broken_off = message["type"] == "http.disconnect"
        if self.broken_off or not message.get("more_body", False):
            self.arrived()

    def arrived(self) -> None:
        """Let others come: nothing more is expected of this one."""
        if self._is_coming:
            self._intake.end(self._client)
        self._is_coming = False
