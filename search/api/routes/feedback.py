"""Judging photos, taking it back, and the history of all that was taught."""

from typing import Annotated

from fastapi import APIRouter, Query

from indexer.records import ANONYMOUS
from search.api.answers import judged_answer
from search.api.bodies import Feedback, Who
from search.api.errors import documented
from search.api.pictures import require_ids
from search.api.schemas import EventEntry, HistoryAnswer, JudgedAnswer, UndoneAnswer
from search.api.service import Serving

MOST_EVENTS = 1_000

router = APIRouter(prefix="/api/feedback", tags=["feedback"])


@router.post("", responses=documented(400, 404))
async def judge(serving: Serving, feedback: Feedback) -> JudgedAnswer:
    """Judge photos as answers to a query; the next search has it."""

    def work() -> JudgedAnswer:
        good, bad = require_ids(feedback.good), require_ids(feedback.bad)
        event = serving.library.feedback(feedback.query, good, bad, feedback.shown, feedback.user)
        serving.metrics.taught(event.kind)
        return judged_answer(event)

    return await serving.work.run(work)


@router.delete("/{event}", responses=documented(400, 404))
async def undo(serving: Serving, event: str, user: Who = ANONYMOUS) -> UndoneAnswer:
    """Take an event back exactly, of whatever kind it is."""

    def work() -> UndoneAnswer:
        made = serving.library.undo(event, user)
        serving.metrics.taught(made.kind)
        return UndoneAnswer(event=made.id, undone=made.target, word=made.word)

    return await serving.work.run(work)


@router.get("", responses=documented(400))
async def history(
    serving: Serving,
    limit: Annotated[int, Query(ge=1, le=MOST_EVENTS)] = 100,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> HistoryAnswer:
    """List all that was taught, the newest first."""

    def work() -> HistoryAnswer:
        entries = serving.library.history()[::-1]
        shown = [EventEntry.model_validate(entry) for entry in entries[offset : offset + limit]]
        return HistoryAnswer(events=shown, total=len(entries))

    return await serving.work.run(work)
