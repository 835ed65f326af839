"""Until when a meeting must be announced, and what follows it be published: by the same table as all limits.

Law 72/2025 Art 43 speaks of the conference of a commune's government: seven days before it, ten days after it. The
schedule of reception days is posted (Law 42/2013 Art 24.4), a reception online told to those who take part (Decree
154/2026 Art 23.1); an extraordinary one is on no schedule. The head's conclusion notice has a limit where a province
sets one.
"""

from collections.abc import Iterable
from datetime import date

from domain.deadlines.policy import Law
from domain.deadlines.stages import LegalStage
from domain.events import Part
from domain.meetings.words import HeadOf, MeetingKind, MeetingMode, ReceptionType
from domain.units.events import Level

ANNOUNCEMENT = frozenset({LegalStage.CONFERENCE_NOTICE, LegalStage.SESSION_NOTICE, LegalStage.SCHEDULE_POSTING})
"""What comes before a meeting. One of them at most is a meeting's."""

PUBLICATION = LegalStage.CONFERENCE_RESULT
CONCLUSION = LegalStage.CONCLUSION_NOTICE

_OCCASIONS = {MeetingKind.DIALOGUE_CONFERENCE: "dialogue", MeetingKind.RECEPTION_DAY: "reception"}
_GOVERNMENT = frozenset({HeadOf.PEOPLES_COMMITTEE, HeadOf.UNKNOWN})


class MeetingLimit(Part):
    """Something must be done by the end of `due_on`, the last day in time, as it was counted when it was recorded."""

    stage: LegalStage
    due_on: date
    policy: str
    legal_source: str
    calendar: str


def announcement_limits(
    law: Law,
    kind: MeetingKind,
    level: Level,
    head_of: HeadOf,
    mode: MeetingMode,
    reception: ReceptionType | None,
    on: date,
) -> tuple[MeetingLimit, ...]:
    """For a meeting on the day `on`; empty where the law sets none. Raises CalendarRunsOut."""
    stages: tuple[LegalStage, ...] = ()
    if is_commune_conference(kind, level, head_of):
        stages = (LegalStage.CONFERENCE_NOTICE,)
    elif kind is MeetingKind.RECEPTION_DAY and reception is not ReceptionType.EXTRAORDINARY:
        online = (LegalStage.SESSION_NOTICE,) if mode is MeetingMode.ONLINE else ()
        stages = (*online, LegalStage.SCHEDULE_POSTING)
    return _limits(law, kind, stages, on)[:1]


def limits_after(law: Law, kind: MeetingKind, level: Level, head_of: HeadOf, on: date) -> tuple[MeetingLimit, ...]:
    """Of what must follow a meeting that was held on the day `on`. Raises CalendarRunsOut."""
    result = (PUBLICATION,) if is_commune_conference(kind, level, head_of) else ()
    return _limits(law, kind, (*result, CONCLUSION), on)


def is_commune_conference(kind: MeetingKind, level: Level, head_of: HeadOf) -> bool:
    """Hội nghị trao đổi, đối thoại với Nhân dân (Law 72/2025 Art 43)."""
    return kind is MeetingKind.DIALOGUE_CONFERENCE and level is Level.COMMUNE and head_of in _GOVERNMENT


def due_on(limits: Iterable[MeetingLimit], stages: Iterable[LegalStage]) -> date | None:
    """The last day in time for one of the stages; None where no limit is set."""
    wanted = frozenset(stages)
    return min((limit.due_on for limit in limits if limit.stage in wanted), default=None)


def _limits(law: Law, kind: MeetingKind, stages: Iterable[LegalStage], on: date) -> tuple[MeetingLimit, ...]:
    occasion = _OCCASIONS.get(kind)
    if occasion is None:
        return ()
    found = []
    for stage in stages:
        row = law.policies.row_for(occasion, stage, on)
        last_day = None if row is None else law.last_day(row, on)
        if row is not None and last_day is not None:
            found.append(
                MeetingLimit(
                    stage=stage,
                    due_on=last_day,
                    policy=row.reference,
                    legal_source=row.legal_source,
                    calendar=law.calendar.version,
                )
            )
    return tuple(found)
