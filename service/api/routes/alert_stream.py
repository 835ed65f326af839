"""Alerts as they happen, for pages that stay open."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request
from starlette.responses import Response, StreamingResponse

from service.alerts.feed import MOST_LISTENERS
from service.api.dependencies import Asking, AtDesk, officer
from service.api.openapi.responses import problems
from service.api.problem_details import Problem

router = APIRouter(dependencies=[Depends(officer)], tags=["views"], responses=problems(401, 422, 503))

_STREAM = {"text/event-stream": {"schema": {"type": "string"}}}


@router.get(
    "/alerts/feed",
    operation_id="listen_to_alerts",
    response_class=Response,
    responses={200: {"description": "Server-sent events", "content": _STREAM}},
)
async def listen_to_alerts(
    credentials: Asking,
    desk: AtDesk,
    request: Request,
    last_event_id: Annotated[
        int | None,
        Header(ge=0, le=2**62, description="Position in the log of the last event that was told; from now on without"),
    ] = None,
) -> Response:
    """Server-sent events `alert_raised` and `alert_acknowledged` of the officer's own petitions and those of the unit;
    inspectors hear of all. The id of an event is its position in the log. A stream ends after ten minutes.
    """
    feed = desk.feed
    if feed.listeners >= MOST_LISTENERS:
        raise Problem("busy", "too many pages listen; ask again, or read the list")
    after = feed.position if last_event_id is None else last_event_id
    leaving: asyncio.Event = getattr(request.app.state, "leaving", None) or asyncio.Event()
    return StreamingResponse(
        feed.stream(credentials, after, leaving, desk.feed_lasts),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},  # for proxies that would wait for more
    )
