"""Records what the worker decided, once: in a petition's history, and the outcome of a delivery in the message's."""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar
from uuid import UUID, uuid5

import msgspec

from domain.actor import SERVICE_CREDENTIALS, Credentials
from domain.alerts.delivery import Delivery
from domain.alerts.events import MessageFailed, MessageGivenUp, MessageRetried, MessageSent
from domain.events import Fact, PetitionEvent
from domain.petition import Petition
from service.commands.decision_contexts import DECISION_ATTEMPTS
from service.commands.office import ApplicationService
from service.commands.results import TooContended
from service.commands.shared_facts import SharedFacts
from service.event_store.errors import SharedFactsMoved, VersionConflict


class _Versioned(Protocol):
    @property
    def version(self) -> int: ...


StateT = TypeVar("StateT", bound=_Versioned)
FactT = TypeVar("FactT", bound=Fact)


async def record_decision(
    office: ApplicationService,
    stream: UUID,
    present: StateT | None,
    decide: Callable[[StateT, SharedFacts], list[FactT]],
    load: Callable[[], Awaitable[StateT | None]],
) -> list[FactT]:
    """Decide and record what follows for one petition or meeting; return the recorded events.

    Two workers that decide the same on one version send one command. A version conflict means that the history has
    changed, and SharedFactsMoved that the law or a unit has: the decision is made again on what holds now, a limited
    number of times. Raise TooContended after that, and the committer's errors.
    """
    for _ in range(DECISION_ATTEMPTS):
        shared = office.shared_facts.fresh or await office.shared_facts.load()
        facts = [] if present is None else decide(present, shared)
        if present is None or not facts:
            return []
        digest = hashlib.sha256(msgspec.json.encode(facts)).digest()
        try:
            await office.writer.append_facts(
                stream,
                facts,
                SERVICE_CREDENTIALS,
                after=present.version,
                command_id=uuid5(stream, f"{present.version} {digest.hex()}"),
                digest=digest,
                facts_known=shared.position,
            )
        except VersionConflict:
            present = await load()
            continue
        except SharedFactsMoved:
            office.shared_facts.invalidate()
            continue
        return facts
    raise TooContended("a history is being written to by too many at once")


async def record_for_petition(
    office: ApplicationService, petition: Petition, decide: Callable[[Petition, SharedFacts], list[PetitionEvent]]
) -> list[PetitionEvent]:
    """Decide and record what follows for one petition. Raise as `record_decision`."""
    petition_id = petition.petition_id
    return await record_decision(
        office, petition_id, petition, decide, lambda: office.queries.fresh_petition(petition_id)
    )


async def record_delivery_event(
    office: ApplicationService,
    delivery: Delivery,
    fact: MessageSent | MessageFailed | MessageGivenUp | MessageRetried,
    credentials: Credentials,
) -> None:
    """Record the event after the version of the message that was read.

    If two workers record the same event, the second finds it recorded. Raise VersionConflict if a different event was
    recorded after that version, and the committer's errors.
    """
    message_id = delivery.composed.message_id
    command_id = uuid5(message_id, f"{type(fact).__name__} {delivery.version}")
    await office.writer.append_facts(
        message_id,
        [fact],
        credentials,
        after=delivery.version,
        command_id=command_id,
        digest=hashlib.sha256(message_id.bytes).digest(),
    )
