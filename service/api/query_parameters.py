"""Parameters that several questions have."""

from typing import Annotated

from fastapi import Query

from domain.commands import Day

After = Annotated[
    int | None,
    Query(
        ge=0,
        le=2**62,
        description="Answer only once the view has passed this position of the log, as the answer to a command gave"
        " it; 503 if that takes more than a few seconds.",
    ),
]
On = Annotated[Day | None, Query(description="a day in the authority's zone; today if left out")]
