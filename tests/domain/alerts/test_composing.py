"""Checks who receives alerts, and how steps become lines of messages."""

from datetime import date
from uuid import UUID

from domain.alerts.addressing import find_addressee
from domain.alerts.composing import (
    MAX_LINES_A_MESSAGE,
    AlertDigests,
    UnsentAlert,
    group_into_digests,
    split_into_messages,
)
from domain.alerts.events import AlertLine, MessageComposed
from domain.alerts.keys import derive_message_id
from domain.alerts.vocabulary import AlertChannel, AlertRole, Does, OperatorSubject, WatchedClock
from domain.units.events import Level, Office
from domain.units.unit import Unit, UnitRegister
from domain.units.validity import Absence, DatedValue, Tenure
from domain.value import UNSET, replace, said
from domain.vocabulary import Category, OfficerId, UnitId
from tests.domain.alerts.ladders import parse_national_ladder
from tests.domain.samples import august

SO, PROVINCE, BOARD = UnitId("so-mau"), UnitId("ubnd-tinh"), UnitId("ban-tcd")
LONG_AGO, DAY = date(2020, 1, 1), august(3)
DIRECTOR, DEPUTY, OFFICER, CHAIR, FOLLOWER = map(
    OfficerId, ["giam-doc", "pho-giam-doc", "chuyen-vien", "chu-tich", "truong-ban"]
)


POSITIONS = {Office.HEAD: "Giám đốc", Office.CHAIR: "Chủ tịch", Office.FOLLOW_UP: "Trưởng ban"}


def tenure_of(unit: UnitId, office: Office, officer: OfficerId) -> Tenure:
    return Tenure(unit, office, officer, POSITIONS[office], LONG_AGO)


DEPARTMENT = Unit(
    unit=SO,
    name="Sở Mẫu",
    level=Level.PROVINCE,
    opened_on=LONG_AGO,
    placings=(DatedValue(LONG_AGO, PROVINCE),),
    tenures=(tenure_of(SO, Office.HEAD, DIRECTOR),),
)
COMMITTEE = Unit(
    unit=PROVINCE,
    name="UBND tỉnh",
    level=Level.PROVINCE,
    opened_on=LONG_AGO,
    tenures=(tenure_of(PROVINCE, Office.CHAIR, CHAIR), tenure_of(PROVINCE, Office.FOLLOW_UP, FOLLOWER)),
)
UNITS = UnitRegister.of([DEPARTMENT, COMMITTEE])


def find_officer(
    role: AlertRole, units: UnitRegister = UNITS, unit: UnitId = SO, officer: OfficerId | None = OFFICER
) -> str | None:
    found = find_addressee(role, unit, officer, units, DAY)
    return None if found is None else found.officer


def department_without(officer: OfficerId, deputy: OfficerId) -> Unit:
    return replace(DEPARTMENT, absences=(*DEPARTMENT.absences, Absence(officer, deputy, DAY)))


def test_each_role_is_found_where_it_is_held() -> None:
    assert find_officer(AlertRole.OFFICER) == OFFICER
    assert find_officer(AlertRole.HEAD) == DIRECTOR
    assert find_officer(AlertRole.FOLLOW_UP) == FOLLOWER
    assert find_officer(AlertRole.CHAIR) == CHAIR


def test_whoever_is_away_is_stood_in_for() -> None:
    units = UnitRegister.of([department_without(DIRECTOR, DEPUTY), COMMITTEE])
    found = find_addressee(AlertRole.HEAD, SO, OFFICER, units, DAY)
    assert found is not None
    assert (found.officer, found.instead_of) == (DEPUTY, DIRECTOR)
    assert (
        find_officer(AlertRole.OFFICER, UnitRegister.of([department_without(OFFICER, DIRECTOR), COMMITTEE])) == DIRECTOR
    )


def test_where_nobody_is_found_the_next_role_up_is_told() -> None:
    assert find_officer(AlertRole.OFFICER, officer=None) == DIRECTOR
    vacant = UnitRegister.of([replace(DEPARTMENT, tenures=()), COMMITTEE])
    assert find_officer(AlertRole.HEAD, vacant) == FOLLOWER, "the unit above has no head of its own either"
    assert find_officer(AlertRole.INSPECTORATE) == CHAIR
    assert find_officer(AlertRole.HEAD, UnitRegister()) is None


def test_a_unit_that_stands_nowhere_has_the_one_chair_there_is() -> None:
    assert find_officer(AlertRole.CHAIR, unit=UnitId("Phòng 4")) == CHAIR


def unsent_alert(
    n: int = 1, step: str = "due-day", day: date = DAY, role: AlertRole = AlertRole.HEAD, **more: object
) -> UnsentAlert:
    unsent = UnsentAlert(
        category=Category.PETITION,
        stream=UUID(int=n),
        reference=f"TD-2026-{n:06}",
        clock=WatchedClock.HEAD,
        subject=None,
        round=1,
        due_on=august(14),
        step=step,
        fell_due_on=day,
        does=Does.TELL,
        way=None,
        rule=f"{step}@1",
        unit=SO,
        officer=OFFICER,
        role=role,
        channel=AlertChannel.EMAIL,
    )
    return unsent._replace(**more)  # type: ignore[arg-type]  # of any field


def composed_messages(found: AlertDigests, officer: OfficerId = DIRECTOR) -> list[MessageComposed]:
    return split_into_messages(found.by_addressee[officer, AlertChannel.EMAIL], parse_national_ladder(), 7, DAY)


def alert_lines(message: MessageComposed) -> tuple[AlertLine, ...]:
    return said(message.alerts, ())


def test_one_message_tells_an_addressee_of_all_petitions() -> None:
    (message,) = composed_messages(group_into_digests([unsent_alert(2), unsent_alert(1)], UNITS, DAY))
    assert [line.about.reference for line in alert_lines(message)] == ["TD-2026-000001", "TD-2026-000002"]
    assert (message.ordinal, message.message_id) == (7, derive_message_id(DIRECTOR, AlertChannel.EMAIL, 7))
    assert alert_lines(message)[0].says == {
        "vi": "hôm nay là ngày hết thời hạn",
        "en": "the limit ends today",
    }


def test_stale_steps_of_a_date_are_folded_into_the_highest() -> None:
    missed = [
        unsent_alert(step="two-days-before", day=august(12)),
        unsent_alert(step="five-days-before", day=august(7)),
        unsent_alert(step="due-day", day=august(14)),
    ]
    (message,) = composed_messages(group_into_digests(missed, UNITS, august(20)))
    (line,) = alert_lines(message)
    assert (line.step, line.folded) == ("due-day", ("five-days-before", "two-days-before"))


def test_steps_that_began_on_one_day_are_folded_by_their_place() -> None:
    (message,) = composed_messages(
        group_into_digests([unsent_alert(step="five-days-before"), unsent_alert(step="two-days-before")], UNITS, DAY)
    )
    (line,) = alert_lines(message)
    assert (line.step, line.folded) == ("two-days-before", ("five-days-before",))


def test_two_steps_of_one_place_have_a_line_each() -> None:
    alerts = [unsent_alert(step="day-after"), unsent_alert(step="complaint-may-go-up")]
    (message,) = composed_messages(group_into_digests(alerts, UNITS, DAY))
    assert [line.step for line in alert_lines(message)] == ["complaint-may-go-up", "day-after"]


def test_somebody_with_two_roles_is_told_once() -> None:
    alerts = [unsent_alert(role=AlertRole.OFFICER, officer=DIRECTOR), unsent_alert(role=AlertRole.HEAD)]
    (message,) = composed_messages(group_into_digests(alerts, UNITS, DAY))
    (line,) = alert_lines(message)
    assert line.roles == ("officer", "head")


def test_a_long_message_goes_on_in_the_next_one() -> None:
    first, second = composed_messages(
        group_into_digests([unsent_alert(n) for n in range(1, MAX_LINES_A_MESSAGE + 2)], UNITS, DAY)
    )
    assert (len(alert_lines(first)), len(alert_lines(second))) == (MAX_LINES_A_MESSAGE, 1)
    assert (first.ordinal, second.ordinal) == (7, 8)


def test_a_message_says_whom_its_addressee_stands_in_for() -> None:
    units = UnitRegister.of([department_without(DIRECTOR, DEPUTY), COMMITTEE])
    (message,) = composed_messages(group_into_digests([unsent_alert()], units, DAY), DEPUTY)
    assert message.instead_of == (DIRECTOR,)
    assert message.instead_of_offices == ("Giám đốc, Sở Mẫu",)


def test_a_message_names_units_and_offices_as_the_register_has_them_that_day() -> None:
    renamed = replace(DEPARTMENT, renamings=(DatedValue(DAY, "Sở Mẫu mới"), DatedValue(august(30), "Sở khác")))
    (message,) = composed_messages(
        group_into_digests([unsent_alert()], UnitRegister.of([renamed, COMMITTEE]), DAY), DIRECTOR
    )
    assert message.addressee_office == "Giám đốc, Sở Mẫu mới"
    assert [line.unit_name for line in alert_lines(message)] == ["Sở Mẫu mới"]
    assert message.instead_of_offices is UNSET


def test_who_holds_no_office_is_greeted_by_none() -> None:
    alerts = [unsent_alert(role=AlertRole.OFFICER, officer=OFFICER)]
    (message,) = composed_messages(group_into_digests(alerts, UNITS, DAY), OFFICER)
    assert message.addressee_office is UNSET


def test_the_operator_hears_of_offices_that_nobody_holds() -> None:
    vacant = UnitRegister.of([replace(DEPARTMENT, tenures=()), COMMITTEE])
    (vacancy,) = group_into_digests([unsent_alert(1), unsent_alert(2)], vacant, DAY).vacancies
    assert (vacancy.subject, vacancy.about) == (OperatorSubject.OFFICE_VACANT, "head/so-mau")
    (vacancy,) = group_into_digests([unsent_alert()], UnitRegister(), DAY).vacancies
    assert vacancy.subject is OperatorSubject.NOBODY_TO_TELL
    assert not group_into_digests([unsent_alert(role=AlertRole.OFFICER, officer=None)], UNITS, DAY).vacancies
