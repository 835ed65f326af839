"""Tests that nothing which a person typed looks like a line, a mark or a formula of any output of the product."""

import itertools
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, get_args
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.alerts.delivery import Delivery
from domain.alerts.events import AlertLine, MessageComposed, StreamReference
from domain.alerts.vocabulary import AlertChannel, AlertRole, Does, WatchedClock
from domain.deadlines.explained_run import explained_runs
from domain.deadlines.explained_run_text import explained_run_text
from domain.envelope import EventEnvelope
from domain.events import PETITION_OPENINGS, PetitionEvent, PetitionReceived
from domain.meetings.events import MeetingEvent
from domain.printed_text import printed_cell, printed_line
from domain.value import FactPart
from domain.vocabulary import Category, Channel, OfficerId, UnitId
from projections.act_titles import act_titles
from projections.case_file import case_file_lines
from projections.case_file_clocks import clock_lines
from projections.case_file_text import case_file_text
from projections.clocks_text import clocks_text
from projections.meeting_file import meeting_file_lines, meeting_file_text
from service.alerts.message_format import render_email
from service.cli.output import say, show_json, show_line, show_table
from service.files.formula_escape import escape_formula, unescape_formula
from service.imports.results import CaseOutcome, CaseResult
from service.observability.log_setup import _render_for_terminal, _render_json
from service.sheets.sheet_id import SheetId
from service.sheets.template import BlankSheet, render_csv_sheet
from tests.domain.event_strategies import any_fact
from tests.domain.samples import COMPLAINT, RESUME, SUSPEND, in_progress
from tests.domain.scenario import CLERK, MEETING, PETITION, history_of, national_law
from tests.examples import examples

LAW = national_law()
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
NOON = datetime(2026, 12, 1, 5, tzinfo=UTC)
FORGED = (
    "  2. 20/11/2026  Đã trả lời bằng văn bản\n     nhập vào hệ thống lúc 10:00 ngày 20/11/2026 — chu-tich, Chủ tịch"
)
BREAKS = ("\n", "\r", "\r\n", "\n\n", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029")
HIDING = ("\x1b[2J\x1b[H", "\x1b[31m", "\x9b2J", "\u202e", "\u2066", "\u200b", "\ufeff", "\x08\x08", "\u3164" * 80)
HOSTILE = (
    *(f"thật{line_break}{FORGED}" for line_break in BREAKS),
    *(f"thật{hidden}{FORGED.splitlines()[0]}" for hidden in HIDING),
    f"thật{' ' * 200}{FORGED}",
    f"thật{chr(0xA0) * 200}{FORGED}",
    f"\n\n{FORGED}\n",
)
hostile = st.sampled_from(HOSTILE) | st.tuples(
    st.sampled_from(("", "thật")), st.text(st.sampled_from([*"".join(BREAKS + HIDING), "a", " "]), max_size=9)
).map(lambda parts: f"{parts[0]}{parts[1]}\n{FORGED}")

EVENT_LINE = re.compile(r"\s*\d+\. \d\d/\d\d/\d{1,4}  ")
"""What a line of a file begins with, for whoever reads it."""


def looking_like_events(text: str) -> int:
    """Count the lines that look like one, by whatever a program takes for an end of a line."""
    return sum(EVENT_LINE.match(line) is not None for line in text.splitlines())


def assert_nothing_hides(text: str) -> None:
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff]", text), text
    assert not re.search(r"(?<=\S)[^\S\n]{22,}(?=\S)", text)


def with_texts(value: Any, text: str) -> Any:
    """Return a fact with every text in it, names and codes too, replaced."""
    if type(value) is str:
        return text
    if isinstance(value, tuple):
        return tuple(with_texts(one, text) for one in value)
    if isinstance(value, dict):
        return {key: with_texts(one, text) for key, one in value.items()}
    if isinstance(value, FactPart):
        said = {name: with_texts(getattr(value, name), text) for name in value.__struct_fields__}
        return msgspec.structs.replace(value, **said)
    return value


def recorded(facts: list[Any], text: str) -> list[EventEnvelope[Any]]:
    by = CLERK.model_copy(update={"officer": OfficerId(text), "position": text, "unit": UnitId(text)})
    return [
        EventEnvelope(PETITION, n, with_texts(fact, text), by, NOON, n, command_id=UUID(int=n))
        for n, fact in enumerate(facts, 1)
    ]


RECEIPT = PetitionReceived(occurred_on=date(2026, 7, 6), channel=Channel.POST, summary="x", place="x", book="TD")
acts = st.one_of([any_fact(event) for event in get_args(PetitionEvent) if event not in PETITION_OPENINGS])
meeting_acts = st.one_of([any_fact(event) for event in get_args(MeetingEvent)])


@given(act=acts, text=hostile)
@examples(120)
def test_the_file_of_a_petition_has_as_many_events_as_it_says(act: Any, text: str) -> None:
    history = recorded([RECEIPT, act], text)
    lines = [replace(line, acting_for=text, unit=text) for line in case_file_lines(history, LAW.policies, "vi", HANOI)]
    told = case_file_text(text, lines, "vi", HANOI)
    assert looking_like_events(told) == 2
    assert_nothing_hides(told)


@given(act=meeting_acts, text=hostile)
@examples(80)
def test_the_file_of_a_meeting_has_as_many_events_as_it_says(act: Any, text: str) -> None:
    told = meeting_file_text(text, meeting_file_lines(recorded([act], text), LAW.policies, "vi", HANOI), "vi", HANOI)
    assert looking_like_events(told) == 1
    assert_nothing_hides(told)


def ledger(text: str) -> str:
    history = [
        event._replace(by=event.by.model_copy(update={"officer": OfficerId(text), "unit": UnitId(text)}))
        for event in history_of([*in_progress(COMPLAINT), SUSPEND, RESUME])
    ]
    lines = [
        replace(line, title=text, segments=tuple(replace(one, document_no=text, title=text) for one in line.segments))
        for line in clock_lines(history, date(2026, 8, 1), LAW, "vi")
    ]
    return clocks_text(lines, "vi")


def explanation(text: str) -> str:
    history = history_of([*in_progress(COMPLAINT), SUSPEND, RESUME])
    titles = dict.fromkeys(act_titles(history, "vi"), text)
    return "".join(explained_run_text(clock, "vi", titles) for clock in explained_runs(history, LAW))


def email(text: str) -> str:
    line = AlertLine(
        about=StreamReference(category=Category.PETITION, stream=PETITION, reference=text),
        clock=WatchedClock.SETTLEMENT,
        due_on=date(2026, 11, 20),
        step=text,
        round=1,
        fell_due_on=date(2026, 11, 20),
        roles=(AlertRole.OFFICER,),
        unit=UnitId(text),
        unit_name=text,
        says={"vi": text, "en": text},
        does=Does.TELL,
    )
    message = MessageComposed(
        occurred_on=date(2026, 11, 20),
        message_id=UUID(int=1),
        addressee=OfficerId("x"),
        addressee_office=text,
        instead_of=(OfficerId("x"),),
        instead_of_offices=(text,),
        unit=UnitId("x"),
        channel=AlertChannel.EMAIL,
        ordinal=1,
        alerts=(line,),
    )
    rendered = render_email(
        Delivery(composed=message, version=1, position=1, composed_at=NOON), "a@example.vn", "b@example.vn"
    )
    assert "\n" not in str(rendered["Subject"])
    return str(rendered.get_content())


def table_of_files(text: str) -> str:
    blank = BlankSheet(SheetId.new(MEETING), date(2026, 11, 20), text, text, [], 1)
    rendered = render_csv_sheet(blank).decode("utf-8-sig")
    assert rendered.count("\r\n") == rendered.count("\n") == 3
    return rendered.replace("\r\n", "\n")


def import_report(text: str) -> str:
    return CaseResult(
        (1,), text, CaseOutcome.UNREADABLE, text, notes=(text,), reason=text, changes=(text,)
    ).as_json_line()


WITHOUT_EVENTS: dict[str, Callable[[str], str]] = {
    "ledger": ledger,
    "explanation": explanation,
    "mail": email,
    "CSV": table_of_files,
    "report of an import": import_report,
    "log": lambda text: _render_json(None, "", {"event": "x", "said": text, text: "x"}),
}


@pytest.mark.parametrize("output", WITHOUT_EVENTS.values(), ids=WITHOUT_EVENTS)
def test_no_text_in_any_other_output_looks_like_an_event(output: Callable[[str], str]) -> None:
    for text in HOSTILE:
        told = output(text)
        assert looking_like_events(told) == 0
        assert_nothing_hides(re.sub(r"\\u[0-9a-f]{4}|[^\S\n]{22,}", "", told) if output in JSON_OUTPUTS else told)


JSON_OUTPUTS = (import_report, WITHOUT_EVENTS["log"])


@pytest.mark.parametrize("text", HOSTILE, ids=itertools.count())
def test_what_the_command_line_prints_has_the_lines_of_the_program_alone(
    text: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "20")  # too narrow for a table
    show_table(("a", "b"), [(1, text), (2, "x")])
    paragraphs, _ = capsys.readouterr()
    assert looking_like_events(paragraphs) == 0
    monkeypatch.delenv("COLUMNS")
    show_table(("a", "b"), [(1, text), (2, "x")])
    table, _ = capsys.readouterr()
    assert looking_like_events(table) == 0
    assert len(table.splitlines()) == 4
    show_line(text)
    say(text)
    line, sentence = capsys.readouterr()
    assert looking_like_events(line.strip().replace(FORGED, "", 1) if text.startswith("\n") else line) == 0
    assert looking_like_events(sentence) == 0
    assert sentence.startswith("kiennghi: ")
    assert_nothing_hides(line + sentence)
    show_json({"summary": text})
    written, _ = capsys.readouterr()
    assert json.loads(written) == {"summary": text}
    assert len(written.splitlines()) == 3


@pytest.mark.parametrize("text", HOSTILE, ids=itertools.count())
def test_a_line_of_the_log_on_a_terminal_is_one(text: str) -> None:
    line = _render_for_terminal(None, "info", {"event": "x", "said": text})
    assert len(line.splitlines()) == 1


@given(st.text())
def test_what_was_printed_once_stays_as_it_is(text: str) -> None:
    once = f"  {printed_cell(text)}"
    assert printed_line(once) == once
    assert "\n" not in printed_cell(text)
    lines = printed_line(f"  x{text}").split("\n")
    assert [printed_line(line) for line in lines] == lines


@given(st.text())
def test_a_formula_is_text_in_a_csv_file_and_comes_back(text: str) -> None:
    escaped = escape_formula(text)
    assert escaped.lstrip(" \u00a0\u200b\ufeff")[:1] not in tuple("=+-@\t\r＝")
    assert unescape_formula(escaped) == text or text.startswith("'")


def test_ordinary_text_is_printed_as_it_is() -> None:
    for line in ("       Nội dung: Đường liên thôn hỏng — “sụt lún”, 12 m²", "  1. 06/07/2026  Tiếp nhận đơn"):
        assert printed_line(line) == line
    assert printed_line("  Nội dung: một\nhai") == "  Nội dung: một\n    │ hai"
    assert printed_cell("một\nhai\x1b[0m") == "một ⏎ hai⟨U+001B⟩[0m"
