"""Whether the service is well, and who asks."""

import asyncio
from importlib.metadata import PackageNotFoundError, version

import psycopg
from fastapi import APIRouter, Response
from starlette.responses import PlainTextResponse

from service.api.dependencies import Asking, AtDesk, Desk
from service.api.metrics import CONTENT_TYPE
from service.api.openapi.responses import problems
from service.api.schemas.petitions import Answer, Whoami

router = APIRouter(tags=["service"])

MOST_LAG = 10_000
"""Events by which a view may be behind before this process should not be asked."""


class Alive(Answer):
    status: str = "alive"


class Check(Answer):
    name: str
    is_well: bool
    detail: str


class Readiness(Answer):
    is_ready: bool
    checks: list[Check]


class Version(Answer):
    name: str = "kiennghi"
    version: str


@router.get("/livez", operation_id="livez")
async def livez() -> Alive:
    """Whether the process answers. Asks nothing else: a database that is away is no reason to start it anew."""
    return Alive()


@router.get(
    "/readyz",
    operation_id="readyz",
    responses={503: {"model": Readiness, "description": "Not now; see the checks"}},
)
async def readyz(desk: AtDesk, response: Response) -> Readiness:
    """Whether requests can be answered: the database is there and the views are close behind the log."""
    checks = [await _database(desk), *_views(desk)]
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
async def read_metrics(desk: AtDesk) -> Response:
    """Figures of this process for Prometheus. Without a token, as `/readyz`: a proxy should not let it out."""
    return Response(desk.metrics.text(), media_type=CONTENT_TYPE)


@router.get("/version", operation_id="version")
async def read_version() -> Version:
    return Version(version=VERSION)


@router.get("/whoami", operation_id="whoami", responses=problems(401))
async def whoami(credentials: Asking) -> Whoami:
    """Who the token says is asking, and which roles it grants."""
    return Whoami(
        officer=credentials.officer,
        unit=credentials.unit,
        position=credentials.position,
        acting_for=credentials.acting_for,
        roles=tuple(sorted(credentials.roles)),
    )


async def _database(desk: Desk) -> Check:
    try:
        async with asyncio.timeout(2), desk.office.pool.connection(timeout=2) as connection:
            await connection.execute("SELECT 1")
    except (psycopg.OperationalError, TimeoutError):
        return Check(name="database", is_well=False, detail="does not answer")
    return Check(name="database", is_well=True, detail="answers")


def _views(desk: Desk) -> list[Check]:
    return [
        Check(
            name=f"view {name}",
            is_well=status["broken"] is None and status["lag"] <= MOST_LAG,
            detail=status["broken"] or f"{status['lag']} events behind",
        )
        for name, status in desk.readers.status().items()
    ]


def _installed_version() -> str:
    try:
        return version("kiennghi")
    except PackageNotFoundError:
        return "unknown"  # run from a checkout that was never installed


VERSION = _installed_version()
