"""Which command on a reorganisation is allowed."""

from datetime import date

from domain.actor import Officer
from domain.errors import Refused, not_in_future
from domain.reorganisations.commands import ApproveReorganisation, ProposeReorganisation
from domain.reorganisations.events import ReorganisationApproved, ReorganisationProposed
from domain.reorganisations.handing_over import Review
from domain.reorganisations.plan import parse_plan
from domain.reorganisations.reorganisation import Reorganisation, Reorganisations
from domain.units.unit import Units
from domain.vocabulary import ReorganisationId


def propose(
    command: ProposeReorganisation, reorganisation_id: ReorganisationId, review: Review, today: date
) -> ReorganisationProposed:
    """With the counts of its review, which has tried it on the register."""
    not_in_future(command.occurred_on, today)
    return ReorganisationProposed(
        occurred_on=command.occurred_on,
        reorganisation_id=reorganisation_id,
        title=review.plan.title,
        text=command.text,
        instrument=review.plan.instrument,
        takes_effect_on=review.plan.on,
        open_petitions=review.open_petitions,
        would_move=len(review.petitions),
        overdue=review.overdue,
    )


def approve(
    command: ApproveReorganisation, known: Reorganisations, by: Officer, units: Units, today: date
) -> ReorganisationApproved:
    """The register may have changed since the review: the plan must still be possible."""
    not_in_future(command.occurred_on, today)
    found = known.named(command.reorganisation_id)
    if found.approved_by is not None:
        raise Refused("this reorganisation is approved already")
    if found.proposed_by.parties & by.parties:
        raise Refused("an officer cannot approve a reorganisation of their own")
    if command.occurred_on < found.proposed.occurred_on:
        raise Refused(f"it was proposed on {found.proposed.occurred_on}; it cannot be approved before")
    if waiting := next((one for one, other in known.by_id.items() if other.is_under_way), None):
        raise Refused(f"the reorganisation {waiting} is approved and not yet applied to all petitions: apply it first")
    parse_plan(found.proposed.text).carried_out(units, command.reorganisation_id)
    return ReorganisationApproved(occurred_on=command.occurred_on, reorganisation_id=command.reorganisation_id)


def may_be_applied(known: Reorganisations, reorganisation_id: ReorganisationId, today: date) -> Reorganisation:
    """Refused before it is approved, and before its day."""
    found = known.named(reorganisation_id)
    if found.approved_by is None:
        raise Refused("this reorganisation is not approved yet")
    if today < found.proposed.takes_effect_on:
        raise Refused(f"this reorganisation takes effect on {found.proposed.takes_effect_on}: apply it then")
    return found
