"""The Python API: one object that indexes, searches and tells about a library of photos."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

from indexer.errors import NotFound
from indexer.neighbours import Index, chosen, open_index
from indexer.network.choices import Network
from indexer.records import ANONYMOUS, DEFAULT_LIMIT, Hit, Reason, StoreInfo, Wanted
from indexer.stores import Store, open_store

if TYPE_CHECKING:
    from indexer.network.describer import Describer
    from indexer.pipeline import Options, Report
    from indexer.progress.lines import Progress
    from indexer.records import Request, Upload
    from search.answers import Answer, Demand, Question, Status
    from search.engine import Engine
    from search.likeness import Example
    from search.search_log import SearchWriter
    from search.teaching.examples import Finder
    from search.teaching.meanings import Meanings
    from search.teaching.teacher import Teacher

T = TypeVar("T")

WANTED = 10
"""Unfamiliar words that are named at most."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What runs a library.

    Attributes:
        network: the vision network.
        word_vectors: file of word vectors; None = the bundled ones.
        neighbours: name of the neighbour index.
        search_log: whether searches are written down, so that the library knows what is wanted.
    """

    network: Network = field(default_factory=Network)
    word_vectors: Path | None = None
    neighbours: str = field(default_factory=chosen)
    search_log: bool = True


class Library:
    """Photos that can be searched; a context manager. Use `search.open_library`.

    Every method may raise `indexer.errors.MagpieError` with a one-line message.
    """

    def __init__(self, store: Store, choices: Choices) -> None:
        self.store = store
        self._choices = choices

    def index(
        self,
        folders: Iterable[Path | str],
        options: "Options | None" = None,
        progress: "Progress | None" = None,
    ) -> "Report":
        """Add new photos of `folders`, follow moved ones, remove vanished ones.

        Folders that cannot be read are listed in the report's `failed`, and the others are indexed.

        Raises:
            NotFound, BadValue: none of the folders can be read.
        """
        from indexer.pipeline import Options, index
        from indexer.progress.lines import Silence

        options = options or Options(neighbours=self._choices.neighbours)
        return index(self.store, folders, self._describer, options, progress or Silence())

    def search(
        self,
        words: str,
        limit: int = DEFAULT_LIMIT,
        offset: int = 0,
        like: str | None = None,
        user: str = ANONYMOUS,
    ) -> "Answer":
        """Rank photos by words ("-word" leaves out) and, with `like`, by likeness to a photo.

        Args:
            words: may be empty where `like` is given.
            limit, offset: the slice of the ranking.
            like: an id, or the path of a photo in or outside the library.
            user: enters the search log, and changes no ranking.

        Raises:
            NotFound: there is no library yet, or no photo `like`.
        """
        from search.answers import Question
        from search.likeness import find_example

        example = None
        if like:
            self.need_store()
            example = find_example(self.store, like, self._describer)
        return self.answer(Question(words, limit=limit, offset=offset, user=user), example)

    def answer(self, question: "Question", example: "Example | None" = None) -> "Answer":
        """As `search`, with an example that is at hand and parts that are switched off."""
        began = time.perf_counter()
        answer = self._steadily(lambda info: self._answer(question, example, info))
        if self._choices.search_log and question.text.strip() and not question.offset:
            # a page more is no search
            self._search_log.note(answer, question.user, (time.perf_counter() - began) * 1000)
        return answer

    def _answer(self, question: "Question", example: "Example | None", info: StoreInfo) -> "Answer":
        from search.likeness import likeness, renewed

        alike = None
        if example:
            alike = likeness(self.neighbours, renewed(self.store, info, example))
        return self.engine.search(question, self.teacher.vocabulary(), alike)

    def _steadily(self, work: Callable[[StoreInfo], T]) -> T:
        """Do work; once more, where another network's photos came into the store meanwhile.

        Vectors of two networks cannot be compared, so that anything may have gone wrong.
        """
        info = self.need_store()
        try:
            return work(info)
        except Exception:
            if self.need_store() == info:
                raise
            return work(self.need_store())

    def request(self, words: str, limit: int = DEFAULT_LIMIT, like: str | None = None) -> "Request":
        """Return what `search` asks an Elasticsearch store for, to be pasted elsewhere.

        Raises:
            NotFound: there is no library yet, or no photo `like`.
            BadValue: the store is no Elasticsearch, or no word is known.
        """
        from search.answers import Question
        from search.likeness import find_example, likeness

        self.need_store()
        example = find_example(self.store, like, self._describer) if like else None
        alike = likeness(self.neighbours, example) if example else None
        question = Question(words, limit=limit)
        return self.store.request(self.engine.query(question, self.teacher.vocabulary(), alike))

    def similar(self, photo: str, limit: int = DEFAULT_LIMIT) -> tuple[Hit, ...]:
        """Return the photos most like `photo`, an id or a path; scores are cosines.

        Raises:
            NotFound: there is no library yet, or no such photo.
            BadValue: the file is no photo.
        """
        from search.likeness import find_example

        self.need_store()
        return self.near(find_example(self.store, photo, self._describer), limit)

    def near(self, example: "Example", limit: int = DEFAULT_LIMIT) -> tuple[Hit, ...]:
        """As `similar`, for an example that is at hand."""
        return self._steadily(lambda info: self._near(example, limit, info))

    def _near(self, example: "Example", limit: int, info: StoreInfo) -> tuple[Hit, ...]:
        from search.likeness import nearest, renewed

        found = nearest(self.neighbours, renewed(self.store, info, example), limit)
        photos = self.store.get([near.id for near in found])
        return tuple(
            Hit(
                id=near.id,
                path=photos[near.id].paths[0],
                score=near.cosine,
                reasons=(Reason("similar", f"like {example.name}", near.cosine),),
                width=photos[near.id].width,
                height=photos[near.id].height,
                colour=photos[near.id].colour,
            )
            for near in found
            if near.id in photos
        )

    def look_at(self, name: str, data: bytes) -> "Upload":
        """Describe a picture that need not be in the library; nothing is kept.

        Args:
            name: of its file.
            data: its file's content.

        Raises:
            NotFound: there is no library yet.
            Unreadable: it is no picture.
        """
        self.need_store()
        return self._finder.upload(name, data)

    def load_network(self) -> None:
        """Load the network now, so that the first picture from outside does not wait for it.

        Raises:
            NotFound: there is no library yet, or the weights are not at hand.
            Conflict: the library was made by other weights.
        """
        self.need_store()
        self._describer().load()

    def load_index(self) -> None:
        """Load what searches need now, so that the first one does not wait for it.

        Raises:
            NotFound: there is no library yet.
        """
        self.need_store()
        vocabulary = self.teacher.vocabulary()
        for word in ("dog", *islice(vocabulary.lessons, 1)):
            self.engine.ranking(word, vocabulary, limit=1)

    def random(self, seed: int, limit: int = DEFAULT_LIMIT, offset: int = 0) -> tuple[Hit, ...]:
        """Return photos in an order by chance, which a seed tells; scores are 0.

        Raises:
            NotFound: there is no library yet.
            BadValue: offset + limit is over 10,000.
        """
        self.need_store()
        return tuple(
            Hit(match.id, match.paths[0], 0.0, (), match.width, match.height, match.colour)
            for match in self.store.sample(seed, limit, offset)
        )

    def status(self) -> "Status":
        """Return what the library holds.

        Raises:
            NotFound: there is no library yet.
        """
        from search.answers import Status

        info = self.need_store()
        counts = self.store.counts()
        return Status(
            store=self.store.location,
            photos=counts.photos,
            files=counts.files,
            unreadable=counts.unreadable,
            linked=counts.linked,
            index=self.neighbours.about(),
            model=info.model,
            weights=info.weights,
            dimensions=info.dimensions,
            bytes=self.store.size(),
        )

    def demand(self) -> "Demand":
        """Return what people searched for.

        Raises:
            NotFound: there is no library yet.
        """
        from search.answers import Demand

        self.need_store()
        return Demand(self.store.searches.count(), tuple(self._wanted()))

    def _wanted(self) -> "Iterator[Wanted]":
        """Yield the unfamiliar words that were asked for most often and not taught since."""
        learned = self.teacher.vocabulary().lessons
        asked = self.store.searches.wanted(WANTED + len(learned))
        wanted = (one for one in asked if one.word not in learned)
        yield from islice(wanted, WANTED)

    def verify(self) -> tuple[str, ...]:
        """Check every invariant of the store; return what is broken, a line each.

        Raises:
            NotFound: there is no library yet.
        """
        from indexer.verifying import verify

        self.need_store()
        return tuple(verify(self.store))

    def close(self) -> None:
        """Write what is left to the search log and the table of words, and release the store."""
        self._search_log.flush()
        self.teacher.flush()
        self.store.close()

    def __enter__(self) -> "Library":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def exists(self) -> bool:
        """Tell whether anything was indexed yet."""
        return self.store.info() is not None

    def complete(self, prefix: str, limit: int = 10) -> list[str]:
        """Return queries that begin with `prefix`, by its last words; learned words first."""
        return self._meanings.complete(prefix, self.teacher.vocabulary(), limit)

    def need_store(self) -> StoreInfo:
        """Return what made the store.

        Raises:
            NotFound: there is no library yet.
        """
        info = self.store.info()
        if info is None:
            raise NotFound(f"no photos in {self.store.location}: run magpie index FOLDER first")
        return info

    @cached_property
    def neighbours(self) -> Index:
        """What finds the photos nearest to a vector."""
        return open_index(self._choices.neighbours, self.store)

    @cached_property
    def teacher(self) -> "Teacher":
        """What users do to teach: feedback, examples, undo, the learned words."""
        from search.teaching.teacher import Teacher

        return Teacher(self.store, lambda: self._meanings, self._finder)

    @cached_property
    def engine(self) -> "Engine":
        """What answers searches, with whatever vocabulary."""
        from search.engine import Engine
        from search.teaching.ranking import Ranker

        return Engine(self.store, self._meanings, Ranker(self.store))

    @cached_property
    def _search_log(self) -> "SearchWriter":
        from search.search_log import SearchWriter

        return SearchWriter(self.store.searches)

    @cached_property
    def _finder(self) -> "Finder":
        from search.teaching.examples import Finder

        return Finder(self.store, self._describer)

    @cached_property
    def _describer(self) -> "Callable[[], Describer]":
        from indexer.network.describer import keep_describer

        return keep_describer(self._choices.network, self.store.info)

    @cached_property
    def _meanings(self) -> "Meanings":
        from search.teaching.meanings import Meanings
        from search.words import load_words

        return Meanings(load_words(self._choices.word_vectors))


def open_library(url: str | None = None, choices: Choices | None = None) -> Library:
    """Open the library in the store at `url`; it need not exist before `index`.

    Args:
        url: "sqlite:///path", "http(s)://host:port/name"; None = the user's own library.
        choices: what runs it.

    Raises:
        BadValue: the URL is of no known kind.
    """
    from indexer.derived.places import default_store

    return Library(open_store(url or default_store()), choices or Choices())
