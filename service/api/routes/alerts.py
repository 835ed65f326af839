"""Lists the alerts that the ladder of alerts raised for open petitions."""

from datetime import date
from typing import Annotated, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from projections import alerts
from projections.alerts import AlertItem
from service.api.cursors import decode_cursor, encode_cursor
from service.api.dependencies import ContextDep, authenticate_officer
from service.api.openapi.responses import problem_responses
from service.api.queries import view_connection
from service.api.query_parameters import AfterPosition
from service.api.register_filters import UnitFilter
from service.api.schemas.petitions import ResponseModel

router = APIRouter(
    dependencies=[Depends(authenticate_officer)], tags=["views"], responses=problem_responses(401, 422, 503)
)


class AlertCursor(NamedTuple):
    """Names the last alert of a page; the next page begins after it."""

    fell_due_on: date
    petition_id: UUID
    key: str


class AlertList(ResponseModel):
    """One page of alerts, the newest first. `next` is the `cursor` of the following page."""

    alerts: list[AlertItem]
    next: str | None = Field(description="opaque")


@router.get("/alerts", operation_id="list_alerts")
async def list_alerts(
    context: ContextDep,
    unit: UnitFilter,
    unacknowledged: Annotated[bool, Query(description="only those that nobody took note of")] = False,
    awaiting_reminder: Annotated[bool, Query(description="only reminders that were proposed and not issued")] = False,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=400, description="`next` of the page before")] = None,
    after: AfterPosition = None,
) -> AlertList:
    """List the alerts of open petitions, the newest first: for which roles, who was notified, who took note and when.

    An alert that is not live was raised for a date that has moved since, or for a petition that is suspended.
    """
    position = decode_cursor(cursor, AlertCursor)
    async with view_connection(context, alerts.Alerts.name, after) as connection:
        found = await alerts.read_alerts(
            connection,
            unit=unit,
            unacknowledged=unacknowledged,
            awaiting_reminder=awaiting_reminder,
            limit=limit + 1,
            after=position,
        )
    last = found[limit - 1] if len(found) > limit else None
    following = None if last is None else AlertCursor(last.fell_due_on, last.petition_id, last.key)
    return AlertList(alerts=found[:limit], next=encode_cursor(following))
