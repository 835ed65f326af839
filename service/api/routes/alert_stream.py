"""Streams alerts as they happen, for pages that stay open."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request
from starlette.responses import Response, StreamingResponse

from service.alerts.feed import MAX_LISTENERS
from service.api.dependencies import ContextDep, OfficerCredentials, authenticate_officer
from service.api.openapi.responses import problem_responses
from service.api.problem_details import Problem

router = APIRouter(
    dependencies=[Depends(authenticate_officer)], tags=["views"], responses=problem_responses(401, 422, 503)
)

_EVENT_STREAM_CONTENT = {"text/event-stream": {"schema": {"type": "string"}}}


@router.get(
    "/alerts/feed",
    operation_id="listen_to_alerts",
    response_class=Response,
    responses={200: {"description": "Server-sent events", "content": _EVENT_STREAM_CONTENT}},
)
async def listen_to_alerts(
    credentials: OfficerCredentials,
    context: ContextDep,
    request: Request,
    last_event_id: Annotated[
        int | None,
        Header(
            ge=0,
            le=2**62,
            description="Position in the log of the last event that the client has; without it the stream begins now",
        ),
    ] = None,
) -> Response:
    """Listen to alerts as server-sent events `alert_raised` and `alert_acknowledged`.

    An officer receives the alerts of their own petitions and of their unit; an inspector receives all alerts. The id of
    an event is its position in the log. A stream ends after ten minutes.
    """
    if last_event_id is not None:
        await context.require_reached("Last-Event-ID", last_event_id)
    feed = context.alert_feed
    if feed.listeners >= MAX_LISTENERS:
        raise Problem("busy", "too many pages listen; ask again, or read the list")
    after = feed.position if last_event_id is None else last_event_id
    leaving: asyncio.Event = getattr(request.app.state, "leaving", None) or asyncio.Event()
    return StreamingResponse(
        feed.stream(credentials, after, leaving, context.stream_seconds),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},  # for proxies that would buffer the stream
    )
