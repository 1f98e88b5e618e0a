"""Photos that look like a text: what a network that reads words adds to a search.

Cosines between a text and photos are small, and differ from text to text: what counts is how far a
photo stands out of the library's background for that text. The background is a fixed sample of
the library: its median cosine c and the deviation s of what lies below it, because what lies
above may well show what is asked for, and there may be much of it. A photo of cosine x stands out
by z = (x - c) / s, and adds weight x z / (z + HALF) to its score.
"""

import logging
import math
import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from indexer.errors import BadValue, NotFound
from indexer.kinds import Kind
from indexer.neighbours import Index, chosen, open_index
from indexer.network import models
from indexer.network.describer import Describer, keep_describer
from indexer.network.joint.text_tower import TextTower
from indexer.network.options import NetworkOptions
from indexer.records import Matrix, Vector
from indexer.stores import Store
from search.answers import Question
from search.words import Part, normalise, parts_of_text

WEIGHT = 1.0
"""Of a text beside the labels, whose probabilities add up to 1. `magpie evaluate --text-weight`
tries others; nobody has measured it with real weights yet."""

HALF = 3.0
"""Where a photo has half of the weight."""

REACH = 1000
"""Photos that are lifted, as many as a query may lift, and that "-word" leaves out at most."""

SAMPLE = 2000
"""Photos that the background is taken from, evenly spaced in order of id."""

LEAST_DEVIATION = 0.02
"""About what CLIP's networks have on photos of all kinds; libraries of few motifs have less."""

SURE = 0.5
"""Cosine that no text has at random to a photo, in any published network: whatever the library, a
photo so near looks like the text."""

SURE_HEIGHT = 2.0
"""What such a photo stands out by at least, times its cosine: also where most photos are alike."""

EXCLUDED_SHARE = 0.6
"""Of the height of the best photo: from there on, "-word" leaves photos out."""

UNSEEN = "nothing here looks like it"


@dataclass(frozen=True, slots=True)
class Looked:
    """What a text adds to a search.

    Attributes:
        part: the text as a part of the query; of weight 0 where nothing stands out.
        boosts: photo id -> addend > 0.
        cosines: photo id -> cosine to the text, of the same photos.
        excluded: photos that stand out for what is not wanted.
        is_off: whether the part was switched off.
    """

    part: Part
    boosts: Mapping[str, float] = field(default_factory=dict)
    cosines: Mapping[str, float] = field(default_factory=dict)
    excluded: frozenset[str] = frozenset()
    is_off: bool = False

    @property
    def stands_out(self) -> bool:
        """Whether any photo looks like the text."""
        return bool(self.boosts)

    def why(self, id: str) -> str:
        """Say why a photo was lifted: "looks like 'dog in snow' .31"."""
        cosine = f"{self.cosines[id]:.2f}".replace("0.", ".", 1)
        return f"looks like {self.part.word!r} {cosine}"


@dataclass(frozen=True, slots=True)
class _Found:
    """Photos that stand out for a text: ids, cosines, and by how much, nearest first."""

    ids: tuple[str, ...]
    cosines: tuple[float, ...]
    heights: tuple[float, ...]

    def first(self, count: int) -> "_Found":
        """Return the nearest ones."""
        return _Found(self.ids[:count], self.cosines[:count], self.heights[:count])

    def count(self, height: float, cosine: float = math.inf) -> int:
        """How many are so high, or so near."""
        pairs = zip(self.heights, self.cosines, strict=True)
        return sum(one >= height or near >= cosine for one, near in pairs)


class Looking:
    """Finds photos that look like texts. One object serves all threads."""

    def __init__(
        self, store: Store, index: Index, describer: Callable[[], Describer], weight: float = WEIGHT
    ) -> None:
        """Take what finds photos near a vector, and the network that makes vectors of texts."""
        self._store = store
        self._index = index
        self._describer = describer
        self._weight = weight
        self._sampled: tuple[str, Matrix] | None = None
        self._is_told = False
        self._lock = threading.Lock()

    def look(
        self,
        text: str,
        language: str = "",
        switched_off: Collection[str] = (),
        excluded: Collection[str] = (),
    ) -> Looked | None:
        """Find the photos that look like a query's text, and those that it excludes.

        None where there is no text, the library's network reads no words, or it is not on this
        machine; the log says so once.

        Args:
            text: as a person typed it.
            language: as `Tokens.read` takes it.
            switched_off: names of parts (see `Part.name`) to leave aside.
            excluded: words that the query was understood to exclude, "-word" or not.

        Raises:
            Conflict: another network was asked for than that of the library.
        """
        tower = self._tower() if text.strip() else None
        if tower is None:
            return None
        wanted, unwanted = parts_of_text(text, excluded)
        asked = [one for one in unwanted if f"-{normalise(one)}" not in switched_off]
        left_out = self._left_out(tower, asked, language)
        part = Part(wanted, UNSEEN, Kind.TEXT, 0.0)
        if part.name in switched_off:
            return Looked(part, excluded=left_out, is_off=True)
        found = self._standing_out(tower, wanted, language)
        if not found.ids:
            return Looked(part, excluded=left_out)
        return Looked(
            part=Part(wanted, f"photos that look like {wanted!r}", Kind.TEXT, self._weight),
            boosts=self._boosts(found),
            cosines=dict(zip(found.ids, found.cosines, strict=True)),
            excluded=left_out,
        )

    def answer(self, question: Question, excluded: Collection[str]) -> Looked | None:
        """Find the photos that look like a question's text: see `look`."""
        return self.look(question.text, question.language, question.switched_off, excluded)

    def rank(self, text: str, count: int = 10_000) -> list[str]:
        """Return the ids of the photos nearest to a text, whether they stand out or not."""
        tower = self._tower()
        vector = tower.vector(text) if tower else None
        if vector is None:
            return []
        return [near.id for near in self._index.nearest(vector[None], count)[0]]

    def _left_out(self, tower: TextTower, unwanted: Iterable[str], language: str) -> frozenset[str]:
        """Return the photos that stand out for any phrase that is not wanted."""
        left_out: set[str] = set()
        for phrase in unwanted:
            found = self._standing_out(tower, phrase, language)
            best = max(found.heights, default=0.0)
            left_out.update(found.first(found.count(EXCLUDED_SHARE * best)).ids)
        return frozenset(left_out)

    def _boosts(self, found: _Found) -> dict[str, float]:
        """Return what photos get for their heights, in float32 as both stores count."""
        return {
            id: float(np.float32(self._weight * height / (height + HALF)))
            for id, height in zip(found.ids, found.heights, strict=True)
        }

    def _standing_out(self, tower: TextTower, text: str, language: str) -> _Found:
        """Return the photos that stand out; none where the best is as high as at random.

        Of n photos that have nothing to do with a text, the best stands out by sqrt(2 ln n), if
        their cosines are spread normally (Leadbetter et al. 1983, "Extremes and related properties
        of random sequences and processes", theorem 1.5.3). Where one is higher, those of half that
        height count too. In libraries of few motifs hardly anything is that high; `SURE` helps.
        """
        vector = tower.vector(text, language) if text else None
        if vector is None:
            return _Found((), (), ())
        found = self._nearest(vector)
        least = math.sqrt(2 * math.log(max(len(self._store.photos.vectors()), 2)))
        return found.first(found.count(least / 2, SURE) if found.count(least, SURE) else 0)

    def _nearest(self, vector: Vector) -> _Found:
        """Return the photos nearest to a vector, whether they stand out or not."""
        near = self._index.nearest(vector[None], REACH)[0]
        centre, deviation = background(self._sample() @ vector)
        cosines = tuple(neighbour.cosine for neighbour in near)
        heights = tuple(
            max((cosine - centre) / deviation, SURE_HEIGHT * cosine * (cosine >= SURE))
            for cosine in cosines
        )
        return _Found(tuple(neighbour.id for neighbour in near), cosines, heights)

    def _sample(self) -> Matrix:
        """Return the vectors of the background: float32, shape (at most SAMPLE, d)."""
        state = self._store.photos.state()
        with self._lock:
            if self._sampled is None or self._sampled[0] != state:
                vectors = self._store.photos.vectors()
                count = min(SAMPLE, len(vectors))
                positions = np.linspace(0, len(vectors) - 1, count).astype(np.int64)
                self._sampled = state, np.array(vectors.take(positions), np.float32)
            return self._sampled[1]

    def _tower(self) -> TextTower | None:
        """Return what reads texts; None where the network reads none or is not available."""
        try:
            return self._describer().texts
        except (NotFound, BadValue) as error:
            if not self._is_told:
                logging.getLogger(__name__).warning("searching labels only: %s", error)
            self._is_told = True
            return None


def open_looking(store: Store, options: NetworkOptions, weight: float) -> Looking | None:
    """Return what finds photos that look like texts; None where the network reads labels only.

    None, too, where no network is asked for and that of the library is not on this machine; the log
    says so. For callers that have no `Library`.

    Raises:
        NotFound, BadValue, Conflict: `options` name another network, or one that is not available.
    """
    info = store.identity.info()
    if info is None or info.model in models.names():
        return None
    describer = keep_describer(options, store.identity.info)
    try:
        describer()  # its errors are the caller's, who asks for nothing else
    except NotFound as error:
        if options.model != "auto":
            raise
        logging.getLogger(__name__).warning("by labels alone: %s", error)
        return None
    return Looking(store, open_index(chosen(), store), describer, weight)


def background(cosines: Vector) -> tuple[float, float]:
    """Return the middle of a background and its deviation, as the module's text defines them.

    Args:
        cosines: of one text to the sample: float32, shape (n,), n from 0.
    """
    if not len(cosines):
        return 0.0, LEAST_DEVIATION
    centre = float(np.median(cosines))
    below = cosines[cosines <= centre].astype(np.float64) - centre
    return centre, max(float(np.sqrt(np.mean(below**2))), LEAST_DEVIATION)
