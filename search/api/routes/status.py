"""What the library holds and what is going on, for people, load balancers and Prometheus."""

from typing import Annotated

from fastapi import APIRouter, Query
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.responses import Response

from search.api.errors import documented
from search.api.schemas.status import (
    HealthAnswer,
    StatusAnswer,
    UnreadableAnswer,
    UnreadableFileAnswer,
)
from search.api.service import Serving

router = APIRouter(tags=["operations"])


@router.get("/api/status", responses=documented())
async def status(serving: Serving) -> StatusAnswer:
    """Return what the library holds, and how far indexing has come."""
    return await serving.work.run(serving.status)


@router.get("/api/status/unreadable", responses=documented(400, 404))
async def unreadable(
    serving: Serving,
    limit: Annotated[int, Query(ge=1, le=1000, description="Maximum number of files")] = 100,
) -> UnreadableAnswer:
    """Return the files that could not be read, and why."""
    files = await serving.work.run(lambda: serving.library.unreadable(limit))
    return UnreadableAnswer(files=[UnreadableFileAnswer.model_validate(one) for one in files])


@router.get("/healthz")
async def health() -> HealthAnswer:
    """Answer 200 while the server runs, even if the store is unavailable."""
    return HealthAnswer(status="ok")


@router.get("/readyz", responses=documented(503))
async def ready(serving: Serving) -> HealthAnswer:
    """Answer 200 once searches work: the store is available, words and index are loaded."""
    await serving.work.run(serving.check_ready)
    return HealthAnswer(status="ok")


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {}}, "description": "Metrics for Prometheus"}},
)
async def metrics(serving: Serving) -> Response:
    """Return all counts and times."""
    text = await serving.work.run(serving.metrics.text)
    return Response(text, media_type=CONTENT_TYPE_LATEST)
