"""Commands tried without recording anything: a row is entered as a whole, or is told why not."""

from collections.abc import Iterable

from domain import permissions
from domain.actor import Credentials
from domain.commands import PetitionCommand
from domain.decide import decide
from domain.decision_context import DecisionContext
from domain.envelope import EventEnvelope
from domain.evolve import evolve
from domain.petition import Petition


def try_all(
    commands: Iterable[PetitionCommand],
    petition: Petition | None,
    circumstances: DecisionContext,
    credentials: Credentials,
) -> None:
    """One after another on the same petition, which the first opens if there is none.

    Refused as the office would refuse the first of them that it would refuse.
    """
    for command in commands:
        permissions.require(command, credentials.roles)
        for fact in decide(command, petition, circumstances):
            opens = circumstances.petition_id if petition is None else petition.petition_id
            assert opens is not None  # else the receipt would not have been decided
            version = 1 if petition is None else petition.version + 1
            petition = evolve(petition, EventEnvelope(opens, version, fact, circumstances.by))
