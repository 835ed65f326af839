"""Declares the query parameters that several endpoints share."""

from typing import Annotated

from fastapi import Query

from domain.commands import CalendarDay

AfterPosition = Annotated[
    int | None,
    Query(
        ge=0,
        le=2**62,
        description="Answer only once the view has passed this position of the log, as the answer to a command gave"
        " it; 503 if that takes more than a few seconds.",
    ),
]
OnDay = Annotated[CalendarDay | None, Query(description="a day in the authority's zone; today if left out")]
