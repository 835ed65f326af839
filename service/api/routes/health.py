"""Reports the health of the service, its metrics and version, and the identity of the caller."""

import asyncio
from importlib.metadata import PackageNotFoundError, version

import psycopg
from fastapi import APIRouter, Response
from starlette.responses import PlainTextResponse

from domain.errors import Refused
from domain.labels import LANGUAGES
from service.api.dependencies import ApiContext, ContextDep, OfficerCredentials
from service.api.metrics import METRICS_CONTENT_TYPE
from service.api.openapi.responses import problem_responses
from service.api.schemas.petitions import ResponseModel, Whoami
from service.event_store.errors import AppendFailed
from service.postgres.health import find_missing_tables, find_newer_migrations, why_not_writable
from service.projector.checkpoints import TableSet

router = APIRouter(tags=["service"])

MOST_VIEW_LAG_EVENTS = 10_000
"""Number of events by which a view may be behind.

If a view is further behind, the process is not ready for requests.
"""


DATABASE_ANSWERS_WITHIN = 4.0
"""Seconds within which the database must answer all questions of readiness; trying to write takes two at most."""

RECORDED_LATELY_SECONDS = 5.0
"""Seconds after an append for which no other proof is wanted that appends are taken."""


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
    """Check that requests can be answered.

    The database answers and takes what is written, the log is the one that was seen, no newer version has migrated it,
    the law can be read, and the views have their tables and are nearly current.
    """
    checks = [
        *await _check_database(context),
        _check_log(context),
        await _check_law(context),
        *_check_views(context),
    ]
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


async def _check_database(context: ApiContext) -> list[Check]:
    tables = [TableSet(view).table_name(table.name) for view in context.runner.views for table in view.tables]
    try:
        async with asyncio.timeout(DATABASE_ANSWERS_WITHIN), context.office.pool.connection(timeout=2) as connection:
            newer = await find_newer_migrations(connection)
            missing = await find_missing_tables(connection, tables)
            # What was recorded a moment ago is the best proof, and costs nothing.
            reason = None
            if context.office.seconds_since_append > RECORDED_LATELY_SECONDS:
                reason = await why_not_writable(connection)
    except (psycopg.Error, TimeoutError):
        return [Check(name="database", is_well=False, detail="does not answer")]
    return [
        Check(name="database", is_well=True, detail="answers"),
        Check(name="writes", is_well=reason is None, detail=reason or "taken"),
        Check(
            name="schema",
            is_well=not newer,
            detail=f"phiên bản mới hơn đã nâng cấp, hãy chạy phiên bản đó / a newer version made {', '.join(newer)}:"
            " run that one"
            if newer
            else "of this version",
        ),
        Check(
            name="tables",
            is_well=not missing,
            detail=f"thiếu bảng / missing: {', '.join(missing)}" if missing else "all there",
        ),
    ]


def _check_log(context: ApiContext) -> Check:
    refusal = context.office.continuity.refusal
    if refusal is None:
        return Check(name="log", is_well=True, detail="continues")
    return Check(name="log", is_well=False, detail=_told(refusal))


async def _check_law(context: ApiContext) -> Check:
    """Check that the law in force and the units can be read: every command rests on them."""
    try:
        async with asyncio.timeout(DATABASE_ANSWERS_WITHIN):
            await context.office.shared_facts.load()
    except Refused as refusal:
        return Check(name="law", is_well=False, detail=_told(refusal))
    except (AppendFailed, psycopg.Error, TimeoutError):
        return Check(name="law", is_well=False, detail="does not answer")
    return Check(name="law", is_well=True, detail="can be read")


def _told(refusal: Refused) -> str:
    return " / ".join(f"{refusal.sentence(language)}; {refusal.instead(language)}" for language in LANGUAGES)


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
