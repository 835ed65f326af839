"""Says which limits run from the receipt of a petition until it is accepted or assigned."""

from collections.abc import Mapping
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
    return _INTAKE_CLOCKS.get((kind, instance)) or (_ACCEPTED if kind in KINDS_NEEDING_ACCEPTANCE else _TAKEN_UP)


_UNCLASSIFIED = PetitionKind.PROPOSAL_FEEDBACK
_TAKEN_UP, _ACCEPTED = (Clock.TRIAGE,), (Clock.TRIAGE, Clock.ACCEPTANCE)
_INTAKE_CLOCKS: Mapping[tuple[PetitionKind | None, Instance | None], tuple[Clock, ...]] = {
    (PetitionKind.DENUNCIATION, Instance.FURTHER): (Clock.FURTHER_REVIEW,)
}


def intake_deadlines(
    received_on: date, kind: PetitionKind | None, law: Law, instance: Instance | None = None
) -> tuple[Deadline, ...]:
    """Return the limits that run from the receipt until the petition is accepted or assigned."""
    started: list[Deadline] = []
    for clock in intake_clocks(kind, instance):
        if (deadline := law.deadline(kind or _UNCLASSIFIED, clock, received_on)) is not None:
            started.append(deadline)
    return tuple(started)
