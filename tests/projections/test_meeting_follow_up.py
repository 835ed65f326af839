"""Tests what follows meetings: notices, conclusions, and whether heads meet the people often enough."""

from datetime import date

from domain.meetings import commands as c
from domain.meetings.duties import Duties, RequiredMeetings, parse_duties
from domain.meetings.words import MeetingKind
from domain.units.events import Level
from domain.units.unit import Unit, UnitRegister
from domain.vocabulary import UnitId
from projections.meeting_follow_up import (
    TASK_FIGURES,
    DutyLine,
    Shortfall,
    UnitFollowing,
    heads_duties,
    read_unit_follow_up,
    tasks_of_conclusions,
)
from projections.projection import Connection
from tests.domain.samples import august, july
from tests.domain.scenario import UNITS
from tests.projections.history_builder import Register, query_views
from tests.projections.test_meetings import ON, busy, of, record

XA = [Unit(unit=UnitId(f"xa-{n}"), name=f"Xã {n}", level=Level.COMMUNE, opened_on=date(2020, 1, 1)) for n in (1, 2, 3)]
WITH_COMMUNES = UnitRegister.of([*UNITS.by_id.values(), *XA])


def test_units_are_seen_as_those_who_issue_notices_and_those_who_carry_them_out(module_database: str) -> None:
    async def ask(connection: Connection) -> dict[str, UnitFollowing]:
        found = await read_unit_follow_up(connection, july(1), july(31), on=ON)
        for line in found:
            for figure in TASK_FIGURES:
                page = await tasks_of_conclusions(connection, july(1), july(31), on=ON, figure=figure, unit=line.unit)
                assert page.total == len(page.items) == getattr(line, figure)
        return {line.unit: line for line in found}

    lines = query_views(module_database, busy(), ask)
    organiser, lead, other = lines["ubnd-tinh"], lines["so-mau"], lines["so-khac"]
    assert (organiser.meetings, organiser.conclusion_notices, organiser.published_late, organiser.not_published) == (
        *(4, 1, 1, 1),
    )
    assert (organiser.assignment_notices, organiser.petitions_assigned) == (1, 3)
    assert (lead.petitions_given, lead.petitions_on_time, lead.petitions_late) == (3, 1, 1)
    assert (lead.petitions_outstanding, lead.petitions_outstanding_late) == (1, 1)
    assert (lead.tasks_given, lead.tasks_done_late, lead.tasks_open) == (1, 1, 0)
    assert (other.tasks_given, other.tasks_open, other.tasks_open_late) == (1, 1, 0)


def duties() -> Duties:
    return parse_duties(
        """
        [[duty]]
        id = "reception"
        version = 1
        kind = "reception_day"
        level = "commune"
        heads_of = ["unknown"]
        times = 2
        per = "month"
        delegation = "unlawful"
        in_force_from = 2020-01-01
        legal_source = "ví dụ"
        verified = false

        [[duty]]
        id = "dialogue"
        version = 1
        kind = "dialogue_conference"
        level = "commune"
        heads_of = ["unknown"]
        times = 1
        per = "month"
        delegation = "lawful"
        in_force_from = 2020-01-01
        legal_source = "ví dụ"
        verified = false
        """,
        "example.toml",
    )


def receptions() -> Register:
    register = Register()

    def receive(name: str, unit: str, day: date, **said: object) -> None:
        command = record(
            of(name), occurred_on=day, organiser=unit, level=Level.COMMUNE, kind=MeetingKind.RECEPTION_DAY, **said
        )
        register.perform_on_meeting(of(name), command, WITH_COMMUNES)

    receive("1a", "xa-1", july(1))
    receive("1b", "xa-1", july(15))
    receive("1c", "xa-1", july(15))  # twice on one day is one day
    receive("1d", "xa-1", august(3))
    receive("2a", "xa-2", july(1))
    receive("2b", "xa-2", july(31), instead_of="ct-xa-2")
    dialogue = record(of("2d"), occurred_on=july(20), organiser="xa-2", level=Level.COMMUNE, instead_of="ct-xa-2")
    register.perform_on_meeting(of("2d"), dialogue, WITH_COMMUNES)
    planned = c.PlanMeeting(
        occurred_on=july(1),
        meeting_id=of("3a"),
        planned_for=july(20),
        kind=MeetingKind.RECEPTION_DAY,
        level=Level.COMMUNE,
        organiser="xa-3",
        chair="ct-xa-3",
        chair_position="Chủ tịch",
        title="Tiếp công dân",
    )
    register.perform_on_meeting(of("3a"), planned, WITH_COMMUNES)
    return register


def test_zero_is_a_finding(module_database: str) -> None:
    async def ask(connection: Connection) -> list[DutyLine]:
        return await heads_duties(connection, duties().required_meetings(XA, july(1), august(31)))

    lines = {(line.unit, line.duty): line for line in query_views(module_database, receptions(), ask)}
    assert len(lines) == 6
    whole_july, whole_august = (july(1), july(31)), (august(1), august(31))
    assert lines["xa-1", "reception@1"] == DutyLine(
        "xa-1", "reception@1", "reception_day", 4, 3, 0, 1, [Shortfall(*whole_august, 2, 1, 0)]
    )
    # a deputy's day does not count where delegation is unlawful, a deputy's conference does where it is lawful
    assert lines["xa-2", "reception@1"] == DutyLine(
        *("xa-2", "reception@1", "reception_day", 4, 2, 1, 3),
        [Shortfall(*whole_july, 2, 2, 1), Shortfall(*whole_august, 2, 0, 0)],
    )
    assert lines["xa-2", "dialogue@1"].missing == 1
    # planned is not held
    assert (lines["xa-3", "reception@1"].held, lines["xa-3", "reception@1"].missing) == (0, 4)
    assert (lines["xa-3", "dialogue@1"].held, lines["xa-3", "dialogue@1"].missing) == (0, 2)


def test_nobody_from_whom_nothing_is_required_is_listed(module_database: str) -> None:
    async def ask(connection: Connection, required: list[RequiredMeetings]) -> list[DutyLine]:
        return await heads_duties(connection, required)

    assert query_views(module_database, receptions(), lambda connection: ask(connection, [])) == []
