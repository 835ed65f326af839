"""A reorganisation from its proposal to the last petition: reviewed by two officers, then applied.

Applying may be interrupted at any moment and is run again: what is entered of each unit and petition has a command id
that follows from the reorganisation, so that nothing is entered twice. A petition that others write to meanwhile is
decided on anew, and one that came to a unit at the last moment is found by the next round.
"""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from uuid import UUID, uuid5

from domain import permissions
from domain.actor import Credentials
from domain.reorganisations import decide, reorganisation
from domain.reorganisations.commands import ApproveReorganisation, ProposeReorganisation
from domain.reorganisations.events import ReorganisationApplied
from domain.reorganisations.handing_over import Review, handing_over
from domain.reorganisations.plan import Plan, parse_plan
from domain.reorganisations.reorganisation import STREAM, Reorganisations
from domain.vocabulary import PetitionId, ReorganisationId
from projections.projection import Connection
from service.approvals.four_eyes import AT_ONCE, Agreed, count_of
from service.approvals.reorganisation_review import candidates, review
from service.commands.handler import ATTEMPTS
from service.commands.idempotency import already_done
from service.commands.office import Done, Office, TooContended
from service.event_store.group_commit import VersionConflict

_ENTERED = Agreed(STREAM, "a reorganisation")

ROUNDS = 10
"""Looks at the fresh view until none is left: after the first only those that came at the last moment."""

FreshViews = Callable[[], AbstractAsyncContextManager[Connection]]
"""Opens the views at one moment, come after all that is in the log by then."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """`done` is where the log has it."""

    reorganisation_id: ReorganisationId
    review: Review
    done: Done


@dataclass(frozen=True, slots=True)
class Applied:
    """`petitions` were handed over in all runs; `is_done` is False where a run ended at its bound."""

    petitions: int
    is_done: bool


async def reorganisations(office: Office) -> Reorganisations:
    """As the log has them now."""
    return reorganisation.fold(await office.histories.history(STREAM))


async def propose(
    office: Office,
    connection: Connection,
    command: ProposeReorganisation,
    credentials: Credentials,
    *,
    command_id: UUID,
    digest: bytes,
) -> Proposed:
    """Review once more, and record the proposal with the counts of the review. Sent again, it is the same proposal.

    Raises NotAllowed, Refused, and the committer's errors: KeyReused where the id was that of another request.
    """
    permissions.require(command, credentials.roles)
    known = await reorganisations(office)
    reorganisation_id = ReorganisationId(uuid5(STREAM, str(command_id)))
    reviewed = await review(connection, await office.units(), command.text, office.today)
    done = await already_done(office.pool, command_id, digest)
    if done is None:
        proposed = decide.propose(command, reorganisation_id, reviewed, office.today)
        done = await _ENTERED.record(office, known.version, [proposed], credentials, command_id, digest)
    return Proposed(reorganisation_id, reviewed, done)


async def approve(
    office: Office, command: ApproveReorganisation, credentials: Credentials, *, command_id: UUID, digest: bytes
) -> Done:
    """From now on it may be applied, on its day or later. Sent again, it is the same approval. Raises as `propose`."""
    permissions.require(command, credentials.roles)
    known = await reorganisations(office)
    done = await already_done(office.pool, command_id, digest)
    if done is None:
        approved = decide.approve(command, known, credentials.who, await office.units(), office.today)
        done = await _ENTERED.record(office, known.version, [approved], credentials, command_id, digest)
    return done


async def apply(
    office: Office,
    fresh_views: FreshViews,
    reorganisation_id: ReorganisationId,
    credentials: Credentials,
    *,
    at_most: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Applied:
    """Enter the units, then hand over every open petition that lies with one that is succeeded.

    Run again at any time: what came late, by an import say, is handed over too. `at_most` bounds the petitions of one
    run. Raises NotAllowed, Refused, TooContended, and the committer's errors.
    """
    permissions.require(
        ApproveReorganisation(occurred_on=office.today, reorganisation_id=reorganisation_id), credentials.roles
    )
    known = await reorganisations(office)
    found = decide.may_be_applied(known, reorganisation_id, office.today)
    plan = parse_plan(found.proposed.text)
    if found.petitions is None:
        await _enter_units(office, plan, reorganisation_id, credentials)
    is_done = await _hand_over_all(office, fresh_views, plan, reorganisation_id, credentials, at_most, progress)
    petitions = await count_of(office, "ResponsibilitySucceeded", "reorganisation_id", reorganisation_id)
    if is_done and found.petitions is None:
        applied = ReorganisationApplied(
            occurred_on=office.today, reorganisation_id=reorganisation_id, petitions=petitions
        )
        command_id = uuid5(reorganisation_id, "applied")
        await _ENTERED.record(office, known.version, [applied], credentials, command_id, reorganisation_id.bytes)
    return Applied(petitions, is_done)


async def _enter_units(
    office: Office, plan: Plan, reorganisation_id: ReorganisationId, credentials: Credentials
) -> None:
    """In the order of the plan; what was entered before the power failed is found by its id."""
    for command in plan.commands(await office.units(), reorganisation_id):
        command_id = uuid5(reorganisation_id, f"{type(command).__name__} {command.unit}")
        await office.enter_unit(command, credentials, command_id=command_id, digest=reorganisation_id.bytes)


async def _hand_over_all(
    office: Office,
    fresh_views: FreshViews,
    plan: Plan,
    reorganisation_id: ReorganisationId,
    credentials: Credentials,
    at_most: int | None,
    progress: Callable[[int, int], None] | None,
) -> bool:
    """Whether none was left when it last looked."""
    left = at_most
    for _ in range(ROUNDS):
        async with fresh_views() as connection:
            ids = await candidates(connection, plan.moves)
        handed_over = 0
        for first in range(0, len(ids), AT_ONCE):
            some = ids[first : first + AT_ONCE]
            handed_over += sum(
                await asyncio.gather(
                    *(_hand_over(office, PetitionId(one), plan, reorganisation_id, credentials) for one in some)
                )
            )
            if progress is not None:
                progress(first + len(some), len(ids))
            if left is not None and handed_over >= left:
                return False
        if not handed_over:
            return True
        left = None if left is None else left - handed_over
    return False


async def _hand_over(
    office: Office,
    petition_id: PetitionId,
    plan: Plan,
    reorganisation_id: ReorganisationId,
    credentials: Credentials,
) -> bool:
    """On the fresh history, as often as somebody else was quicker; one that is closed by now is left alone."""
    for _ in range(ATTEMPTS):
        history = await office.history(petition_id)
        found = handing_over(history, plan, reorganisation_id)
        if found is None:
            return False
        try:
            done = await office.record(
                petition_id,
                [found[0]],
                credentials,
                after=history[-1].originator_version,
                command_id=uuid5(reorganisation_id, str(petition_id)),
                digest=reorganisation_id.bytes,
            )
        except VersionConflict:
            continue
        return not done.replayed
    raise TooContended("a petition is being written to by too many at once")
