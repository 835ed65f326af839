"""Names what an event copies from the petition before it, and where it refers to persons of the vault.

Nobody types these fields. Where the record before them is put right, they follow.
"""

from collections.abc import Callable, Mapping
from typing import Any

from domain import events as e
from domain.events import Fact
from domain.petition import Petition
from domain.value import UNSET, as_said, replace, said
from domain.vocabulary import PetitionerRef

CopySource = Callable[[Any, Petition], Any]
"""Returns what the event of the first argument copies from the petition before it."""


def _unit(_: Any, petition: Petition) -> Any:
    return as_said(petition.status.unit)


def _due_on(fact: e.DeadlineExtended, petition: Petition) -> Any:
    present = petition.deadlines.get(fact.clock)
    return fact.old_due_on if present is None else present.due_on


def _asked_until(fact: e.DeadlineExtended, petition: Petition) -> Any:
    request = petition.pending_extension
    return fact.until if request is None or request.until is None else request.until


def _asked_reason(fact: e.DeadlineExtended, petition: Petition) -> Any:
    request = petition.pending_extension
    return fact.reason if request is None or not request.reason else request.reason


def _suspended_on(fact: e.ProcessingResumed, petition: Petition) -> Any:
    return petition.status.suspended_on or fact.suspended_on


COPIED: Mapping[type[Fact], Mapping[str, CopySource]] = {
    e.AnsweredInWriting: {"unit": _unit},
    e.AnsweredAtMeeting: {"unit": _unit},
    e.PetitionReassigned: {"from_unit": _unit},
    e.ReminderIssued: {"to_unit": _unit},
    e.ProcessingResumed: {"suspended_on": _suspended_on},
    e.DeadlineExtended: {"old_due_on": _due_on, "until": _asked_until, "reason": _asked_reason},
    # by the name under which a duty is known, which may be that of a unit or of a decision
    e.ContributionDelivered: {"unit": lambda fact, _: fact.unit},
    e.DutyPerformed: {"subject": lambda fact, _: fact.subject},
    e.DutyLifted: {"subject": lambda fact, _: fact.subject},
}
"""The fields that an event copies, each with what it is copied from."""

PERSON_REFERENCES: Mapping[type[Fact], tuple[str, ...]] = {
    e.MatterOpened: ("mandate.representatives",),
    e.StageOpened: ("mandate.representatives",),
    e.MandateRecorded: ("mandate.representatives",),
    e.ProxyRecorded: ("proxy.proxy", "proxy.principal"),
    e.SignatoryWithdrew: ("signatory",),
}
"""The fields that refer to persons by the reference in the vault, by their paths."""


def rename_references(fact: Any, renamed: Mapping[PetitionerRef, PetitionerRef]) -> Any:
    """Return the fact with the new references of persons whose identity was corrected."""
    match fact:
        case e.SignatoryWithdrew():
            return replace(fact, signatory=renamed.get(fact.signatory, fact.signatory))
        case e.ProxyRecorded():
            return replace(fact, proxy=_renamed_proxy(fact.proxy, renamed))
        case e.MandateRecorded():
            return replace(fact, mandate=_renamed_mandate(fact.mandate, renamed))
        case e.MatterOpened() | e.StageOpened():
            proxies = tuple(_renamed_proxy(proxy, renamed) for proxy in said(fact.proxies, ()))
            mandate = fact.mandate if fact.mandate is UNSET else _renamed_mandate(fact.mandate, renamed)
            return replace(fact, mandate=mandate, proxies=as_said(proxies))
        case _:
            return fact


def _renamed_mandate(mandate: e.Mandate, renamed: Mapping[PetitionerRef, PetitionerRef]) -> e.Mandate:
    return replace(mandate, representatives=tuple(renamed.get(ref, ref) for ref in mandate.representatives))


def _renamed_proxy(proxy: e.Proxy, renamed: Mapping[PetitionerRef, PetitionerRef]) -> e.Proxy:
    principal = proxy.principal
    return replace(
        proxy,
        proxy=renamed.get(proxy.proxy, proxy.proxy),
        principal=principal if principal is UNSET else renamed.get(principal, principal),
    )
