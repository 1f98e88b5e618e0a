"""What people ask a library: photos by words, photos like a photo, photos in random order."""

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from indexer.defaults import ANONYMOUS, DEFAULT_LIMIT
from indexer.errors import BadValue
from indexer.kinds import Kind, Order
from indexer.queries import Hit, Query, Reason
from indexer.records import Photo, StoreInfo
from search.opened import Opened

if TYPE_CHECKING:
    from indexer.events import Upload
    from indexer.queries import Request
    from search.answers import Answer, Question
    from search.filters import Asked
    from search.likeness import Likeness, QueryPhoto
    from search.looking import Looked


class Searching(Opened):
    """A library that answers questions."""

    def search(
        self,
        words: str,
        limit: int = DEFAULT_LIMIT,
        offset: int = 0,
        like: "str | QueryPhoto | None" = None,
        user: str = ANONYMOUS,
        switched_off: Collection[str] = (),
        language: str = "",
        filters: "Mapping[str, str | Sequence[str]] | None" = None,
        order: str = Order.SCORE,
        only_likely: bool = False,
    ) -> "Answer":
        """Rank photos by words ("-word" leaves out) and, with `like`, by likeness to a photo.

        Args:
            words: may be empty where `like` is given.
            limit, offset: the slice of the ranking.
            like: an id, the path of a photo in or outside the library, or what was found by one.
            user: enters the search log, and does not change the ranking.
            switched_off: names of parts (see `Part.name`) to leave aside.
            language: of the words, as browsers name it; for networks that want to know.
            filters: kind -> value or values, such as {"camera": "iphone 7", "after": "2019-05"};
                they count like those in the words. Filters alone list photos, newest first.
            order: "score", "newest" or "oldest".
            only_likely: leave out the hits that are not likely to show what was asked for.

        Raises:
            NotFound: there is no library yet, or no photo `like`.
            BadValue: the text is too long, or a filter makes no sense.
        """
        from search.answers import Question

        spoken = language or self._choices.language
        question = Question(words, frozenset(switched_off), limit, offset, user, language=spoken)
        question = replace(question, asked=asked_apart(filters), order=Order(order))
        question = replace(question, only_likely=only_likely)
        photo = self._query_photo(like) if like else None
        began = time.perf_counter()
        for again in (True, False):
            info = self.need_store()
            try:
                likeness, looked = self._likeness(photo, info), self._looked(question, info)
                plan = self._engine.plan(question, self.vocabulary(), likeness, looked)
                answer = self._engine.answer(plan)
                break
            except Exception:
                # Vectors of two networks cannot be compared: anything may have gone wrong.
                if not again or self.need_store() == info:
                    raise
        # A further page is not a search of its own.
        logged = self._choices.search_log and not self.is_read_only()
        if logged and words.strip() and not offset:
            self._search_log.note(answer, user, (time.perf_counter() - began) * 1000)
        return answer

    def request(
        self,
        words: str,
        limit: int = DEFAULT_LIMIT,
        like: "str | QueryPhoto | None" = None,
        filters: "Mapping[str, str | Sequence[str]] | None" = None,
        order: str = Order.SCORE,
    ) -> "Request":
        """Return what `search` asks an Elasticsearch store for, to be pasted elsewhere.

        Raises:
            NotFound: there is no library yet, or no photo `like`.
            BadValue: the store is not in Elasticsearch, or no word is known.
        """
        from search.answers import Question

        info = self.need_store()
        photo = self._query_photo(like) if like else None
        question = Question(words, limit=limit, language=self._choices.language)
        question = replace(question, asked=asked_apart(filters), order=Order(order))
        likeness, looked = self._likeness(photo, info), self._looked(question, info)
        plan = self._engine.plan(question, self.vocabulary(), likeness, looked)
        if plan.finds_nothing:
            raise BadValue(
                f"I do not know {words!r} yet, so no query is sent: teach it with "
                "`magpie teach WORD PHOTO`"
            )
        return self._store.ranking.request(plan.query)

    def similar(self, photo: "str | QueryPhoto", limit: int = DEFAULT_LIMIT) -> tuple[Hit, ...]:
        """Return the photos most like one; scores are cosines.

        Args:
            photo: an id, the path of a photo in or outside the library, or what was found by one.
            limit: number of photos.

        Raises:
            NotFound: there is no library yet, or no such photo.
            Unreadable: the file is not a photo.
        """
        found = self._query_photo(photo)
        info = self.need_store()
        try:
            return self._near(found, limit, info)
        except Exception:
            now = self.need_store()
            if now == info:  # see `search`
                raise
            return self._near(found, limit, now)

    def _near(self, photo: "QueryPhoto", limit: int, info: StoreInfo) -> tuple[Hit, ...]:
        from search.likeness import nearest, renewed

        found = nearest(self._neighbours, renewed(self._store, info, photo), limit)
        photos = self._store.photos.get([near.id for near in found])
        return tuple(
            Hit.of(
                photos[near.id],
                near.cosine,
                (Reason(Kind.SIMILAR, f"like {photo.name}", near.cosine),),
            )
            for near in found
            if near.id in photos
        )

    def _looked(self, question: "Question", info: StoreInfo) -> "Looked | None":
        if info.model in self._label_networks:
            return None
        asked, off = question.text, question.switched_off
        understood = self._engine.meanings.understand(asked, self.vocabulary().names, off)
        words = replace(question, text=understood.words)
        return self._looking.answer(words, understood.excluded)

    def _likeness(self, photo: "QueryPhoto | None", info: StoreInfo) -> "Likeness | None":
        from search.likeness import likeness, renewed

        if photo is None:
            return None
        return likeness(self._neighbours, renewed(self._store, info, photo))

    def _query_photo(self, photo: "str | QueryPhoto") -> "QueryPhoto":
        if not isinstance(photo, str):
            return photo
        self.need_store()
        return self._named.query_photo(photo)

    def random(self, seed: int, limit: int = DEFAULT_LIMIT, offset: int = 0) -> tuple[Hit, ...]:
        """Return photos in a random order that depends on the seed alone; scores are 0.

        Raises:
            NotFound: there is no library yet.
            BadValue: offset + limit is over 10,000.
        """
        self.need_store()
        return tuple(map(Hit.of, self._store.ranking.sample(seed, limit, offset)))

    def photos(self, ids: Iterable[str]) -> dict[str, Photo]:
        """Return the photos of the library among `ids`; none where there is no library yet."""
        wanted = list(ids)
        return self._store.photos.get(wanted) if wanted and self.exists() else {}

    def existing(self, ids: Iterable[str]) -> set[str]:
        """Return those of `ids` that the library has; none where there is no library yet."""
        return self._store.photos.existing(ids) if self.exists() else set()

    def look_at(self, name: str, data: bytes) -> "Upload":
        """Describe a picture that need not be in the library; nothing is kept.

        Args:
            name: of its file.
            data: its file's content.

        Raises:
            NotFound: there is no library yet.
            Unreadable: it is not a picture.
        """
        self.need_store()
        return self._named.upload(name, data)

    def load_network(self) -> None:
        """Load the network now, so that the first picture from outside does not wait for it.

        Raises:
            NotFound: there is no library yet, or the weights are not available.
            Conflict: the library was made by other weights.
        """
        self.need_store()
        self._describer().load()

    def load_index(self) -> None:
        """Load what searches need now, so that the first one does not wait for it.

        Raises:
            NotFound: there is no library yet.
        """
        from search.answers import Question

        self.need_store()
        vocabulary = self.vocabulary()
        for word in ("dog", *islice(vocabulary.lessons, 1)):
            self._engine.ask(self._engine.plan(Question(word, limit=1), vocabulary).query)
        self._engine.ask(Query(order=Order.NEWEST, everything=True, limit=1))


def asked_apart(filters: "Mapping[str, str | Sequence[str]] | None") -> "tuple[Asked, ...]":
    """Return the filters that are given apart from the words.

    Raises:
        BadValue: there is no such kind.
    """
    if not filters:
        return ()
    from search.filters.conditions import from_values

    return from_values(filters)
