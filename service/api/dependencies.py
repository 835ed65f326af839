"""Provides what every endpoint uses: the context of the application, the officer's credentials, the petition.

FastAPI injects the three as dependencies.
"""

import re
from collections.abc import Awaitable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, cast, get_args
from uuid import UUID

from fastapi import Depends, Path, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from domain.actor import Credentials
from domain.command import Command
from domain.commands import PetitionCommand
from domain.errors import Refused
from domain.vocabulary import PetitionId
from service.alerts.feed import STREAM_SECONDS, AlertFeed
from service.api.admission import Admission
from service.api.concurrency_limit import ConcurrencyLimit
from service.api.metrics import Metrics, outcome_label
from service.api.problem_details import Problem, invalid_parameter, problem_or_raise
from service.api.response_cache import ResponseCache
from service.commands.office import ApplicationService
from service.commands.refusals import ServiceRefusal
from service.commands.results import CommandError, CommandRequest, CommandResult, UnknownPetition
from service.event_store.ids import command_id_of
from service.observability.tracing import span
from service.projector.runner import ProjectionRunner
from service.security import tokens
from service.security.request_digest import digest_of_request

_COMMAND_ERRORS: tuple[type[Exception], ...] = get_args(CommandError)
_REFERENCE_PATTERN = re.compile(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,200}")


@dataclass(frozen=True)
class ApiContext:
    """Holds the objects and settings that the endpoints of one application share.

    A query waits at most `view_timeout_seconds` until a view has reached the position that the query names. A stream of
    alerts ends after `stream_seconds`. `batch_limit` limits the large requests that run at once. `reads` counts the
    reads in progress.
    """

    office: ApplicationService
    runner: ProjectionRunner
    token_key: bytes = field(repr=False)
    view_timeout_seconds: float
    metrics: Metrics
    reads: Admission
    stream_seconds: float = STREAM_SECONDS
    response_cache: ResponseCache = field(default_factory=ResponseCache)
    batch_limit: ConcurrencyLimit = field(default_factory=ConcurrencyLimit)

    def request_digest(self, command: Command, subject: UUID | None = None) -> bytes:
        """Return the digest that tells a repeated request from another one with the same key.

        It leaves out default values, so that a request has the same digest after an upgrade that adds fields to its
        command.
        """
        text = f"{type(command).__name__}\n{subject or ''}\n{command.model_dump_json(exclude_defaults=True)}"
        return digest_of_request(self.office.vault, "http", text.encode())

    @cached_property
    def alert_feed(self) -> AlertFeed:
        """Return the feed that all alert streams of this application use."""
        return AlertFeed(self.office.pool, self.runner)

    def command_request(
        self,
        command: PetitionCommand,
        credentials: Credentials,
        key: str,
        petition_id: PetitionId | None = None,
        version: int | None = None,
    ) -> CommandRequest:
        """Return the request of a command for the application service.

        `version` is the petition's version that the officer read.
        """
        command_id = command_id_of(credentials.officer, key)
        return CommandRequest(command, command_id, self.request_digest(command, petition_id), petition_id, version)

    async def perform(self, request: CommandRequest, credentials: Credentials) -> CommandResult:
        """Perform a petition's command, traced and counted. Raise what `PetitionCommands.perform` raises."""
        return await self.measure(request.command, self.office.petitions.perform(request, credentials))

    async def measure(self, command: Command, performing: Awaitable[CommandResult]) -> CommandResult:
        """Return the result of a command. Trace the command and count its outcome, including failures."""
        name = type(command).__name__
        with span("command", {"kiennghi.command": name}):
            try:
                result = await performing
            except _COMMAND_ERRORS as error:
                self.metrics.count_command(name, problem_or_raise(error).name)
                raise
        self.metrics.count_command(name, outcome_label(result))
        return result

    async def find_petition_id(self, reference: str) -> PetitionId:
        """Return the id of the petition that `reference` names. Raise UnknownPetition when there is none.

        A reference is the number in the register (with a suffix for a matter of a split letter), `source:key` of an
        imported case, or the id.
        """
        petition_id = (
            await self.office.queries.petition_id_of(reference) if _REFERENCE_PATTERN.fullmatch(reference) else None
        )
        if petition_id is None:
            raise UnknownPetition
        return petition_id

    async def require_view_at(self, view: str, after: int | None) -> None:
        """Wait until the view has passed the position `after`, and its tables are known to be of this log.

        Raise Problem view-behind when that takes too long, and Problem invalid for a position that the log has not
        reached: waiting for it would never end.
        """
        if not await self.runner.wait_until_verified(view, self.view_timeout_seconds):
            await self.office.histories.last_position()  # without a database, that is what is said
            raise Problem("view-behind", f"the view is being rebuilt: {self.runner.progress[view].broken}")
        if after is None or self.runner.progress[view].position >= after:
            return
        await self.require_reached("after", after)
        with self.reads.waiting():
            is_there = await self.runner.wait_for(after, view, self.view_timeout_seconds)
        if not is_there:
            raise Problem("view-behind", f"the view has not reached position {after} yet")

    async def require_reached(self, parameter: str, position: int) -> None:
        """Raise Problem invalid, which names the parameter, for a position that the log has not reached."""
        if position > self.runner.head and position > (head := await self.office.histories.last_position()):
            refused = Refused(ServiceRefusal.POSITION_NOT_REACHED, position=position, head=head)
            raise invalid_parameter(parameter, str(refused), refused)


async def _api_context(request: Request) -> ApiContext:
    return cast("ApiContext", request.app.state.context)


ContextDep = Annotated[ApiContext, Depends(_api_context)]

_bearer_scheme = HTTPBearer(auto_error=False, bearerFormat="JWT", description="An access token of this service")


async def authenticate_officer(
    request: Request,
    context: ContextDep,
    given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer_scheme)],
) -> Credentials:
    """Return the credentials of the access token.

    Raise Problem not-authenticated if there is no token, and InvalidToken if it is not valid. Raise LogRolledBack while
    the log is not the one that was seen: everything that needs an officer needs the log too.
    """
    if given is None:
        headers = {"WWW-Authenticate": 'Bearer realm="kiennghi"'}
        raise Problem("not-authenticated", "send a header Authorization: Bearer and an access token", headers)
    credentials = tokens.verify_token(given.credentials, context.token_key)
    context.office.continuity.require()
    request.state.officer = credentials.officer
    return credentials


OfficerCredentials = Annotated[Credentials, Depends(authenticate_officer)]


async def _petition_id_from_path(
    context: ContextDep,
    reference: Annotated[
        str,
        Path(
            description="The number in the register, a matter of a split letter with its suffix, `source:key` of an"
            " imported case, or the petition's id",
            examples=["TD-2026-000123", "TD-2026-000123.2", "01980a6e-0000-7000-8000-000000000000"],
        ),
    ],
) -> PetitionId:
    return await context.find_petition_id(reference)


PetitionFromPath = Annotated[PetitionId, Depends(_petition_id_from_path)]
