"""Judging photos, undoing it, and the history of everything that was taught."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from indexer.records import ANONYMOUS
from search.api.answers import judged_answer
from search.api.errors import documented
from search.api.pictures.lookup import require_ids
from search.api.schemas.bodies import FeedbackBody, Who
from search.api.schemas.teaching import EventEntry, HistoryAnswer, JudgedAnswer, UndoneAnswer
from search.api.service import Serving

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


@router.delete("/{event}", responses=documented(400, 404))
async def undo(serving: Serving, event: EventId, user: Who = ANONYMOUS) -> UndoneAnswer:
    """Undo an event of any kind, exactly."""

    def work() -> UndoneAnswer:
        made = serving.library.undo(event, user)
        serving.metrics.taught(made.kind)
        return UndoneAnswer(event=made.id, undone=made.target, word=made.word)

    return await serving.work.run(work)


@router.get("", responses=documented(400))
async def history(
    serving: Serving,
    limit: Annotated[
        int, Query(ge=1, le=MOST_EVENTS, description="Maximum number of events")
    ] = 100,
    offset: Annotated[int, Query(ge=0, le=10_000_000, description="Events to skip")] = 0,
) -> HistoryAnswer:
    """List everything that was taught, newest first."""

    def work() -> HistoryAnswer:
        entries = serving.library.history()[::-1]
        shown = [EventEntry.model_validate(entry) for entry in entries[offset : offset + limit]]
        return HistoryAnswer(events=shown, total=len(entries))

    return await serving.work.run(work)
