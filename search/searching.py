"""What people ask a library: photos by words, photos like a photo, photos in random order."""

import time
from collections.abc import Collection, Iterable
from itertools import islice
from typing import TYPE_CHECKING

from indexer.errors import BadValue
from indexer.kinds import Kind
from indexer.records import ANONYMOUS, DEFAULT_LIMIT, Hit, Photo, Reason, StoreInfo
from search.opened import Opened

if TYPE_CHECKING:
    from indexer.records import Request, Upload
    from search.answers import Answer
    from search.likeness import Likeness, QueryPhoto


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
    ) -> "Answer":
        """Rank photos by words ("-word" leaves out) and, with `like`, by likeness to a photo.

        Args:
            words: may be empty where `like` is given.
            limit, offset: the slice of the ranking.
            like: an id, the path of a photo in or outside the library, or what was found by one.
            user: enters the search log, and does not change the ranking.
            switched_off: names of parts (see `Part.name`) to leave aside.

        Raises:
            NotFound: there is no library yet, or no photo `like`.
        """
        from search.answers import Question

        question = Question(words, frozenset(switched_off), limit, offset, user)
        photo = self._query_photo(like) if like else None
        began = time.perf_counter()
        while True:
            info = self.need_store()
            try:
                plan = self._engine.plan(question, self.vocabulary(), self._likeness(photo, info))
                answer = self._engine.answer(plan)
                break
            except Exception:
                # Vectors of two networks cannot be compared: anything may have gone wrong.
                if self.need_store() == info:
                    raise
        # A further page is not a search of its own.
        if self._choices.search_log and words.strip() and not offset:
            self._search_log.note(answer, user, (time.perf_counter() - began) * 1000)
        return answer

    def request(
        self, words: str, limit: int = DEFAULT_LIMIT, like: "str | QueryPhoto | None" = None
    ) -> "Request":
        """Return what `search` asks an Elasticsearch store for, to be pasted elsewhere.

        Raises:
            NotFound: there is no library yet, or no photo `like`.
            BadValue: the store is not in Elasticsearch, or no word is known.
        """
        from search.answers import Question

        info = self.need_store()
        photo = self._query_photo(like) if like else None
        question = Question(words, limit=limit)
        plan = self._engine.plan(question, self.vocabulary(), self._likeness(photo, info))
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
        while True:
            info = self.need_store()
            try:
                return self._near(found, limit, info)
            except Exception:
                if self.need_store() == info:  # see `search`
                    raise

    def _near(self, photo: "QueryPhoto", limit: int, info: StoreInfo) -> tuple[Hit, ...]:
        from search.likeness import nearest, renewed

        found = nearest(self._neighbours, renewed(self._store, info, photo), limit)
        photos = self._store.photos.get([near.id for near in found])
        return tuple(
            Hit(
                id=near.id,
                path=photos[near.id].paths[0],
                score=near.cosine,
                reasons=(Reason(Kind.SIMILAR, f"like {photo.name}", near.cosine),),
                width=photos[near.id].width,
                height=photos[near.id].height,
                colour=photos[near.id].colour,
            )
            for near in found
            if near.id in photos
        )

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
        return tuple(
            Hit(match.id, match.paths[0], 0.0, (), match.width, match.height, match.colour)
            for match in self._store.ranking.sample(seed, limit, offset)
        )

    def complete(self, prefix: str, limit: int = 10) -> list[str]:
        """Return queries that begin with `prefix`, by its last words; learned words first."""
        return self._engine.meanings.complete(prefix, self.vocabulary().names, limit)

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
            self._engine.rank(self._engine.plan(Question(word, limit=1), vocabulary).query)
