"""Creates the application: the routes, the fast dispatch before them, and the answers to errors."""

from functools import cache
from typing import Any

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from psycopg import OperationalError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import Response

from domain.errors import Refused
from service.alerts.feed import STREAM_SECONDS
from service.api.accepted_media import require_acceptable
from service.api.admission import RequestAdmission
from service.api.dependencies import ApiContext
from service.api.dispatch.route_table import FastDispatchMiddleware, RouteTable
from service.api.metrics import Metrics
from service.api.openapi import viewer_page
from service.api.openapi.responses import OPENAPI_TAGS, DocumentedApi
from service.api.problem_details import Problem, problem_of
from service.api.query_parameters import require_known_query
from service.api.routes import (
    alert_stream,
    alerts,
    batch_commands,
    commands,
    corrections,
    counted_cases,
    deadlines,
    duplicates,
    erasures,
    health,
    import_withdrawals,
    late_entries,
    law_changes,
    meeting_commands,
    meeting_follow_up,
    meetings,
    overdue_and_workload,
    petitions,
    proofs,
    reorganisations,
    responsibility,
    restatements,
    sheets,
    unit_tables,
    units,
)
from service.api.server.middleware import RequestMiddleware
from service.commands.office import ApplicationService
from service.commands.results import TooContended, UnknownPetition, VersionMismatch
from service.event_store.errors import AppendFailed
from service.projector.runner import ProjectionRunner
from service.security.tokens import InvalidToken

ROUTERS = (
    petitions.router,
    deadlines.router,
    responsibility.router,
    duplicates.router,
    corrections.router,
    overdue_and_workload.router,
    counted_cases.router,
    late_entries.router,
    restatements.router,
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
    import_withdrawals.imports_router,
    import_withdrawals.router,
    erasures.router,
    proofs.router,
    meeting_commands.router,
    meetings.router,
    meeting_follow_up.router,
)
EXPECTED_ERRORS: tuple[type[Exception], ...] = (
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


_DESCRIPTION: dict[str, Any] = {}
"""The OpenAPI description, once an application of this process has made it, in a second: all have the same routes."""


def documented_app() -> DocumentedApi:
    """Return the application with all routes and their description, but without a context to answer requests."""
    app = DocumentedApi(
        title="kiennghi",
        summary="Petitions of citizens: received, routed, answered, on an append-only log",
        version=health.SERVICE_VERSION,
        openapi_tags=OPENAPI_TAGS,
        docs_url=None,  # its scripts would come from another host: see service.api.openapi.viewer_page
        redoc_url=None,
        redirect_slashes=False,
        dependencies=[Depends(require_readable_request)],
    )
    for router in (*ROUTERS, viewer_page.router):
        app.include_router(router)
    return app


async def require_readable_request(request: Request) -> None:
    """Raise a Problem for an unknown query parameter, and for media types that the endpoint does not have."""
    await require_known_query(request)
    await require_acceptable(request)


@cache
def _route_table() -> RouteTable:
    routes = (route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute))
    return RouteTable(routes, check=require_readable_request)


def create_app(
    office: ApplicationService,
    runner: ProjectionRunner,
    *,
    token_key: bytes,
    view_timeout_seconds: float = 5.0,
    stream_seconds: float = STREAM_SECONDS,
    metrics: Metrics | None = None,
) -> DocumentedApi:
    """Return the application for an open application service and its views. It does not open or close them.

    `token_key` verifies access tokens. A query with `?after=` waits at most `view_timeout_seconds`; a stream of alerts
    ends after `stream_seconds`. `metrics` are the metrics that observe the application service; without them appends
    are not counted.
    """
    app = documented_app()
    metrics = metrics or Metrics()
    metrics.register_gauges(office, runner)
    admission = app.state.admission = RequestAdmission()
    app.state.context = ApiContext(
        office, runner, token_key, view_timeout_seconds, metrics, admission.reads, stream_seconds
    )

    def answer_error(request: Request, error: Exception) -> Response:
        problem = problem_of(error)
        if problem is None:
            raise error
        if problem.status == 405:
            allowed = app.allowed_methods(getattr(request.scope.get("route"), "path", None))
            problem.headers["Allow"] = allowed or "GET"
        return problem.response(request.state.request_id)

    async def handle_error(request: Request, error: Exception) -> Response:
        return answer_error(request, error)

    app.outer_middleware = (
        Middleware(
            RequestMiddleware, max_body_bytes=office.settings.max_body_bytes, metrics=metrics, admission=admission
        ),
        Middleware(
            FastDispatchMiddleware, routes=_route_table(), expected_errors=EXPECTED_ERRORS, handle_error=answer_error
        ),
    )
    for kind in EXPECTED_ERRORS:
        app.add_exception_handler(kind, handle_error)
    if not _DESCRIPTION:
        _DESCRIPTION.update(app.openapi())  # made now: the first client to ask would hold up all others meanwhile
    app.openapi_schema = _DESCRIPTION
    return app
