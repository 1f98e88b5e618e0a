"""Judging photos, undoing it, and the history of everything that was taught."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from indexer.defaults import ANONYMOUS
from indexer.kinds import EventKind
from search.api.answers import judged_answer
from search.api.errors import documented
from search.api.pictures.lookup import require_ids
from search.api.schemas.bodies import EventsBody, FeedbackBody, Who
from search.api.schemas.teaching import (
    EventEntry,
    HistoryAnswer,
    JudgedAnswer,
    UndoneAnswer,
    UndoneEventsAnswer,
)
from search.api.service import Serving
from search.teaching.teacher import Entry
from search.words import normalise

MOST_EVENTS = 1_000

EventId = Annotated[str, Path(description="Id of an event")]

router = APIRouter(prefix="/api/feedback", tags=["feedback"])


@router.post("", responses=documented(400, 404))
async def judge(serving: Serving, feedback: FeedbackBody) -> JudgedAnswer:
    """Judge photos as answers to a query. The next search uses it."""

    def work() -> JudgedAnswer:
        good, bad = require_ids(feedback.good), require_ids(feedback.bad)
        event = serving.library.feedback(feedback.query, good, bad, feedback.shown, feedback.user)
        serving.metrics.taught(event.kind)
        return judged_answer(event)

    return await serving.work.run(work)


@router.delete("", responses=documented(400, 404))
async def withdraw(
    serving: Serving,
    query: Annotated[str, Query(max_length=1000, description="What was searched for")],
    photo: Annotated[str, Query(max_length=100, description="Id of the photo")],
    user: Who = ANONYMOUS,
) -> UndoneAnswer:
    """Take back all that the user said of a photo for a query, however long ago."""

    def work() -> UndoneAnswer:
        made = serving.library.withdraw(query, photo, user)
        serving.metrics.taught(made.kind)
        return UndoneAnswer(event=made.id, undone=made.target, word=made.word)

    return await serving.work.run(work)


@router.delete("/{event}", responses=documented(400, 404))
async def undo(serving: Serving, event: EventId, user: Who = ANONYMOUS) -> UndoneAnswer:
    """Undo an event of any kind, exactly."""

    def work() -> UndoneAnswer:
        made = serving.library.undo(event, user)
        serving.metrics.taught(made.kind)
        return UndoneAnswer(event=made.id, undone=made.target, word=made.word)

    return await serving.work.run(work)


@router.post("/undo", responses=documented(400))
async def undo_all(serving: Serving, chosen: EventsBody) -> UndoneEventsAnswer:
    """Undo several events, as those of an import; those that were undone already are left out."""

    def work() -> UndoneEventsAnswer:
        return UndoneEventsAnswer(undone=serving.library.undo_all(chosen.events, chosen.user))

    return await serving.work.run(work)


@router.get("", responses=documented(400))
async def history(
    serving: Serving,
    limit: Annotated[
        int, Query(ge=1, le=MOST_EVENTS, description="Maximum number of events")
    ] = 100,
    offset: Annotated[int, Query(ge=0, le=10_000_000, description="Events to skip")] = 0,
    word: Annotated[
        str, Query(max_length=1000, description="A part of the word that was taught")
    ] = "",
) -> HistoryAnswer:
    """List everything that was taught, newest first."""

    def work() -> HistoryAnswer:
        asked = {normalise(word) or word, word.strip().lower()}
        entries = [
            one
            for one in serving.library.history()[::-1]
            if any(_is_about(one, part) for part in asked)
        ]
        shown = [EventEntry.model_validate(entry) for entry in entries[offset : offset + limit]]
        return HistoryAnswer(events=shown, total=len(entries))

    return await serving.work.run(work)


def _is_about(entry: Entry, word: str) -> bool:
    """Tell whether a word is about one that has a text in it, or became one."""
    became = entry.target if entry.kind in (EventKind.RENAME, EventKind.MERGE) else ""
    return word in entry.word or word in became
