from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.events import WorkStarted
from domain.imported_changes import facts_to_take_over, find_differences
from domain.imported_history import ImportedCase, ImportedStep, facts_of_imported_case
from tests.examples import examples

TODAY = date(2026, 7, 6)
DAY = date(2026, 1, 5)
FIRST: dict[str, Any] = {"source": "s", "key": "1", "received_on": DAY, "summary": "đèn đường hỏng (ví dụ)"}
MORE: dict[str, dict[str, Any]] = {
    "answer": {"answered_on": DAY + timedelta(days=9), "answer": "đã sửa (ví dụ)", "answer_no": "1/VD"},
    "assignment": {"unit": "u1", "officer": "canbo", "assigned_on": DAY + timedelta(days=1)},
    "steps": {"steps": (ImportedStep(step="một", on=DAY), ImportedStep(step="hai", on=DAY + timedelta(days=2)))},
}
OTHERWISE: dict[str, dict[str, Any]] = {
    "receipt": {"received_on": DAY + timedelta(days=1)},
    "summary": {"summary": "đèn đường sáng (ví dụ)"},
    "due date": {"due_on": DAY + timedelta(days=30)},
    "kind": {"kind": "complaint"},
}


def told(**fields: Any) -> ImportedCase:
    return ImportedCase(**(FIRST | fields))


@given(st.sets(st.sampled_from(sorted(MORE))), st.sets(st.sampled_from(sorted(MORE))))
@examples(64)
def test_what_is_taken_over_makes_the_log_say_what_the_source_says(before: set[str], since: set[str]) -> None:
    history = facts_of_imported_case(told(**{k: v for name in before for k, v in MORE[name].items()}), TODAY)
    case = told(**{k: v for name in before | since for k, v in MORE[name].items()})
    more = facts_to_take_over(history, case, TODAY)
    assert bool(more) == bool(since - before)
    assert find_differences([*history, *more], case, TODAY) == []
    assert facts_to_take_over([*history, *more], case, TODAY) == []


@pytest.mark.parametrize("what", OTHERWISE)
def test_nothing_is_taken_over_of_a_case_that_is_told_otherwise(what: str) -> None:
    case = told(**MORE["answer"], **OTHERWISE[what])
    history = facts_of_imported_case(told(), TODAY)
    assert facts_to_take_over(history, case, TODAY) == []
    (field,) = OTHERWISE[what]
    assert field in [one.field for one in find_differences(history, case, TODAY)]


def test_a_step_that_the_source_has_no_longer_is_told_otherwise() -> None:
    history = facts_of_imported_case(told(**MORE["steps"]), TODAY)
    assert facts_to_take_over(history, told(**MORE["answer"]), TODAY) == []
    assert [one.field for one in find_differences(history, told(), TODAY)] == ["steps"]


def test_nothing_is_taken_over_where_somebody_worked_since() -> None:
    history = [*facts_of_imported_case(told(), TODAY), WorkStarted(occurred_on=TODAY)]
    assert facts_to_take_over(history, told(**MORE["answer"]), TODAY) == []
