"""Declares the query parameters that several endpoints share, and refuses those that an endpoint does not know."""

from typing import Annotated

from fastapi import Query, Request
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import Query as QueryField
from fastapi.routing import APIRoute

from domain.commands import CalendarDay
from service.api.problem_details import Problem
from service.known_at.moment import LONGEST_MOMENT

AfterPosition = Annotated[
    int | None,
    Query(
        ge=0,
        le=2**62,
        description="Answer only once the view has passed this position of the log, as the answer to a command gave"
        " it; 503 if that takes more than a few seconds, 422 if the log has not reached it.",
    ),
]
OnDay = Annotated[CalendarDay | None, Query(description="a day in the authority's zone; today if left out")]

KnownAtMoment = Annotated[
    str | None,
    Query(
        max_length=LONGEST_MOMENT,
        description="Answer as it was known at this moment: a position of the log (`1234`, or `#1234` with # as %23), a"
        " day (`2026-07-31`: its end in the authority's zone) or an instant with its zone"
        " (`2026-07-31T17:00:00+07:00`, with + as %2B).",
        examples=["2026-07-31"],
    ),
]


async def require_known_query(request: Request) -> None:
    """Raise Problem invalid for a parameter that the endpoint does not have.

    An unknown filter that was passed over would give the figure of everything for the figure that was asked for.
    """
    if not request.scope["query_string"]:
        return
    known = _names_of_query(request.scope["route"])
    if unknown := sorted(set(request.query_params) - known):
        there = ", ".join(sorted(known)) or "không có tham số nào / none"
        detail = f"không có tham số này; các tham số có: {there} / there is no such parameter; there are: {there}"
        raise Problem("invalid", "see errors", errors=[{"parameter": name, "detail": detail} for name in unknown])


_names_by_route: dict[str, frozenset[str]] = {}
"""The names of the query parameters by the unique id of the route, which cannot be a key itself."""


def _names_of_query(route: APIRoute) -> frozenset[str]:
    names = _names_by_route.get(route.unique_id)
    if names is None:
        parameters = get_flat_params(route.dependant)
        names = frozenset(one.alias for one in parameters if isinstance(one.field_info, QueryField))
        _names_by_route[route.unique_id] = names
    return names
