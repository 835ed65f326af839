"""Says which limits run from the receipt of a petition until it is accepted or assigned."""

from datetime import date

from domain.deadlines.clock import Clock
from domain.deadlines.deadline import Deadline
from domain.deadlines.policy import Law
from domain.vocabulary import Instance, PetitionKind

KINDS_NEEDING_ACCEPTANCE = frozenset({PetitionKind.COMPLAINT, PetitionKind.DENUNCIATION})


def intake_clocks(kind: PetitionKind | None, instance: Instance | None) -> tuple[Clock, ...]:
    """Return the clocks of intake. Of a further denunciation the file is reviewed, within a limit of its own.

    Source: Law on denunciations 25/2018 Art 37.2.
    """
    if kind is PetitionKind.DENUNCIATION and instance is Instance.FURTHER:
        return (Clock.FURTHER_REVIEW,)
    return (Clock.TRIAGE, Clock.ACCEPTANCE) if kind in KINDS_NEEDING_ACCEPTANCE else (Clock.TRIAGE,)


def intake_deadlines(
    received_on: date, kind: PetitionKind | None, law: Law, instance: Instance | None = None
) -> tuple[Deadline, ...]:
    """Return the limits that run from the receipt until the petition is accepted or assigned."""
    limits = (
        law.deadline(kind or PetitionKind.PROPOSAL_FEEDBACK, clock, received_on)
        for clock in intake_clocks(kind, instance)
    )
    return tuple(deadline for deadline in limits if deadline is not None)
