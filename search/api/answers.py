"""Records of Magpie as the routes answer with them."""

from collections.abc import Iterable, Mapping

from indexer.imagenet import name
from indexer.records import Hit, Photo, Upload
from search import answers, words
from search.api import schemas
from search.teaching.vocabulary import Learned, Lesson
from search.teaching.votes import Tally

NOBODY = Learned("", 0, 0, 0, 0, "")
MOST_EXAMPLES = 50


def search_answer(
    answer: answers.Answer, picture: Photo | Upload | None = None
) -> schemas.SearchAnswer:
    """Return the answer to a search, and which picture it was asked by."""
    learned = {one.word: one for one in answer.learned}
    parts = [_part(part, learned, off=False) for part in answer.words]
    parts += [_part(part, learned, off=True) for part in answer.off]
    known = learned.get(answer.key, NOBODY)
    learning = schemas.Learning(word=answer.key, good=known.good, bad=known.bad)
    return schemas.SearchAnswer(
        query=answer.query,
        familiar=answer.familiar,
        words=parts,
        suggestions=list(answer.suggestions),
        learning=learning if answer.key else None,
        like=_like(picture) if picture else None,
        hits=_hits(answer.hits, answer.judged),
    )


def hits_answer(hits: Iterable[Hit]) -> schemas.HitsAnswer:
    """Return photos that no query found."""
    return schemas.HitsAnswer(hits=_hits(hits, {}))


def photo_answer(photo: Photo) -> schemas.PhotoAnswer:
    """Return the document of a photo."""
    labels = [
        schemas.LabelShare(wnid=label.wnid, name=name(label.wnid), probability=label.probability)
        for label in photo.labels
    ]
    return schemas.PhotoAnswer(
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
        labels=labels,
        model=photo.model,
    )


def learned_word(word: Learned, lesson: Lesson, inside: Iterable[str]) -> schemas.LearnedWord:
    """Return a learned word.

    Args:
        word: its numbers.
        lesson: its votes.
        inside: ids of those of its photos that are in the library.
    """
    known = set(inside)
    shown = [
        schemas.Example(id=id, good=tally.good > tally.bad, in_library=id in known)
        for id, tally in lesson.tallies().items()
        if tally.good != tally.bad and (id in known or id in lesson.uploads)
    ]
    shown.sort(key=lambda example: not example.good)
    return schemas.LearnedWord(
        word=word.word,
        good=word.good,
        bad=word.bad,
        uploads=word.uploads,
        users=word.users,
        changed=word.changed,
        examples=shown[:MOST_EXAMPLES],
    )


def _part(part: words.Part, learned: Mapping[str, Learned], off: bool) -> schemas.Part:
    known = learned.get(part.word, NOBODY)
    return schemas.Part(
        part=part.name,
        word=part.word,
        meaning=part.meaning,
        kind=part.kind,
        weight=part.weight,
        labels=dict(part.labels),
        names={wnid: name(wnid) for wnid in part.labels},
        reasons=dict(part.reasons),
        kinds=dict(part.kinds),
        good=known.good,
        bad=known.bad,
        off=off,
    )


def _hits(hits: Iterable[Hit], judged: Mapping[str, Tally]) -> list[schemas.Hit]:
    return [
        schemas.Hit(
            id=hit.id,
            path=hit.path,
            score=hit.score,
            reasons=[
                schemas.Reason(kind=reason.kind, what=reason.what, score=reason.score)
                for reason in hit.reasons
            ],
            width=hit.width,
            height=hit.height,
            colour=hit.colour,
            judged=_votes(judged.get(hit.id)),
        )
        for hit in hits
    ]


def _votes(tally: Tally | None) -> schemas.Votes | None:
    return schemas.Votes(good=tally.good, bad=tally.bad) if tally else None


def _like(picture: Photo | Upload) -> schemas.Like:
    if isinstance(picture, Photo):
        return schemas.Like(id=picture.id, name=picture.paths[0], in_library=True)
    return schemas.Like(id=picture.id, name=picture.name, in_library=False)
