"""What every endpoint works with: the office, those who read for it, and who is asking."""

import hashlib
import hmac
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
from domain.vocabulary import PetitionId
from service.alerts.feed import LASTS, Feed
from service.api.concurrency_limit import Places
from service.api.metrics import Metrics, outcome_of
from service.api.problem_details import Problem, told
from service.api.response_cache import Remembered
from service.commands.office import Asked, Done, NotDone, Office, UnknownPetition
from service.event_store.ids import command_id_of
from service.observability.tracing import span
from service.projector.runner import Follower
from service.security import tokens

_NOT_DONE: tuple[type[Exception], ...] = get_args(NotDone)
_REFERENCE = re.compile(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,200}")


@dataclass(frozen=True)
class Desk:
    """`wait_for_view`: seconds for which a query waits for a view to reach the position it names; `feed_lasts`: those
    after which a stream of alerts ends.
    """

    office: Office
    readers: Follower
    token_key: bytes = field(repr=False)
    wait_for_view: float
    metrics: Metrics
    feed_lasts: float = LASTS
    remembered: Remembered = field(default_factory=Remembered)
    piles: Places = field(default_factory=Places)

    def digest(self, command: Command, subject: UUID | None = None) -> bytes:
        """Tells the same request from another. Keyed, for it is kept for ever and a name can be guessed.

        Without defaults: a request that is sent again after an upgrade is the same, though its command has grown.
        """
        asked = f"{type(command).__name__}\n{subject or ''}\n{command.model_dump_json(exclude_defaults=True)}"
        return hmac.digest(self._digest_key, asked.encode(), hashlib.sha256)

    @cached_property
    def feed(self) -> Feed:
        return Feed(self.office.pool, self.readers)

    @cached_property
    def _digest_key(self) -> bytes:
        return hmac.digest(self.office.vault_key, b"kiennghi request digest", hashlib.sha256)

    def asked(
        self,
        command: PetitionCommand,
        credentials: Credentials,
        key: str,
        petition_id: PetitionId | None = None,
        version: int | None = None,
    ) -> Asked:
        """A command as the office takes it; `version` is the one that the officer has read."""
        command_id = command_id_of(credentials.officer, key)
        return Asked(command, command_id, self.digest(command, petition_id), petition_id, version)

    async def perform(self, asked: Asked, credentials: Credentials) -> Done:
        doing = self.office.perform(
            asked.command,
            credentials,
            command_id=asked.command_id,
            digest=asked.digest,
            petition_id=asked.petition_id,
            expected_version=asked.expected_version,
        )
        return await self.counted(asked.command, doing)

    async def counted(self, command: Command, doing: Awaitable[Done]) -> Done:
        """What a command comes to, in the figures and traces too."""
        name = type(command).__name__
        with span("command", {"kiennghi.command": name}):
            try:
                done = await doing
            except _NOT_DONE as error:
                self.metrics.command(name, told(error).name)
                raise
        self.metrics.command(name, outcome_of(done))
        return done

    async def petition_named(self, reference: str) -> PetitionId:
        """By its number, a matter's with its suffix, `source:key` of an import, or the id; else UnknownPetition."""
        petition_id = await self.office.petition_id_of(reference) if _REFERENCE.fullmatch(reference) else None
        if petition_id is None:
            raise UnknownPetition
        return petition_id

    async def caught_up(self, view: str, after: int | None) -> None:
        """Returns once the view has passed the position `after`; Problem view-behind when that takes too long."""
        if after is not None and not await self.readers.wait_for(after, view, self.wait_for_view):
            raise Problem("view-behind", f"the view has not reached position {after} yet")


async def _desk(request: Request) -> Desk:
    return cast("Desk", request.app.state.desk)


AtDesk = Annotated[Desk, Depends(_desk)]

_bearer = HTTPBearer(auto_error=False, bearerFormat="JWT", description="An access token of this service")


async def officer(
    request: Request, desk: AtDesk, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Credentials:
    if given is None:
        headers = {"WWW-Authenticate": 'Bearer realm="kiennghi"'}
        raise Problem("not-authenticated", "send a header Authorization: Bearer and an access token", headers)
    credentials = tokens.verify(given.credentials, desk.token_key)
    request.state.officer = credentials.officer
    return credentials


Asking = Annotated[Credentials, Depends(officer)]


async def _petition_named(
    desk: AtDesk,
    reference: Annotated[
        str,
        Path(
            description="The number in the register, a matter of a split letter with its suffix, `source:key` of an"
            " imported case, or the petition's id",
            examples=["TD-2026-000123", "TD-2026-000123.2", "01980a6e-0000-7000-8000-000000000000"],
        ),
    ],
) -> PetitionId:
    return await desk.petition_named(reference)


PetitionNamed = Annotated[PetitionId, Depends(_petition_named)]
