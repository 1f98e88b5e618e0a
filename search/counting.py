"""What people ask a library about all that a search finds: how many photos of when, where, what."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from indexer.errors import BadValue
from indexer.kinds import Order
from indexer.queries import Ranked
from search.searching import Searching, asked_apart

if TYPE_CHECKING:
    from indexer.facets import Counted, Facets
    from indexer.records import StoreInfo
    from search.answers import Answer, FacetAnswer, FacetCount, Question
    from search.likeness import QueryPhoto

MOST_NAMES = 20
"""Cameras, places, folders and formats that are named, each."""


class Counting(Searching):
    """A library that counts what searches find."""

    def facets(
        self,
        words: str = "",
        like: "str | QueryPhoto | None" = None,
        switched_off: Collection[str] = (),
        language: str = "",
        filters: "Mapping[str, str | Sequence[str]] | None" = None,
        most: int = MOST_NAMES,
    ) -> "FacetAnswer":
        """Count all photos that `search` finds, by time, camera, place, folder and format.

        Without anything to search for, it counts the library.

        Args:
            words, like, switched_off, language, filters: as in `search`.
            most: names of each facet; all years and months are told.

        Raises:
            NotFound: there is no library yet, or no photo `like`.
            BadValue: the text is too long, a filter makes no sense, or `most` is below 1.
        """
        from search.answers import Question

        if most < 1:
            raise BadValue(f"there is no list of {most} names: ask for 1 or more")
        spoken = language or self._choices.language
        question = Question(words, frozenset(switched_off), 1, language=spoken)
        # Words of nothing but "-dog" find nothing; no words at all stand for the whole library.
        order = Order.SCORE if words.strip() or like else Order.NEWEST
        question = replace(question, asked=asked_apart(filters), order=order)
        photo = self._query_photo(like) if like else None
        info = self.need_store()
        try:
            return _told(*self._counted(question, photo, info), most)
        except Exception:
            now = self.need_store()
            if now == info:  # see `search`
                raise
            return _told(*self._counted(question, photo, now), most)

    def _counted(
        self, question: "Question", photo: "QueryPhoto | None", info: "StoreInfo"
    ) -> "tuple[Answer, Facets]":
        likeness, looked = self._likeness(photo, info), self._looked(question, info)
        plan = self._engine.plan(question, self.vocabulary(), likeness, looked)
        facets = self._engine.count(plan)
        return self._engine.explain(plan, Ranked([], 0, 0.0)), facets


def _told(answer: "Answer", facets: "Facets", most: int) -> "FacetAnswer":
    from search.answers import FacetAnswer

    names = {
        **{"cameras": facets.cameras, "places": facets.places},
        **{"folders": facets.folders, "formats": facets.formats},
    }
    return FacetAnswer(
        query=answer.query,
        familiar=answer.familiar,
        suggestions=answer.suggestions,
        filters=answer.filters,
        photos=facets.photos,
        years=_counts(facets.years),
        months=_counts(facets.months),
        **{name: _counts(counted)[:most] for name, counted in names.items()},
        without={"date": facets.undated, "camera": facets.nameless, "place": facets.placeless},
        more={name: max(0, len(counted) - most) for name, counted in names.items()},
    )


def _counts(counted: "Counted") -> "tuple[FacetCount, ...]":
    from search.answers import FacetCount

    return tuple(FacetCount(value, photos) for value, photos in counted.items())
