"""Write many documents: in bodies of bounded size, with passing refusals retried."""

import json
import random
import time
from collections.abc import Container, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import elastic_transport
import elasticsearch

from indexer.stores.elasticsearch.server import cause, explain_refusal, explained

BODY_BYTES = 4_000_000
"""About 150 photos of 1,280 dimensions; servers take 100 MB, but larger bodies are no faster."""

PAUSES_SECONDS = (0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8)
"""The longest wait before items that were refused for a passing reason are sent again.

The wait is a random part of it: writers that were refused together must not come back together.
Source: "full jitter" in Brooker, Exponential Backoff And Jitter, AWS Architecture Blog 2015.
"""

PASSING = frozenset({429, 502, 503})

HOPELESS = frozenset(
    {
        "cluster_block_exception",
        "index_not_found_exception",
        "unavailable_shards_exception",  # the server itself waited for SHARD_TIMEOUT
    }
)
"""Refusals that every other item would get too."""

SHARD_TIMEOUT = "10s"


@dataclass(frozen=True, slots=True)
class Action:
    """One write.

    Attributes:
        id: what callers know the document by.
        head: the action's line: {"create": {"_id": ...}}.
        body: the document's line as JSON; None for deletes.
    """

    id: str
    head: Mapping[str, Any]
    body: str | None = None

    def lines(self) -> str:
        """Return the action as the bulk API reads it."""
        head = json.dumps(self.head)
        return f"{head}\n" if self.body is None else f"{head}\n{self.body}\n"


@dataclass(frozen=True, slots=True)
class Refusal:
    """An action that was refused; `status` and `error` are Elasticsearch's own."""

    action: Action
    status: int
    error: Mapping[str, Any]

    @property
    def reason(self) -> str:
        """Why, in the server's words; the inner cause says what was wrong with a value."""
        reason = str(self.error.get("reason", f"refused with status {self.status}"))
        inner = self.error.get("caused_by", {}).get("reason")
        return f"{reason}: {inner}" if inner and inner not in reason else reason


@dataclass(frozen=True, slots=True)
class BulkWriter:
    """Writes to one index.

    Attributes:
        client: of the server.
        alias: the name of the index.
        place: the store's location, for messages.
        shows: whether searches see at once what was written, which costs time.
        numbers: gets the sequence number of each document that was written, by its id.
    """

    client: elasticsearch.Elasticsearch
    alias: str
    place: str
    shows: bool = False
    numbers: dict[str, int] | None = None

    def write(self, actions: Iterable[Action]) -> list[Refusal]:
        """Do all actions; return those that were refused in the end.

        Raises:
            StoreAway: the server is away, or takes no writes at all now.
            NotFound: the index does not exist.
        """
        refusals: list[Refusal] = []
        with ThreadPoolExecutor(1) as sender:
            sent: list[Future[list[Refusal]]] = []
            for chunk in _chunks(actions):  # encoded while the last one is written
                refusals += [refusal for future in sent for refusal in future.result()]
                sent = [sender.submit(self._write_chunk, chunk)]
            refusals += [refusal for future in sent for refusal in future.result()]
        return refusals

    def require(self, actions: Iterable[Action], but: Container[int] = ()) -> list[Refusal]:
        """Do all actions, each of which must succeed, but for refusals of a status among `but`.

        Returns:
            Those refusals.

        Raises:
            MagpieError: one was refused, or as `write`.
        """
        refusals = self.write(actions)
        for refusal in refusals:
            if refusal.status not in but:
                raise explain_refusal(refusal.status, refusal.error, self.place)
        return refusals

    def _write_chunk(self, chunk: list[Action]) -> list[Refusal]:
        return list(self._tries(chunk))

    def _tries(self, chunk: list[Action]) -> Iterator[Refusal]:
        for pause in PAUSES_SECONDS:
            refusals = self._send(chunk, PASSING)
            yield from (refusal for refusal in refusals if refusal.status not in PASSING)
            chunk = [refusal.action for refusal in refusals if refusal.status in PASSING]
            if not chunk:
                return
            time.sleep(random.uniform(0, pause))
        yield from self._send(chunk)

    def _send(self, chunk: list[Action], passing: Container[int] = ()) -> list[Refusal]:
        refusals = list(self._ask(chunk, passing))
        for refusal in refusals:
            if refusal.error.get("type") in HOPELESS:
                raise explain_refusal(refusal.status, refusal.error, self.place)
        return refusals

    def _ask(self, chunk: list[Action], passing: Container[int]) -> Iterator[Refusal]:
        try:
            with explained(self.place, but=passing):
                answer = self._answer(chunk)
        except elasticsearch.ApiError as error:
            refused = cause(error.body)
            yield from (Refusal(action, error.status_code, refused) for action in chunk)
            return
        for action, item in zip(chunk, answer["items"], strict=True):
            (result,) = item.values()
            if "error" in result:
                yield Refusal(action, result["status"], result["error"])
            elif self.numbers is not None:
                self.numbers[action.id] = result["_seq_no"]

    def _answer(self, chunk: list[Action]) -> Any:
        """Return what the server answers.

        What breaks off on its way is sent once more, for only the answer may have been lost. No
        harm comes of it: each action names its document, and what must not be written over.
        """
        lines: list[Any] = [action.lines() for action in chunk]  # sent as they are
        send = partial(
            self.client.bulk,
            index=self.alias,
            operations=lines,
            # Otherwise a vanished index would be recreated, with guessed types.
            require_alias=True,
            timeout=SHARD_TIMEOUT,
            refresh=self.shows,
        )
        try:
            return send()
        except elastic_transport.TlsError:
            raise
        except elastic_transport.ConnectionError:
            return send()


def _chunks(actions: Iterable[Action]) -> Iterator[list[Action]]:
    """Split into bodies of at most `BODY_BYTES`, or of one larger action."""
    chunk: list[Action] = []
    size = 0
    for action in actions:
        length = len(action.body or "")
        if chunk and size + length > BODY_BYTES:
            yield chunk
            chunk, size = [], 0
        chunk.append(action)
        size += length
    if chunk:
        yield chunk
