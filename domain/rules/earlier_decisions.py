"""Checks what is said of an earlier instance: a petition whose first settlement is not in the system says it itself."""

from datetime import date

from domain.commands import DecisionBefore
from domain.errors import Refused
from domain.events import EarlierDecision
from domain.refusals.intake import IntakeRefusal
from domain.value import as_said
from domain.vocabulary import KIND_OF_INSTANCE, Instance, PetitionKind


def require_possible_instance(
    kind: PetitionKind | None, instance: Instance | None, before: DecisionBefore | None, *, received_on: date
) -> None:
    """Raise Refused for an instance that the kind does not have, and for an earlier decision that cannot be.

    `received_on` is the day of receipt of the petition that asks for the instance.
    """
    if instance in KIND_OF_INSTANCE and kind is not KIND_OF_INSTANCE[instance]:
        raise Refused(IntakeRefusal.INSTANCE_OF_ANOTHER_KIND, instance=instance, wanted=KIND_OF_INSTANCE[instance])
    if before is None:
        return
    if instance not in KIND_OF_INSTANCE:
        raise Refused(IntakeRefusal.NO_EARLIER_DECISION_OF_FIRST)
    days = [day for day in (before.decided_on, before.received_on, received_on) if day is not None]
    if days != sorted(days):
        raise Refused(IntakeRefusal.EARLIER_DECISION_DAYS_CONTRADICT, received_on=received_on)


def earlier_decision_of(before: DecisionBefore | None) -> EarlierDecision | None:
    """Return the earlier decision as it is recorded; None where nothing was said of one."""
    if before is None:
        return None
    return EarlierDecision(
        body=before.body,
        document_no=as_said(before.document_no),
        decided_on=as_said(before.decided_on),
        received_on=as_said(before.received_on),
    )
