"""Tests that every due date is explained day by day, and that the explanation ends on the day that was counted."""

import string
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given as given_that
from hypothesis import strategies as st

from domain import value
from domain.deadlines import labels
from domain.deadlines.calendar import Calendar
from domain.deadlines.clock import Clock
from domain.deadlines.counting import due_date
from domain.deadlines.deadline import Deadline, extend_due_date, resume_deadline, start_clock_with_date
from domain.deadlines.explanation import Why, explain_deadline, explain_limit, explain_rule
from domain.deadlines.explanation_text import explanation_text
from domain.deadlines.limit import DayKind, Limit
from domain.deadlines.policy import Law, Policies
from domain.deadlines.policy_row import PolicyKind
from domain.deadlines.stages import LegalStage
from tests.domain.deadlines.test_properties import days, limits, pauses, running
from tests.examples import examples

TET = date(2026, 2, 13)
KEYS = ["due_on", "rule", "source", "verified", "calendar", "days", "other_dates"]


def by_rule(law: Law, kind: str, stage: str, on: date) -> str:
    row = law.policies.row_for(kind, LegalStage(stage), on)
    assert row is not None
    return explanation_text(explain_rule(law, row, on), "en")


def test_ten_working_days_over_tet_are_told_day_by_day(calendar: Calendar) -> None:
    found = explain_limit(Limit.parse("10wd"), TET, calendar)
    assert list(found.as_json()) == KEYS
    assert (found.due_on, found.rule, found.verified, found.calendar) == (
        date(2026, 3, 6),
        "10wd",
        None,
        "VN-2026.1",
    )
    first, last = found.days[0], found.days[-1]
    assert (first.day, first.counted, first.why) == (TET, False, Why.DAY_OF_THE_ACT)
    assert (last.day, last.counted, last.n) == (date(2026, 3, 6), True, 10)
    assert next(day.name for day in found.days if day.why is Why.DAY_OFF) == "Giao thừa Tết Nguyên Đán"
    assert [day.n for day in found.days if day.counted] == list(range(1, 11))
    assert [one.day for one in found.days] == [TET + timedelta(days=n) for n in range(22)]


def test_the_days_are_shown_where_they_are_asked_for(calendar: Calendar) -> None:
    found = explain_limit(Limit.parse("7wd"), date(2025, 12, 30), calendar)
    short, whole = explanation_text(found, "vi"), explanation_text(found, "vi", day_by_day=True)
    assert whole.startswith(short)
    assert "Tính cả ngày làm việc bù: 10/01/2026" in short
    assert "   7  thứ Bảy, 10/01/2026" in whole
    assert "thứ Sáu, 02/01/2026  ngày nghỉ (Ngày nghỉ (thay cho ngày 10/01/2026))" in whole


def test_a_rule_is_named_with_its_source_and_whether_it_is_verified(law: Law) -> None:
    text = by_rule(law, "complaint", "acceptance", date(2026, 7, 6))
    assert "Acceptance (complaint): 7 working days from receipt of the complaint on Mon 06/07/2026." in text
    assert "from a scan read by machine; NOT VERIFIED against the official text" in text
    assert "Rule: complaint-acceptance@2, " in text
    assert "Điều 10 Nghị định số 155/2026/NĐ-CP" in text
    assert "BEWARE: by another reading (10 calendar days) the last day is Thu 16/07/2026." in text
    assert "Last day: Wed 15/07/2026, until midnight." in text


def test_an_end_on_a_rest_day_names_the_article_that_moves_it(law: Law) -> None:
    text = by_rule(law, "complaint", "settlement", date(2026, 8, 3))
    assert "Day 30 is Wed 02/09/2026 (Quốc khánh), a day of rest" in text
    assert "Art 148.5" in text
    assert "Art 148.5" not in by_rule(law, "complaint", "settlement", date(2026, 7, 15))


def test_a_limit_before_an_occasion_is_walked_back_from_it(law: Law) -> None:
    row = law.policies.row_for("reception", LegalStage.SCHEDULE_POSTING, date(2026, 2, 25))
    assert row is not None
    found = explain_rule(law, row, date(2026, 2, 25))
    assert (found.due_on, found.days[-1].day, found.days[-1].n) == (date(2026, 2, 11), date(2026, 2, 11), 5)
    assert "at least 5 working days before the reception day on Wed 25/02/2026" in explanation_text(found, "en")


def test_a_slot_says_that_no_limit_is_set(law: Law) -> None:
    row = law.policies.row_for("proposal_or_feedback", Clock.SETTLEMENT, TET)
    assert row is not None
    found = explain_rule(law, row, TET)
    assert (found.due_on, found.calendar, found.days) == (None, None, ())
    assert "NO LIMIT SET" in explanation_text(found, "en")
    assert "CHƯA CÓ THỜI HẠN" in explanation_text(found, "vi")


@pytest.mark.parametrize(
    ("limit", "on", "awaits", "why"),
    [
        ("7wd", "2026-11-20", True, "the week of 24 November lies among the working days"),
        ("7wd", "2026-11-29", False, "and after it there is no doubt until the end of the year"),
        ("45cd", "2026-10-10", True, "45 days end on 24 November, and the next working day is in doubt"),
        ("45cd", "2026-10-19", False, "to days of the calendar that lie before the end it makes no difference"),
        ("10wd", "2026-12-25", True, "2027 is as computed"),
        ("6wd", "2026-11-13", True, "23 November is in doubt"),
        ("5wd", "2026-11-13", False, "20 November is not"),
    ],
)
def test_whoever_relies_on_a_day_that_a_notice_may_change_is_told(
    limit: str, on: str, awaits: bool, why: str, calendar: Calendar
) -> None:
    text = explanation_text(explain_limit(Limit.parse(limit), date.fromisoformat(on), calendar), "en")
    assert ("PROVISIONAL" in text) == awaits, why


@pytest.mark.parametrize(
    ("limit", "on", "due_on", "other", "why"),
    [
        ("7wd", "2026-11-16", date(2026, 11, 26), date(2026, 11, 27), "Monday the 23rd would be off (finding L1b)"),
        ("10wd", "2026-11-16", date(2026, 12, 1), None, "the 23rd and the Saturday worked for it cancel out"),
        ("30cd", "2026-10-22", date(2026, 11, 23), date(2026, 11, 25), "it ends on a Saturday and rolls"),
        ("30cd", "2026-10-29", date(2026, 11, 30), date(2026, 11, 28), "a worked Saturday ends it"),
        ("10cd", "2026-11-02", date(2026, 11, 12), None, "none of the days is in doubt"),
        (
            "5wd",
            "2027-02-01",
            date(2027, 2, 15),
            date(2027, 2, 16),
            "Tết: 2, 3 and 11 to 15 February, or 2 to 4 and 15",
        ),
    ],
)
def test_the_date_by_the_other_reading_of_the_calendar_is_told(
    limit: str, on: str, due_on: date, other: date | None, why: str, calendar: Calendar
) -> None:
    found = explain_limit(Limit.parse(limit), date.fromisoformat(on), calendar)
    assert (found.due_on, [one.due_on for one in found.other_dates]) == (due_on, [] if other is None else [other]), why
    assert ("theo phương án khác" in explanation_text(found, "vi")) == (other is not None)
    assert ("the calendar is not settled; by another reading" in explanation_text(found, "en")) == (other is not None)
    assert [one["due_on"] for one in found.as_json()["other_dates"]] == ([] if other is None else [other])


def test_rules_and_clocks_on_record_tell_the_other_date_too(law: Law) -> None:
    triage = law.deadline("any", Clock.TRIAGE, date(2026, 11, 16))
    acceptance = law.deadline("complaint", Clock.ACCEPTANCE, date(2026, 11, 16))
    assert triage is not None
    assert acceptance is not None
    assert [one.due_on for one in explain_deadline(triage, law).other_dates] == []
    assert [one.due_on for one in explain_deadline(acceptance, law).other_dates] == [date(2026, 11, 27)]
    paused = resume_deadline(acceptance, date(2026, 11, 17), date(2026, 11, 18), law.calendar)
    assert [one.due_on for one in explain_deadline(paused, law).other_dates] == [date(2026, 11, 28)]
    decided = extend_due_date(acceptance, date(2026, 11, 30))
    assert explain_deadline(decided, law).other_dates == ()
    posting = law.policies.row_for("reception", LegalStage.SCHEDULE_POSTING, date(2026, 11, 27))
    assert posting is not None
    found = explain_rule(law, posting, date(2026, 11, 27))
    assert (found.due_on, [one.due_on for one in found.other_dates]) == (date(2026, 11, 19), [date(2026, 11, 18)])


# -- clocks on record ----------------------------------------------------------------------------------------


@pytest.fixture
def settlement(law: Law) -> Deadline:
    deadline = law.deadline("complaint", Clock.SETTLEMENT, date(2026, 7, 15))
    assert deadline is not None
    return deadline


def test_a_clock_on_record_is_explained_by_its_rule(settlement: Deadline, law: Law) -> None:
    found = explain_deadline(settlement, law)
    assert (found.due_on, found.rule, found.verified, found.recalculated_due_on) == (
        date(2026, 8, 14),
        "complaint-settlement@1",
        True,
        None,
    )
    assert found.days[-1].day == date(2026, 8, 14)


def test_a_suspension_is_told_with_the_days_that_do_not_count(settlement: Deadline, law: Law) -> None:
    found = explain_deadline(resume_deadline(settlement, date(2026, 8, 3), date(2026, 9, 7), law.calendar), law)
    assert (found.due_on, found.days[-1].day) == (date(2026, 9, 18), date(2026, 9, 18))
    assert sum(day.why is Why.SUSPENDED for day in found.days) == 35
    text = explanation_text(found, "en")
    assert "Suspended from 03/08/2026 to 07/09/2026: 35 days do not count." in text
    assert "First due date: Fri 14/08/2026." in text


def test_a_date_that_was_set_says_so_and_has_no_rule(law: Law) -> None:
    head = start_clock_with_date(Clock.HEAD, date(2026, 7, 15), date(2026, 8, 14))
    found = explain_deadline(head, law)
    assert (found.rule, found.source, found.verified, found.days) == (None, None, None, ())
    assert "A date that was set by decision: Fri 14/08/2026." in explanation_text(found, "en")
    moved = explanation_text(
        explain_deadline(resume_deadline(head, date(2026, 8, 3), date(2026, 8, 4), law.calendar), law), "en"
    )
    assert "Moved to Mon 17/08/2026 by the time under suspension." in moved


def test_an_extension_tells_the_first_date_and_the_one_decided(settlement: Deadline, law: Law) -> None:
    text = explanation_text(explain_deadline(extend_due_date(settlement, date(2026, 9, 30)), law), "en")
    assert "First due date: Fri 14/08/2026." in text
    assert "A date that was set by decision: Wed 30/09/2026." in text
    assert "complaint-settlement@1" in text


def test_the_date_on_record_holds_when_the_calendar_says_otherwise(settlement: Deadline, law: Law) -> None:
    later = replace(law.calendar, version="T-2", days_off={**law.calendar.days_off, date(2026, 8, 14): "declared"})
    found = explain_deadline(settlement, replace(law, calendar=later))
    assert (found.due_on, found.recalculated_due_on, found.calendar) == (
        date(2026, 8, 14),
        date(2026, 8, 17),
        "VN-2026.1",
    )
    assert "By today's calendar T-2 it would be Mon 17/08/2026; the date on record holds." in explanation_text(
        found, "en"
    )


def test_a_rule_that_is_no_longer_on_file_is_still_named(settlement: Deadline, law: Law) -> None:
    lost = value.replace(settlement, policy="old-rule@3")
    found = explain_deadline(lost, law)
    assert (found.verified, found.source) == (None, None)
    assert "old-rule@3, which is not on file any more" in explanation_text(found, "en")


def test_a_clock_beyond_the_calendar_is_explained_without_its_days(settlement: Deadline, law: Law) -> None:
    shorter = replace(law.calendar, last=date(2026, 8, 1), provisional=frozenset())
    found = explain_deadline(settlement, replace(law, calendar=shorter))
    assert (found.due_on, found.days) == (date(2026, 8, 14), ())


# -- what always holds ---------------------------------------------------------------------------------------


@examples(300)
@given_that(choices=st.data(), start=days, limit=limits)
def test_an_explanation_ends_on_the_day_that_counting_gives(
    choices: st.DataObject, start: date, limit: Limit, law: Law
) -> None:
    found = explain_limit(limit, start, law.calendar)
    assert found.days[-1].day == found.due_on == due_date(start, limit, law.calendar)
    assert sum(day.counted for day in found.days) == limit.amount
    deadline = running(start, limit, law.calendar)
    for begun, ended in choices.draw(pauses(start)):
        deadline = resume_deadline(deadline, begun, ended, law.calendar)
    walked = explain_deadline(deadline, law)
    assert walked.days[-1].day == deadline.due_on
    assert walked.recalculated_due_on is None
    assert sum(day.counted for day in walked.days) == limit.amount
    for language in ("vi", "en"):
        assert explanation_text(walked, language, day_by_day=True)


@given_that(start=days, amount=st.integers(1, 60), unit=st.sampled_from(DayKind))
def test_what_is_counted_back_is_walked_back(start: date, amount: int, unit: DayKind, law: Law) -> None:
    row = law.policies.rows[0].model_copy(
        update={"limit": Limit(amount=amount, unit=unit, counts_start_day=False), "counts_back": True}
    )
    on = start + timedelta(days=200)
    found = explain_rule(law, row, on)
    assert found.days[-1].day == found.due_on
    assert [day.n for day in found.days if day.counted] == list(range(1, amount + 1))


def test_every_rule_is_told_in_both_languages(law: Law) -> None:
    for row in law.policies.rows:
        on = max(row.in_force_from, date(2012, 1, 5)) if row.in_force_to else date(2026, 7, 6)
        for language in ("vi", "en"):
            text = explanation_text(explain_rule(law, row, on), language, day_by_day=True)
            assert row.legal_source in text
            if row.limit is not None:
                assert (row.reference in text) == (language == "en"), "a reader of Vietnamese is told no code"
            assert "_" not in text, text


# -- words ---------------------------------------------------------------------------------------------------


def test_every_word_of_the_law_has_its_words(policies: Policies) -> None:
    assert labels.LEGAL_STAGE_LABELS.keys() == {*LegalStage, *Clock}
    assert labels.POLICY_KIND_LABELS.keys() == set(PolicyKind.__args__)  # type: ignore[attr-defined]  # of the Literal
    assert {row.trigger for row in policies.rows} <= labels.TRIGGER_LABELS.keys()
    assert labels.WHY_LABELS.keys() == set(Why)
    assert labels.DAY_KIND_LABELS.keys() == set(DayKind)


def test_a_sentence_has_the_same_gaps_in_both_languages() -> None:
    for name, translations in labels.EXPLANATION_SENTENCES.items():
        gaps = [
            {gap for _, gap, _, _ in string.Formatter().parse(text) if gap}
            for text in (translations["vi"], translations["en"])
        ]
        assert gaps[0] == gaps[1], name
