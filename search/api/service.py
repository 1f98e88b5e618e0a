"""What the routes work with: one library, and the threads that serve its requests."""

import logging
import threading
from concurrent.futures import Future
from contextlib import suppress
from importlib.metadata import version
from typing import Annotated, Literal

from fastapi import Depends, Request

from indexer.errors import MagpieError
from indexer.events import Upload
from indexer.progress.progress_file import running
from indexer.progress.watch_file import watching
from indexer.records import LinkCounts
from search.api.errors import Busy, Refused, retry_after
from search.api.index_command import index_command
from search.api.metrics import Metrics
from search.api.pictures.lookup import Pictures
from search.api.pictures.thumbnails import Thumbnails
from search.api.pictures.uploads import MOST_FILES, Received, check_picture
from search.api.pool import Pool
from search.api.schemas.status import Followed, Indexing, LinksAnswer, StatusAnswer
from search.api.settings import Settings
from search.library import Library

DECODERS, DECODERS_WAITING = 4, 256
SEEING_WAITING = 16
PATIENCE_SECONDS = 0.1
"""How long a request lets another one finish if this process does all the computing."""

LONGEST_NAME = 200
"""Characters kept of an upload's name."""

Network = Literal["none", "loading", "ready", "failed"]

_log = logging.getLogger("magpie.serve")


class Service:
    """A library as the routes see it.

    Attributes:
        library: the photos.
        settings: how the server runs.
        metrics: what the server counts.
        pictures: finds pictures by id.
        thumbnails: their thumbnails.
        work: threads for searches and everything else that is quick.
        decoding: threads that read and make pictures, so that searches need not wait for them.
        seeing: the one thread of the vision network, which uses all cores by itself.
    """

    def __init__(self, library: Library, settings: Settings) -> None:
        """Load nothing yet."""
        self.library = library
        self.settings = settings
        patience = 0 if library.is_remote else PATIENCE_SECONDS
        self.work = Pool("work", settings.workers, settings.waiting, patience)
        self.decoding = Pool("decode", DECODERS, DECODERS_WAITING)
        self.seeing = Pool("see", 1, SEEING_WAITING)
        self.metrics = Metrics(
            library, {"work": self.work, "decode": self.decoding, "see": self.seeing}
        )
        self.pictures = Pictures(library)
        self.thumbnails = Thumbnails(library.thumbnails)
        self._network: Future[None] | None = None
        self._warm = threading.Event()

    def start(self) -> None:
        """Start to load what searches and uploads need, while the first requests come in."""
        self.work.start(self._warm_up)

    def load_network(self) -> None:
        """Start to load the vision network, again if that failed; the library must exist."""
        if self._network is None or self._failed():
            with suppress(Busy):
                self._network = self.seeing.start(self._load_network)

    @property
    def network(self) -> Network:
        """Whether uploads can be described."""
        if self._network is None:
            return "none"
        if not self._network.done():
            return "loading"
        return "failed" if self._failed() else "ready"

    async def look_at(self, file: Received) -> Upload:
        """Describe an uploaded picture, and remember it for a while.

        Raises:
            Refused: it is too large.
            Unreadable: it is not a picture.
            Busy: too many are waiting already.
        """
        await self.decoding.run(lambda: self._check(file))
        upload = await self.seeing.run(lambda: self._see(file))
        self.pictures.recent.keep(upload)
        return upload

    def _check(self, file: Received) -> None:
        check_picture(file.data, self.settings, self.thumbnails.workers)

    def status(self) -> StatusAnswer:
        """Return what the library holds, and what is going on."""
        library = self.library
        if self.network == "none" and library.exists():
            self.load_network()
        known = library.status() if library.exists() else None
        run = running(library.location)
        return StatusAnswer(
            store=library.location,
            photos=known.photos if known else 0,
            files=known.files if known else 0,
            unreadable=known.unreadable if known else 0,
            left_out=dict(known.left_out) if known else {},
            links_out=LinksAnswer.model_validate(known.links_out if known else LinkCounts()),
            previews=known.previews if known else 0,
            linked=known.linked if known else 0,
            model=known.model if known else None,
            weights=known.weights if known else None,
            dimensions=known.dimensions if known else None,
            looks=known.looks if known else None,
            bytes=known.bytes if known else 0,
            read_only=library.is_read_only(),
            words=len(library.vocabulary().lessons),
            events=library.count_events(),
            bad_events=list(known.bad_events) if known else [],
            network=self.network,
            upload_bytes=self.settings.upload_bytes,
            upload_files=MOST_FILES,
            indexing=Indexing.model_validate(run) if run else None,
            watching=[Followed.model_validate(one) for one in watching(library.location)],
            index_command=index_command(library.location),
            version=version("magpie-search"),
        )

    def check_ready(self) -> None:
        """Do nothing if searches can be answered.

        Raises:
            StoreAway: the store does not answer.
            Refused: what searches need is still loading.
        """
        self.library.exists()
        if not self._warm.is_set():
            raise Refused(503, "the library is still loading: try again soon", retry_after())

    def close(self) -> None:
        """End the threads and release the library."""
        for pool in (self.work, self.decoding, self.seeing):
            pool.close()
        self.library.close()

    def _see(self, file: Received) -> Upload:
        with self.metrics.seeing():
            return self.library.look_at(file.name[:LONGEST_NAME] or "picture", file.data)

    def _load_network(self) -> None:
        try:
            self.library.load_network()
        except Exception as error:
            expected = isinstance(error, MagpieError)
            _log.warning("uploads cannot be described: %s", error, exc_info=not expected)
            raise

    def _failed(self) -> bool:
        return (
            self._network is not None
            and self._network.done()
            and (self._network.cancelled() or self._network.exception() is not None)
        )

    def _warm_up(self) -> None:
        try:
            if self.library.exists():
                self.load_network()
                self.library.load_index()
            self.library.completions("a", 1)
        except MagpieError as error:
            _log.warning("not ready yet: %s", error)
        except Exception:
            _log.exception("cannot load what searches need")
            raise
        self._warm.set()


async def _current(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


Serving = Annotated[Service, Depends(_current)]
"""A route's parameter: the service of its app."""
