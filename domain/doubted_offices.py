"""Finds who is said to lead a unit or to sign and does not, by the register of offices, where it speaks."""

from collections.abc import Iterator, Mapping
from datetime import date

from domain.command import Command
from domain.commands import AnswerAtMeeting, AnswerInWriting, AssignPetition
from domain.doubt_inputs import Known, Values
from domain.events import AnsweredAtMeeting, AnsweredInWriting, Official, PetitionAssigned, officer_of
from domain.meetings.commands import HoldMeeting, IssueConclusionNotice, PlanMeeting, RecordMeeting
from domain.meetings.events import ConclusionNoticeIssued, MeetingHeld
from domain.units.events import Office
from domain.value import UNSET, UnsetType
from domain.value import known as value_known
from domain.vocabulary import OfficerId, UnitId

LEADING = frozenset({Office.HEAD, Office.DEPUTY_HEAD, Office.CHAIR})


def _led(command: Command, known: Known) -> Iterator[tuple[str, UnitId, date]]:
    """Yield who is said to lead which unit on which day, also in an event that is corrected."""
    on = command.occurred_on
    match command:
        case AssignPetition():
            yield command.accountable_head, UnitId(command.lead_unit), on
        case RecordMeeting() if command.instead_of is not None:
            yield command.instead_of, UnitId(command.organiser), on
        case RecordMeeting() | PlanMeeting() if command.chair_office in LEADING:
            yield command.chair, UnitId(command.organiser), getattr(command, "planned_for", on)
        case HoldMeeting() if command.chair is not None and command.chair_office in LEADING and known.meeting:
            yield command.chair, known.meeting.organiser, on
    for one in known.corrected:
        match one.fact:
            case PetitionAssigned() if one.is_corrected("accountable_head", "lead_unit", "occurred_on"):
                officer, unit = officer_of(one.fact.accountable_head), one.fact.lead_unit
            case MeetingHeld(details=details) if one.is_corrected("instead_of", "details", "occurred_on"):
                instead = officer_of(one.fact.instead_of)
                leads = officer_of(details.chair) if value_known(details.chair_office) in LEADING else None
                officer, unit = instead or leads, details.organiser
            case _:
                continue
        if officer is not None:
            yield officer, unit, one.fact.occurred_on


def find_not_in_office(command: Command, known: Known) -> Values | None:
    """Return an officer who is said to lead a unit and does not by the register, where it knows who ever led it."""
    for officer, unit, on in _led(command, known):
        if _leads_not(officer, unit, on, known):
            return {"officer": officer, "unit": unit, "on": on}
    return None


def _leads_not(officer: str, unit: UnitId, on: date, known: Known) -> bool:
    led = known.units.by_id.get(unit)
    if led is None or not led.tenures:
        return False
    leading = [one for one in led.tenures if one.office in LEADING]
    if not leading or (led.is_in_being(on) and any(one.officer == officer and one.covers(on) for one in leading)):
        return False  # the usual case: nobody need be looked for above
    holders = {
        tenure.officer
        for above in (unit, *known.units.ancestors(unit, on))
        for office in LEADING
        for tenure in known.units.by_id[above].tenures_on(office, on)
    }
    return OfficerId(officer) not in holders | {known.units.stand_in(holder, on) for holder in holders}


def _corrected_signers(known: Known) -> Iterator[tuple[str, date]]:
    """Yield who signs, answers or chairs in an event that is corrected, with the day."""
    for one in known.corrected:
        signer: Official | UnsetType = UNSET
        match one.fact:
            case PetitionAssigned() if one.is_corrected("notice_signed_by", "occurred_on"):
                signer = one.fact.notice_signed_by
            case AnsweredInWriting() | ConclusionNoticeIssued() if one.is_corrected("signed_by", "occurred_on"):
                signer = one.fact.signed_by
            case AnsweredAtMeeting() if one.is_corrected("answered_by", "occurred_on"):
                signer = one.fact.answered_by
            case MeetingHeld() if one.is_corrected("details", "occurred_on"):
                signer = one.fact.details.chair
        if (code := officer_of(signer)) is not None:
            yield code, one.fact.occurred_on


_SIGNER_IN: Mapping[type[Command], str] = {
    AssignPetition: "notice_signed_by",
    AnswerInWriting: "signed_by",
    AnswerAtMeeting: "answered_by",
    IssueConclusionNotice: "signed_by",
    RecordMeeting: "chair",
}
"""The field of each command in which somebody signs, answers or chairs."""


def find_office_ended(command: Command, known: Known) -> Values | None:
    """Return a signer who held an office once, by the register, and none any more on the day of the act."""
    field = _SIGNER_IN.get(type(command))
    if field is not None and (officer := getattr(command, field)) is not None:
        ended = _ended_office(officer, command.occurred_on, known)
        if ended is not None:
            return ended
    if known.corrected:
        endings = (_ended_office(officer, on, known) for officer, on in _corrected_signers(known))
        return next((ended for ended in endings if ended is not None), None)
    return None


def _ended_office(officer: str, on: date, known: Known) -> Values | None:
    held = known.units.tenures_of(officer)
    if not held or any(tenure.covers(on) for tenure in held):
        return None
    ended = [one.until_on for one in held if one.until_on is not None and one.until_on < on]
    return {"officer": officer, "until": max(ended), "on": on} if ended else None
