"""Who is told, and how steps become lines of messages."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from domain.alerts.addressing import addressee_of
from domain.alerts.composing import MOST_LINES, Digests, ToTell, digests, messages
from domain.alerts.events import MessageComposed
from domain.alerts.keys import message_id
from domain.alerts.vocabulary import AlertChannel, AlertRole, Does, OperatorSubject, WatchedClock
from domain.units.events import Level, Office
from domain.units.unit import Unit, Units
from domain.units.validity import Absence, Since, Tenure
from domain.vocabulary import OfficerId, UnitId
from tests.domain.alerts.ladders import national
from tests.domain.samples import august

SO, PROVINCE, BOARD = UnitId("so-mau"), UnitId("ubnd-tinh"), UnitId("ban-tcd")
LONG_AGO, DAY = date(2020, 1, 1), august(3)
DIRECTOR, DEPUTY, OFFICER, CHAIR, FOLLOWER = map(
    OfficerId, ["giam-doc", "pho-giam-doc", "chuyen-vien", "chu-tich", "truong-ban"]
)


def held(unit: UnitId, office: Office, officer: OfficerId) -> Tenure:
    return Tenure(unit, office, officer, "", LONG_AGO)


DEPARTMENT = Unit(
    SO,
    "Sở Mẫu",
    Level.PROVINCE,
    LONG_AGO,
    placings=(Since(LONG_AGO, PROVINCE),),
    tenures=(held(SO, Office.HEAD, DIRECTOR),),
)
COMMITTEE = Unit(
    PROVINCE,
    "UBND tỉnh",
    Level.PROVINCE,
    LONG_AGO,
    tenures=(held(PROVINCE, Office.CHAIR, CHAIR), held(PROVINCE, Office.FOLLOW_UP, FOLLOWER)),
)
UNITS = Units.of([DEPARTMENT, COMMITTEE])


def whom(role: AlertRole, units: Units = UNITS, unit: UnitId = SO, officer: OfficerId | None = OFFICER) -> str | None:
    found = addressee_of(role, unit, officer, units, DAY)
    return None if found is None else found.officer


def away(officer: OfficerId, deputy: OfficerId) -> Unit:
    return replace(DEPARTMENT, absences=(*DEPARTMENT.absences, Absence(officer, deputy, DAY)))


def test_each_role_is_found_where_it_is_held() -> None:
    assert whom(AlertRole.OFFICER) == OFFICER
    assert whom(AlertRole.HEAD) == DIRECTOR
    assert whom(AlertRole.FOLLOW_UP) == FOLLOWER
    assert whom(AlertRole.CHAIR) == CHAIR


def test_whoever_is_away_is_stood_in_for() -> None:
    units = Units.of([away(DIRECTOR, DEPUTY), COMMITTEE])
    found = addressee_of(AlertRole.HEAD, SO, OFFICER, units, DAY)
    assert found is not None
    assert (found.officer, found.instead_of) == (DEPUTY, DIRECTOR)
    assert whom(AlertRole.OFFICER, Units.of([away(OFFICER, DIRECTOR), COMMITTEE])) == DIRECTOR


def test_where_nobody_is_found_the_next_role_up_is_told() -> None:
    assert whom(AlertRole.OFFICER, officer=None) == DIRECTOR
    vacant = Units.of([replace(DEPARTMENT, tenures=()), COMMITTEE])
    assert whom(AlertRole.HEAD, vacant) == FOLLOWER, "the unit above has no head of its own either"
    assert whom(AlertRole.INSPECTORATE) == CHAIR
    assert whom(AlertRole.HEAD, Units()) is None


def test_a_unit_that_stands_nowhere_has_the_one_chair_there_is() -> None:
    assert whom(AlertRole.CHAIR, unit=UnitId("Phòng 4")) == CHAIR


def alert(
    n: int = 1, step: str = "due-day", day: date = DAY, role: AlertRole = AlertRole.HEAD, **more: object
) -> ToTell:
    told = ToTell(
        petition_id=UUID(int=n),
        reference=f"TD-2026-{n:06}",
        clock=WatchedClock.HEAD,
        round=1,
        due_on=august(14),
        step=step,
        fell_due_on=day,
        does=Does.TELL,
        escalation=None,
        rule=f"{step}@1",
        unit=SO,
        officer=OFFICER,
        role=role,
        channel=AlertChannel.EMAIL,
    )
    return told._replace(**more)  # type: ignore[arg-type]  # of any field


def composed(found: Digests, officer: OfficerId = DIRECTOR) -> list[MessageComposed]:
    return messages(found.of[officer, AlertChannel.EMAIL], national(), 7, DAY)


def test_one_message_tells_an_addressee_of_all_petitions() -> None:
    (message,) = composed(digests([alert(2), alert(1)], UNITS, DAY))
    assert [line.reference for line in message.alerts] == ["TD-2026-000001", "TD-2026-000002"]
    assert (message.ordinal, message.message_id) == (7, message_id(DIRECTOR, AlertChannel.EMAIL, 7))
    assert message.alerts[0].says == ("hôm nay là ngày cuối của thời hạn", "this is the last day in time")


def test_stale_steps_of_a_date_are_folded_into_the_highest() -> None:
    missed = [
        alert(step="two-days-before", day=august(12)),
        alert(step="five-days-before", day=august(7)),
        alert(step="due-day", day=august(14)),
    ]
    (message,) = composed(digests(missed, UNITS, august(20)))
    (line,) = message.alerts
    assert (line.step, line.folded) == ("due-day", ("five-days-before", "two-days-before"))


def test_steps_that_began_on_one_day_are_folded_by_their_place() -> None:
    (message,) = composed(digests([alert(step="five-days-before"), alert(step="two-days-before")], UNITS, DAY))
    (line,) = message.alerts
    assert (line.step, line.folded) == ("two-days-before", ("five-days-before",))


def test_two_steps_of_one_place_have_a_line_each() -> None:
    told = [alert(step="day-after"), alert(step="complaint-may-go-up")]
    (message,) = composed(digests(told, UNITS, DAY))
    assert [line.step for line in message.alerts] == ["complaint-may-go-up", "day-after"]


def test_somebody_with_two_roles_is_told_once() -> None:
    told = [alert(role=AlertRole.OFFICER, officer=DIRECTOR), alert(role=AlertRole.HEAD)]
    (message,) = composed(digests(told, UNITS, DAY))
    (line,) = message.alerts
    assert line.roles == ("officer", "head")


def test_a_long_message_goes_on_in_the_next_one() -> None:
    first, second = composed(digests([alert(n) for n in range(1, MOST_LINES + 2)], UNITS, DAY))
    assert (len(first.alerts), len(second.alerts)) == (MOST_LINES, 1)
    assert (first.ordinal, second.ordinal) == (7, 8)


def test_a_message_says_whom_its_addressee_stands_in_for() -> None:
    units = Units.of([away(DIRECTOR, DEPUTY), COMMITTEE])
    (message,) = composed(digests([alert()], units, DAY), DEPUTY)
    assert message.instead_of == (DIRECTOR,)


def test_the_operator_hears_of_offices_that_nobody_holds() -> None:
    vacant = Units.of([replace(DEPARTMENT, tenures=()), COMMITTEE])
    (said,) = digests([alert(1), alert(2)], vacant, DAY).missing
    assert (said.subject, said.about) == (OperatorSubject.OFFICE_VACANT, "head/so-mau")
    (said,) = digests([alert()], Units(), DAY).missing
    assert said.subject is OperatorSubject.NOBODY_TO_TELL
    assert not digests([alert(role=AlertRole.OFFICER, officer=None)], UNITS, DAY).missing
