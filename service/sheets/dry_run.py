"""Tries commands without recording anything, so that a row is entered as a whole or not at all."""

from collections.abc import Iterable

from domain import permissions
from domain.actor import Credentials
from domain.commands import PetitionCommand
from domain.decide import decide
from domain.decision_context import DecisionContext
from domain.doubt_inputs import Known
from domain.doubts import confirming
from domain.envelope import EventEnvelope
from domain.evolve import evolve
from domain.petition import Petition


def try_commands(
    commands: Iterable[PetitionCommand],
    petition: Petition | None,
    context: DecisionContext,
    credentials: Credentials,
    confirm: frozenset[str] = frozenset(),
) -> list[PetitionCommand]:
    """Decide the commands one after another on the same petition; without one, the first command opens it.

    Return them with those doubts confirmed that are among the codes of `confirm`. Raise Refused, as the office would,
    for the first command that it would refuse.
    """
    tried: list[PetitionCommand] = []
    for command in commands:
        permissions.require_permission(command, credentials.roles)
        command = confirming(command, confirm, Known(context.units, context.today, petition))
        tried.append(command)
        for fact in decide(command, petition, context).facts:
            petition_id = context.petition_id if petition is None else petition.petition_id
            assert petition_id is not None  # else the receipt would not have been decided
            version = 1 if petition is None else petition.version + 1
            petition = evolve(petition, EventEnvelope(petition_id, version, fact, context.by))
    return tried
