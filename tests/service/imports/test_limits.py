"""Tests that a mapping may name a limit, for a source that has no column of due dates."""

from datetime import date

import pytest

from domain.deadlines.clock import Clock
from domain.events import PetitionReceived
from domain.imported_history import facts_of_imported_case
from domain.value import UNSET, replace
from service.imports.importing import case_digest
from service.imports.mapping import UnusableMapping, parse_mapping
from service.imports.readings import CaseReading, ReadCase, UnreadableRows
from service.security.text_vault import TextVault
from tests.service.imports.case_reading import english
from tests.service.imports.conftest import Read
from tests.service.office_fixtures import VAULT_KEY

ONE_EACH = '[source]\nname = "s"\nrows = "case"\n[case]\nkey = "no"\nreceived = "in"\nkind = "kind"\n'
HEADER = "no,in,kind\n"


def only_case(found: list[CaseReading]) -> ReadCase:
    (one,) = found
    assert isinstance(one, ReadCase), one
    return one


def test_an_amount_is_counted_from_the_receipt_by_the_calendar(read: Read) -> None:
    case = only_case(read(HEADER + "1,2026-02-13,\n", ONE_EACH + 'limit = "10wd"\n')).case
    assert case.due_on == date(2026, 3, 6)
    assert case.deadline is not None
    assert (str(case.deadline.limit), case.deadline.policy, case.deadline.calendar) == ("10wd", UNSET, "VN-2026.1")
    received = facts_of_imported_case(case, date(2026, 7, 6))[0]
    assert isinstance(received, PetitionReceived)
    assert received.deadlines == (case.deadline,)


@pytest.mark.parametrize(
    ("limit", "kind", "received", "due", "rule"),
    [
        ('{ stage = "settlement", kind = "complaint" }', "", "2026-07-15", "2026-08-14", "complaint-settlement@1"),
        ('{ stage = "settlement" }', "denunciation", "2026-07-15", "2026-08-14", "denunciation-settlement@1"),
        ('{ stage = "triage" }', "", "2026-07-06", "2026-07-20", "triage@1"),
        ('{ stage = "acceptance" }', "complaint", "2026-02-13", "2026-02-23", "complaint-acceptance@1"),
    ],
)
def test_a_stage_is_counted_by_the_rule_of_the_day_of_receipt(
    limit: str, kind: str, received: str, due: str, rule: str, read: Read
) -> None:
    case = only_case(read(HEADER + f"1,{received},{kind}\n", ONE_EACH + f"limit = {limit}\n")).case
    assert case.deadline is not None
    assert (case.due_on, case.deadline.policy) == (date.fromisoformat(due), rule)


def test_where_no_rule_sets_a_limit_the_case_has_none_and_the_report_says_so(read: Read) -> None:
    found = only_case(
        read(HEADER + "1,2026-07-06,proposal_or_feedback\n", ONE_EACH + 'limit = { stage = "settlement" }\n')
    )
    assert (found.case.due_on, found.case.deadline) == (None, None)
    assert [english(note) for note in found.notes] == ["no rule sets a limit for settlement on 2026-07-06"]


def test_a_receipt_before_the_calendar_begins_is_reported_by_row(read: Read) -> None:
    (found,) = read(HEADER + "1,2001-07-06,\n", ONE_EACH + 'limit = "10wd"\n')
    assert isinstance(found, UnreadableRows)
    assert "row 2: the working-day calendar VN-2026.1 holds the years 2010 to 2027" in found.reason


def test_another_version_of_the_calendar_that_moves_no_date_does_not_change_the_case(read: Read) -> None:
    case = only_case(read(HEADER + "1,2026-02-13,\n", ONE_EACH + 'limit = "10wd"\n')).case
    assert case.deadline is not None
    later = case.model_copy(update={"deadline": replace(case.deadline, calendar="VN-2027.1")})
    vault = TextVault(VAULT_KEY)
    assert case_digest(vault, later) == case_digest(vault, case)
    assert case_digest(vault, case.model_copy(update={"due_on": date(2026, 3, 9)})) != case_digest(vault, case)
    assert case_digest(TextVault(bytes(32)), case) != case_digest(vault, case), "a guess is confirmed by no digest"


@pytest.mark.parametrize(
    ("limit", "fault"),
    [
        ('limit = "10d"\n', "case.limit.amount: '10d' is not a limit: write '10wd' for working days"),
        ('limit = { stage = "head" }\n', "case.limit.stage"),
        ('limit = { kind = "complaint" }\n', "case.limit: give an amount such as 10wd, or a stage such as settlement"),
        ('limit = { amount = "10wd", kind = "complaint" }\n', "case.limit: kind belongs to a stage"),
        ('limit = { stage = "settlement", amount = "10wd" }\n', "case.limit: give an amount such as 10wd, or a stage"),
        ('limit = "10wd"\ndue = "due"\n', "case.due and case.limit both say when a case is due: give one of them"),
        ('limit = { stages = "settlement" }\n', "case.limit.stages is not a key; is stage meant?"),
    ],
)
def test_a_limit_that_cannot_be_meant_is_refused_with_its_key(limit: str, fault: str) -> None:
    with pytest.raises(UnusableMapping) as refused:
        parse_mapping(ONE_EACH + limit)
    assert fault in str(refused.value)


def test_an_imported_clock_is_the_settlements_unless_the_mapping_names_another(read: Read) -> None:
    for limit, clock in (('"10wd"', Clock.SETTLEMENT), ('{ stage = "triage" }', Clock.TRIAGE)):
        case = only_case(read(HEADER + "1,2026-07-06,\n", ONE_EACH + f"limit = {limit}\n")).case
        assert case.deadline is not None
        assert case.deadline.clock is clock
