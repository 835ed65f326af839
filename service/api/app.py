"""The application as a whole: routes, problems, edge."""

from functools import cache

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from psycopg import OperationalError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from domain.errors import Refused
from service.alerts.feed import LASTS
from service.api.dependencies import Desk
from service.api.dispatch.route_table import Addresses, ShortWay
from service.api.metrics import Metrics
from service.api.middleware import Edge
from service.api.openapi import viewer_page
from service.api.openapi.responses import TAGS, Described
from service.api.problem_details import Problem, problem_of
from service.api.routes import (
    alert_stream,
    alerts,
    batch_commands,
    commands,
    deadlines,
    duplicates,
    health,
    law_changes,
    meeting_commands,
    meeting_follow_up,
    meetings,
    overdue_and_workload,
    petitions,
    reorganisations,
    sheets,
    unit_tables,
    units,
)
from service.commands.office import Office, TooContended, UnknownPetition, VersionMismatch
from service.event_store.group_commit import AppendFailed
from service.projector.runner import Follower
from service.security.tokens import InvalidToken

ROUTERS = (
    petitions.router,
    deadlines.router,
    duplicates.router,
    overdue_and_workload.router,
    alerts.router,
    alert_stream.router,
    health.router,
    commands.router,
    batch_commands.router,
    units.router,
    law_changes.router,
    sheets.router,
    unit_tables.router,
    reorganisations.router,
    meeting_commands.router,
    meetings.router,
    meeting_follow_up.router,
)
FORESEEN: tuple[type[Exception], ...] = (
    AppendFailed,
    HTTPException,
    InvalidToken,
    OperationalError,
    Problem,
    Refused,
    RequestValidationError,
    TooContended,
    UnknownPetition,
    VersionMismatch,
)


def described() -> Described:
    """The addresses and what they say of themselves, with nobody at the desk."""
    app = Described(
        title="kiennghi",
        summary="Petitions of citizens: received, routed, answered, on an append-only log",
        version=health.VERSION,
        openapi_tags=TAGS,
        docs_url=None,  # its scripts would come from elsewhere: see service.api.openapi.viewer_page
        redoc_url=None,
        redirect_slashes=False,
    )
    for router in (*ROUTERS, viewer_page.router):
        app.include_router(router)
    return app


@cache
def _addresses() -> Addresses:
    return Addresses(route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute))


def create_app(
    office: Office,
    readers: Follower,
    *,
    token_key: bytes,
    wait_for_view: float = 5.0,
    feed_lasts: float = LASTS,
    metrics: Metrics | None = None,
) -> FastAPI:
    """The interface over an open office and its views; it opens and closes nothing.

    `token_key` verifies access tokens. A query with `?after=` waits `wait_for_view` seconds at most; a stream of alerts
    ends after `feed_lasts`. `metrics` are those that watch the office; without them appends are not counted.
    """
    app = described()
    metrics = metrics or Metrics()
    metrics.show(office, readers)
    app.state.desk = Desk(office, readers, token_key, wait_for_view, metrics, feed_lasts)

    def refused(request: Request, error: Exception) -> Response:
        problem = problem_of(error)
        if problem is None:
            raise error
        if problem.status == 405:
            allowed = app.methods_of(getattr(request.scope.get("route"), "path", None))
            problem.headers["Allow"] = allowed or "GET"
        return problem.response(request.state.request_id)

    async def refuse(request: Request, error: Exception) -> Response:
        return refused(request, error)

    app.add_middleware(ShortWay, addresses=_addresses(), foreseen=FORESEEN, refuse=refused)
    app.add_middleware(Edge, max_body_bytes=office.settings.max_body_bytes, metrics=metrics)
    for kind in FORESEEN:
        app.add_exception_handler(kind, refuse)
    app.openapi()  # now: whoever asked first would hold up everybody for half a second
    return app
