"""Magpie's records as answers of the routes."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic_core import to_json
from starlette.responses import Response

from indexer.events import Event, Learned, Upload
from indexer.imagenet import name
from indexer.queries import Hit
from indexer.records import Photo
from search import answers, words
from search.api.schemas.photos import LabelShare, LocationAnswer, PhotoAnswer
from search.api.schemas.teaching import ExampleAnswer, JudgedAnswer, LearnedWord
from search.teaching.vocabulary import Lesson
from search.teaching.votes import VoteCounts

Json = dict[str, Any]

NOBODY = Learned("", 0, 0, 0, 0, "")
MOST_EXAMPLES = 50


def reply(answer: Json) -> Response:
    """Return an answer as it is sent, without validating it again."""
    return Response(to_json(answer), media_type="application/json")


def search_answer(answer: answers.Answer, picture: Photo | Upload | None = None) -> Json:
    """Return a `SearchAnswer`; `picture` is the one that the search compared photos with."""
    learned = {one.word: one for one in answer.learned}
    parts = [_part(part, learned, off=False) for part in answer.parts]
    parts += [_part(part, learned, off=True) for part in answer.switched_off]
    known = learned.get(answer.key, NOBODY)
    learning = {"word": answer.key, "good": known.good, "bad": known.bad}
    return {
        "query": answer.query,
        "familiar": answer.familiar,
        "common": not answer.familiar and words.is_common(answer.query),
        "words": parts,
        "filters": answer.filters,
        "suggestions": answer.suggestions,
        "learning": learning if answer.key else None,
        "like": _like(picture) if picture else None,
        "likely": answer.likely,
        "hits": _hits(answer.hits, answer.judged),
    }


def hits_answer(hits: Iterable[Hit]) -> Json:
    """Return a `HitsAnswer`: photos that no query found."""
    return {"hits": _hits(hits, {})}


def photos_answer(page: answers.PhotoPage) -> Json:
    """Return a `PhotosAnswer`."""
    return {"hits": _hits(page.hits, {}), "next": page.next}


def photo_answer(photo: Photo) -> PhotoAnswer:
    """Return the document of a photo."""
    labels = [
        LabelShare(wnid=label.wnid, name=name(label.wnid), probability=label.probability)
        for label in photo.labels
    ]
    return PhotoAnswer(
        id=photo.id,
        paths=list(photo.paths),
        width=photo.width,
        height=photo.height,
        bytes=photo.bytes,
        format=photo.format,
        colour=photo.colour,
        modified=photo.modified,
        captured=photo.captured,
        camera=photo.camera,
        damaged=photo.damaged,
        duration=photo.duration,
        preview=photo.preview,
        location=_location(photo.location),
        place=photo.place,
        labels=labels,
        model=photo.model,
    )


def _location(location: tuple[float, float] | None) -> LocationAnswer | None:
    return LocationAnswer(latitude=location[0], longitude=location[1]) if location else None


def judged_answer(event: Event) -> JudgedAnswer:
    """Return what was recorded."""
    return JudgedAnswer(event=event.id, word=event.word, good=list(event.good), bad=list(event.bad))


def learned_word(word: Learned, lesson: Lesson, inside: Iterable[str]) -> LearnedWord:
    """Return a learned word.

    Args:
        word: its counts.
        lesson: its votes.
        inside: ids of the photos in the lesson that are in the library.
    """
    known = set(inside)
    shown = [
        ExampleAnswer(id=id, good=tally.is_good, in_library=id in known)
        for id, tally in lesson.tallies().items()
        if tally.good != tally.bad and (id in known or id in lesson.uploads)
    ]
    shown.sort(key=lambda example: not example.good)
    return LearnedWord(
        word=word.word,
        good=word.good,
        bad=word.bad,
        uploads=word.uploads,
        users=word.users,
        changed=word.changed,
        examples=shown[:MOST_EXAMPLES],
    )


def _part(part: words.Part, learned: Mapping[str, Learned], off: bool) -> Json:
    known = learned.get(part.word, NOBODY)
    return {
        "part": part.name,
        "word": part.word,
        "meaning": part.meaning,
        "kind": part.kind,
        "weight": part.weight,
        "labels": part.labels,
        "names": {wnid: name(wnid) for wnid in part.labels},
        "reasons": part.reasons,
        "kinds": part.kinds,
        "good": known.good,
        "bad": known.bad,
        "off": off,
    }


def _hits(hits: Iterable[Hit], judged: Mapping[str, VoteCounts]) -> list[Json]:
    # Without the schemas: validating hundreds of records would take longer than finding them.
    return [
        {
            "id": hit.id,
            "path": hit.path,
            "score": hit.score,
            "reasons": hit.reasons,
            "width": hit.width,
            "height": hit.height,
            "colour": hit.colour,
            "duration": hit.duration,
            "captured": hit.captured,
            "place": hit.place,
            "likely": hit.likely,
            "judged": judged.get(hit.id),
        }
        for hit in hits
    ]


def _like(picture: Photo | Upload) -> Json:
    known = picture.paths[0] if isinstance(picture, Photo) else picture.name
    return {"id": picture.id, "name": known, "in_library": isinstance(picture, Photo)}
