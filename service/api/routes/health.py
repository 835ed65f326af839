"""Reports the health of the service, its metrics and version, and the identity of the caller."""

import asyncio
from importlib.metadata import PackageNotFoundError, version

import psycopg
from fastapi import APIRouter, Response
from starlette.responses import PlainTextResponse

from domain.labels import LANGUAGES
from service.api.dependencies import ApiContext, ContextDep, OfficerCredentials
from service.api.metrics import METRICS_CONTENT_TYPE
from service.api.openapi.responses import problem_responses
from service.api.schemas.petitions import ResponseModel, Whoami

router = APIRouter(tags=["service"])

MOST_VIEW_LAG_EVENTS = 10_000
"""Number of events by which a view may be behind.

If a view is further behind, the process is not ready for requests.
"""


class Alive(ResponseModel):
    status: str = "alive"


class Check(ResponseModel):
    name: str
    is_well: bool
    detail: str


class Readiness(ResponseModel):
    is_ready: bool
    checks: list[Check]


class Version(ResponseModel):
    name: str = "kiennghi"
    version: str


@router.get("/livez", operation_id="livez")
async def livez() -> Alive:
    """Answer while the process runs. Nothing else is checked, because a missing database is no reason for a restart."""
    return Alive()


@router.get(
    "/readyz",
    operation_id="readyz",
    responses={503: {"model": Readiness, "description": "Not now; see the checks"}},
)
async def readyz(context: ContextDep, response: Response) -> Readiness:
    """Check that requests can be answered: the database is available and the views are nearly current."""
    checks = [await _check_database(context), _check_log(context), *_check_views(context)]
    ready = all(check.is_well for check in checks)
    if not ready:
        response.status_code = 503
        response.headers["Retry-After"] = "5"
    return Readiness(is_ready=ready, checks=checks)


@router.get(
    "/metrics",
    operation_id="read_metrics",
    response_class=PlainTextResponse,
)
async def read_metrics(context: ContextDep) -> Response:
    """Return the metrics of this process for Prometheus.

    No token is needed, as for `/readyz`, so do not make this path public.
    """
    return Response(context.metrics.render(), media_type=METRICS_CONTENT_TYPE)


@router.get("/version", operation_id="version")
async def read_version() -> Version:
    return Version(version=SERVICE_VERSION)


@router.get("/whoami", operation_id="whoami", responses=problem_responses(401))
async def whoami(credentials: OfficerCredentials) -> Whoami:
    """Return the officer whom the token names, and the roles that it grants."""
    return Whoami(
        officer=credentials.officer,
        unit=credentials.unit,
        position=credentials.position,
        acting_for=credentials.acting_for,
        roles=tuple(sorted(credentials.roles)),
    )


async def _check_database(context: ApiContext) -> Check:
    try:
        async with asyncio.timeout(2), context.office.pool.connection(timeout=2) as connection:
            await connection.execute("SELECT 1")
    except (psycopg.OperationalError, TimeoutError):
        return Check(name="database", is_well=False, detail="does not answer")
    return Check(name="database", is_well=True, detail="answers")


def _check_log(context: ApiContext) -> Check:
    refusal = context.office.continuity.refusal
    if refusal is None:
        return Check(name="log", is_well=True, detail="continues")
    told = (f"{refusal.sentence(language)}; {refusal.instead(language)}" for language in LANGUAGES)
    return Check(name="log", is_well=False, detail=" / ".join(told))


def _check_views(context: ApiContext) -> list[Check]:
    return [
        Check(
            name=f"view {name}",
            is_well=status["broken"] is None and status["lag"] <= MOST_VIEW_LAG_EVENTS,
            detail=status["broken"] or f"{status['lag']} events behind",
        )
        for name, status in context.runner.status().items()
    ]


def _installed_version() -> str:
    try:
        return version("kiennghi")
    except PackageNotFoundError:
        return "unknown"  # run from a checkout that was never installed


SERVICE_VERSION = _installed_version()
