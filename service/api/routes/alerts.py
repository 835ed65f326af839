"""What the ladder raised for open petitions."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from domain.text import Code
from projections import alerts
from projections.alerts import AlertItem
from service.api.dependencies import AtDesk, officer
from service.api.openapi.responses import problems
from service.api.queries import reading_view, wrong
from service.api.query_parameters import After
from service.api.schemas.petitions import Answer

router = APIRouter(dependencies=[Depends(officer)], tags=["views"], responses=problems(401, 422, 503))


class AlertList(Answer):
    """`next` is the `cursor` of the following page."""

    alerts: list[AlertItem]
    next: str | None = Field(description="opaque")


@router.get("/alerts", operation_id="list_alerts")
async def list_alerts(
    desk: AtDesk,
    unit: Annotated[Code | None, Query(description="that has the petition; all units if left out")] = None,
    unacknowledged: Annotated[bool, Query(description="only those that nobody took note of")] = False,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=400, description="`next` of the page before")] = None,
    after: After = None,
) -> AlertList:
    """What was raised for open petitions, for which roles, who was told and when somebody took note: the newest first.

    An alert that is not live was raised for a date that has moved, or of a petition that is suspended.
    """
    position = None if cursor is None else _opened(cursor)
    async with reading_view(desk, alerts.Alerts.name, after) as connection:
        found = await alerts.listed(
            connection, unit=unit, unacknowledged=unacknowledged, limit=limit + 1, after=position
        )
    return AlertList(alerts=found[:limit], next=_closed(found[limit - 1]) if len(found) > limit else None)


def _closed(item: AlertItem) -> str:
    return urlsafe_b64encode(f"{item.fell_due_on} {item.petition_id} {item.key}".encode()).decode().rstrip("=")


def _opened(text: str) -> tuple[date, UUID, str]:
    try:
        day, petition_id, key = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().split(" ", 2)
        if "\0" in key:
            raise ValueError(key)
        return date.fromisoformat(day), UUID(petition_id), key
    except (ValueError, binascii.Error):
        raise wrong("cursor", "this is not the cursor of a page") from None
