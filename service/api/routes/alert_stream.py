"""Streams alerts as they happen, for pages that stay open."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request
from starlette.responses import Response, StreamingResponse

from service.alerts.feed import MAX_LISTENERS, StreamPlace
from service.api.dependencies import ContextDep, OfficerCredentials, authenticate_officer
from service.api.openapi.responses import problem_responses
from service.api.problem_details import Problem

router = APIRouter(
    dependencies=[Depends(authenticate_officer)], tags=["views"], responses=problem_responses(401, 422, 503)
)

_EVENT_SCHEMA = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "description": "Epoch of the log and position there"},
        "event": {"enum": ["alert_raised", "alert_acknowledged", "log_restored"]},
        "data": {"type": "string", "description": "An object in JSON"},
    },
    "required": ["id", "event", "data"],
}
_EVENT_STREAM_CONTENT = {"text/event-stream": {"schema": _EVENT_SCHEMA}}


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
        str | None,
        Header(
            pattern=r"^[0-9]{1,9}\.[0-9]{1,18}$",
            description="The id of the last event that the client has; without it the stream begins now",
        ),
    ] = None,
) -> Response:
    """Listen to alerts as server-sent events `alert_raised` and `alert_acknowledged`.

    An officer receives the alerts of their own petitions and of their unit; an inspector receives all alerts. The id of
    an event is the epoch of the log and its position there, as `1.1234`. If the log was restored since, the stream
    begins with an event `log_restored`: read the list of alerts anew, since what was told before may not have happened.
    A stream ends after ten minutes.
    """
    feed, since = context.alert_feed, None if last_event_id is None else StreamPlace.parse(last_event_id)
    if since is not None and since.epoch == feed.place.epoch:
        await context.require_reached("Last-Event-ID", since.position)
    if feed.listeners >= MAX_LISTENERS:
        raise Problem("busy", "too many pages listen; ask again, or read the list")
    leaving: asyncio.Event = getattr(request.app.state, "leaving", None) or asyncio.Event()
    return StreamingResponse(
        feed.stream(credentials, since, leaving, context.stream_seconds),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},  # for proxies that would buffer the stream
    )
