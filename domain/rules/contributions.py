"""Decides the parts of coordinating units (phối hợp): which date each has, and when one is delivered.

The lead unit owes the answer and has its clocks. A coordinating unit owes its part, by a date of its own: the clock
`contribution` of that unit. It ends with the answer, since nobody needs the part any more.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from domain.commands import ContributionAskedFor, DeliverContribution
from domain.deadlines.clock import Clock
from domain.deadlines.deadline import Deadline, start_clock_with_date
from domain.decision_context import DecisionContext
from domain.duties import unit_key
from domain.errors import Refused
from domain.events import ContributionDelivered, PetitionEvent
from domain.petition import Petition
from domain.refusals.assignment import AssignmentRefusal
from domain.rules.petition_rule import at_stages, open_when
from domain.value import as_said, replace
from domain.vocabulary import Stage, UnitId

_STAGES_OF_CONTRIBUTIONS = (Stage.ASSIGNED, Stage.IN_PROGRESS, Stage.SUSPENDED)


def contribution_clocks(parts: Sequence[ContributionAskedFor], on: date) -> tuple[Deadline, ...]:
    """Return the clock of each coordinating unit that is asked for its part on the day `on`."""
    if not parts:
        return ()
    return tuple(
        replace(
            start_clock_with_date(Clock.CONTRIBUTION, on, part.due_on),
            subject=as_said(unit_key(Clock.CONTRIBUTION, part.unit).subject),
        )
        for part in parts
    )


def require_lawful_contributions(
    parts: Sequence[ContributionAskedFor], coordinating: Iterable[str], first: date, last: date | None
) -> None:
    """Raise Refused unless each date is of one coordinating unit and lies between the two days, both inclusive.

    `last` is the lead unit's date, None where it has none.
    """
    if not parts:
        return
    units = [part.unit for part in parts]
    if len(set(units)) != len(units):
        raise Refused(AssignmentRefusal.COORDINATING_UNIT_HAS_TWO_DATES)
    if others := sorted(set(units) - set(coordinating)):
        raise Refused(AssignmentRefusal.DATE_OF_NO_COORDINATING_UNIT, unit=others[0])
    for part in parts:
        if not first <= part.due_on <= (last or part.due_on):
            raise Refused(AssignmentRefusal.CONTRIBUTION_OUTSIDE_TERM, unit=part.unit)


def _require_coordinating_unit(petition: Petition, context: DecisionContext) -> None:
    if context.by.unit not in petition.status.coordinating:
        raise Refused(AssignmentRefusal.NOT_A_COORDINATING_UNIT)


def _require_assigned_by_today(petition: Petition, context: DecisionContext) -> None:
    if petition.assigned_on is not None and context.today < petition.assigned_on:
        raise Refused(AssignmentRefusal.DELIVERED_BEFORE_ASSIGNMENT, assigned_on=petition.assigned_on)


@open_when(
    at_stages(_STAGES_OF_CONTRIBUTIONS, AssignmentRefusal.CANNOT_DELIVER_CONTRIBUTION),
    _require_coordinating_unit,
    _require_assigned_by_today,
)
def deliver_contribution(
    command: DeliverContribution, petition: Petition, context: DecisionContext
) -> list[PetitionEvent]:
    """Record the part of the officer's unit. One without a date may deliver too, and no clock stops then."""
    if petition.assigned_on is not None and command.occurred_on < petition.assigned_on:
        raise Refused(AssignmentRefusal.DELIVERED_BEFORE_ASSIGNMENT, assigned_on=petition.assigned_on)
    return [
        ContributionDelivered(
            occurred_on=command.occurred_on,
            unit=_unit_asked(command.asked_of, petition, context.by.unit),
            document_no=command.document_no,
            contribution=command.contribution,
        )
    ]


def _unit_asked(said: str | None, petition: Petition, unit: UnitId) -> UnitId:
    """Return the unit that was asked for what is delivered: the unit itself, or one that it succeeded."""
    owed = [
        UnitId(key.subject.reference)
        for key, duty in petition.status.duties.items()
        if key.clock is Clock.CONTRIBUTION and key.subject is not None and duty.unit == unit
    ]
    if said is not None:
        if said != unit and said not in owed:
            raise Refused(AssignmentRefusal.OWES_NO_SUCH_CONTRIBUTION, unit=said)
        return UnitId(said)
    if len(owed) > 1:
        raise Refused(AssignmentRefusal.WHICH_CONTRIBUTION, units=tuple(sorted(owed)))
    return owed[0] if owed else unit
