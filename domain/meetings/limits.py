"""Computes until when a meeting must be announced and its result must be published, by the same rules as all limits.

Law 72/2025 Art 43 concerns the conference of a commune's government: announcement seven days before it, publication ten
days after it. The schedule of reception days is posted (Law 42/2013 Art 24.4). An online reception is announced to its
participants (Decree 154/2026 Art 23.1). An extraordinary reception is on no schedule. The head's conclusion notice has
a limit only where a province sets one.
"""

from collections.abc import Iterable
from datetime import date

from domain.deadlines.policy import Law
from domain.deadlines.stages import LegalStage
from domain.meetings.details import MeetingDetails
from domain.meetings.words import HeadOf, MeetingKind, MeetingMode, ReceptionType
from domain.stored_values import NonEmptyStr
from domain.units.events import Level
from domain.unsaid import MEETING_MODE_UNSAID
from domain.value import FactPart, known, said

ANNOUNCEMENT_STAGES = frozenset({LegalStage.CONFERENCE_NOTICE, LegalStage.SESSION_NOTICE, LegalStage.SCHEDULE_POSTING})
"""The stages that come before a meeting; a meeting has at most one of them."""

PUBLICATION_STAGE = LegalStage.CONFERENCE_RESULT
CONCLUSION_STAGE = LegalStage.CONCLUSION_NOTICE

_OCCASION_OF_KIND = {MeetingKind.DIALOGUE_CONFERENCE: "dialogue", MeetingKind.RECEPTION_DAY: "reception"}


class MeetingLimit(FactPart):
    """Holds a limit for an action: `due_on` is the last day in time, as it was computed when the event was recorded.

    `policy` is "id@version" of the rule, where its legal source is looked up.
    """

    stage: LegalStage
    due_on: date
    policy: NonEmptyStr
    calendar: NonEmptyStr


def announcement_limits(law: Law, meeting: MeetingDetails, on: date) -> tuple[MeetingLimit, ...]:
    """Return the limit for announcing a meeting on the day `on`; empty if the law sets none. Raise CalendarRunsOut."""
    stages: tuple[LegalStage, ...] = ()
    if is_commune_conference(meeting):
        stages = (LegalStage.CONFERENCE_NOTICE,)
    elif meeting.kind is MeetingKind.RECEPTION_DAY and meeting.reception is not ReceptionType.EXTRAORDINARY:
        online = (LegalStage.SESSION_NOTICE,) if said(meeting.mode, MEETING_MODE_UNSAID) is MeetingMode.ONLINE else ()
        stages = (*online, LegalStage.SCHEDULE_POSTING)
    return _limits_of_stages(law, meeting.kind, stages, on)[:1]


def follow_up_limits(law: Law, meeting: MeetingDetails, on: date) -> tuple[MeetingLimit, ...]:
    """Return the limits of what must follow a meeting that was held on the day `on`. Raise CalendarRunsOut."""
    result = (PUBLICATION_STAGE,) if is_commune_conference(meeting) else ()
    return _limits_of_stages(law, meeting.kind, (*result, CONCLUSION_STAGE), on)


def is_commune_conference(meeting: MeetingDetails) -> bool:
    """Return True for a hội nghị trao đổi, đối thoại với Nhân dân of a commune's government (Law 72/2025 Art 43)."""
    is_commune = meeting.kind is MeetingKind.DIALOGUE_CONFERENCE and meeting.level is Level.COMMUNE
    # A conference of which nobody says whose head met the people is taken as the government's.
    return is_commune and known(meeting.head_of) in (None, HeadOf.PEOPLES_COMMITTEE)


def earliest_due_date(limits: Iterable[MeetingLimit], stages: Iterable[LegalStage]) -> date | None:
    """Return the earliest last day in time among the limits of these stages; None if no limit is set."""
    wanted = frozenset(stages)
    return min((limit.due_on for limit in limits if limit.stage in wanted), default=None)


def _limits_of_stages(law: Law, kind: MeetingKind, stages: Iterable[LegalStage], on: date) -> tuple[MeetingLimit, ...]:
    """Return the limits of those stages for which there is a rule, counted from the day `on`."""
    occasion = _OCCASION_OF_KIND.get(kind)
    if occasion is None:
        return ()
    found = []
    for stage in stages:
        row = law.policies.row_for(occasion, stage, on)
        last_day = None if row is None else law.last_day(row, on)
        if row is not None and last_day is not None:
            found.append(
                MeetingLimit(stage=stage, due_on=last_day, policy=row.reference, calendar=law.calendar.version)
            )
    return tuple(found)
