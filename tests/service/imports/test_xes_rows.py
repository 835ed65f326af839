import gzip
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from service.config.law_files import national_law
from service.files.cells import UnreadableFile
from service.imports.mapping import UnusableMapping, load_mapping
from service.imports.readings import CaseReading, ReadCase, UnreadableRows
from tests.service.imports.case_reading import english, read_cases
from tests.service.imports.conftest import Read

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"
MAPPING = """
[source]
name = "s"
rows = "event"
[case]
key = "case:concept:name"
received = "case:start"
summary = "case:what"
[event]
step = "concept:name"
at = "time:timestamp"
unit = "org:group"
"""
TRACE = '<string key="concept:name" value="A"/><date key="start" value="2024-01-05T00:30:00+07:00"/>'
EVENT = '<string key="concept:name" value="step"/><date key="time:timestamp" value="2024-01-06T01:00:00Z"/>'


def log(*traces: str) -> str:
    return f'<?xml version="1.0"?><log>{"".join(f"<trace>{trace}</trace>" for trace in traces)}</log>'


def event(more: str = "") -> str:
    return f"<event>{EVENT}{more}</event>"


def only_case(found: list[CaseReading]) -> ReadCase:
    assert len(found) == 1
    assert isinstance(found[0], ReadCase), found[0]
    return found[0]


def test_the_example_tells_its_cases_by_what_their_steps_mean() -> None:
    mapping = load_mapping(EXAMPLES / "one-row-an-event.toml")
    first, second, third = read_cases(
        EXAMPLES / "one-row-an-event.xes", mapping, ZoneInfo("Asia/Ho_Chi_Minh"), national_law()
    )
    assert isinstance(first, ReadCase)
    assert first.rows == (1, 2, 3)
    assert first.case.received_on == date(2024, 3, 5)  # 20:30 of the 4th in UTC is the morning of the 5th here
    assert first.case.received_at == datetime(2024, 3, 4, 20, 30, tzinfo=UTC)
    assert (first.case.unit, first.case.officer, first.case.assigned_on) == (
        "phong-vi-du-1",
        "canbo-01",
        date(2024, 3, 6),
    )
    assert first.case.answered_on == date(2024, 3, 20)
    assert [step.step for step in first.case.steps] == ["Tiếp nhận", "Giao việc", "Trả lời"]
    assert isinstance(second, ReadCase)
    assert second.case.answered_on is None
    assert isinstance(third, UnreadableRows)
    assert (third.rows, third.key, english(third.reason)) == ((5,), "VD-103", "row 5: there is no day of receipt")


def test_a_trace_without_events_is_a_case_without_steps(read: Read) -> None:
    assert only_case(read(log(TRACE), MAPPING, "l.xes")).case.steps == ()


def test_what_a_trace_says_after_its_events_is_read_too(read: Read) -> None:
    found = only_case(read(log(TRACE + event() + '<string key="what" value="late"/>'), MAPPING, "l.xes"))
    assert found.case.summary == "late"
    assert len(found.case.steps) == 1


def test_one_row_a_case_reads_the_traces_alone(read: Read) -> None:
    mapping = MAPPING.partition("[event]")[0].replace('"event"', '"case"')
    assert only_case(read(log(TRACE + event() + event()), mapping, "l.xes")).case.steps == ()


def test_attributes_inside_attributes_and_lists_do_not_pass_for_the_events_own(read: Read) -> None:
    nested = (
        '<string key="org:group" value="unit-1"><string key="concept:name" value="inner"/></string>'
        '<list key="l"><values><string key="concept:name" value="listed"/></values></list>'
    )
    found = only_case(read(log(TRACE + event(nested)), MAPPING, "l.xes"))
    assert [(step.step, step.unit) for step in found.case.steps] == [("step", "unit-1")]
    by_path = MAPPING.replace('"org:group"', '"org:group/concept:name"')
    assert only_case(read(log(TRACE + event(nested)), by_path, "l.xes")).case.steps[0].unit == "inner"


def test_an_attribute_that_stands_twice_is_reported(read: Read) -> None:
    (found,) = read(log(TRACE + event('<string key="concept:name" value="other"/>')), MAPPING, "l.xes")
    assert isinstance(found, UnreadableRows)
    assert english(found.reason) == "row 1: the attribute “concept:name” stands twice"


def test_the_defaults_of_a_log_are_nobodys_values(read: Read) -> None:
    declared = '<global scope="trace"><string key="what" value="?"/></global><string key="what" value="log"/>'
    found = only_case(read(f"<log>{declared}<trace>{TRACE}</trace></log>", MAPPING, "l.xes"))
    assert found.case.summary == ""


def test_a_log_with_prefixes_packed_and_in_utf_16_is_read(read: Read) -> None:
    text = f'<x:log xmlns:x="u"><x:trace>{TRACE}</x:trace></x:log>'.replace("<string", "<x:string")
    found = read(gzip.compress(f'<?xml version="1.0" encoding="UTF-16"?>{text}'.encode("utf-16")), MAPPING, "l.xes.gz")
    assert only_case(found).key == "A"


def test_an_encoding_in_the_mapping_goes_before_the_declared_one(read: Read) -> None:
    text = log(TRACE + '<string key="what" value="Đơn"/>')
    mapping = MAPPING.replace("[case]", 'encoding = "windows-1258"\n[case]')
    assert only_case(read(text.encode("windows-1258"), mapping, "l.xes")).case.summary == "Đơn"


BOMB = (
    '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    '<log><trace><string key="concept:name" value="&b;"/></trace></log>'
)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (BOMB, "declares a document type or entities"),
        ('<!DOCTYPE log SYSTEM "file:///etc/hostname"><log/>', "declares a document type or entities"),
        (log(TRACE)[:-9], r"line 1, column \d+: not well-formed XML"),
        (log(TRACE).replace("</trace>", "</event>"), "not well-formed XML: mismatched tag"),
        ("Số,Ngày\n1,2\n", "not well-formed XML"),
        ("", "the file is empty"),
        ("<logs/>", "not an XES log: its first element is “logs”"),
        ("<html/>", "this is a web page"),
        (log(TRACE + '<string key="what" value="a\0b"/>'), "not well-formed XML"),
        (log(TRACE + f'<string key="what" value="{"x" * 2_000_000}"/>'), "more than 1,000,000 characters"),
        (log("<list>" * 60 + "</list>" * 60), "more than 50 deep"),
        (b"<log><trace>\xd0\xff</trace></log>", "not well-formed XML: not well-formed"),
    ],
)
def test_what_is_no_well_formed_log_is_refused_as_a_whole(read: Read, content: str | bytes, complaint: str) -> None:
    with pytest.raises(UnreadableFile, match=complaint):
        read(content, MAPPING, "l.xes")


def test_a_mapping_without_whose_columns_there_is_no_case_is_refused(read: Read) -> None:
    with pytest.raises(UnusableMapping, match=r"case\.key: nothing in the log has the attribute “case:number”"):
        read(log(TRACE + event()), MAPPING.replace("case:concept:name", "case:number"), "l.xes")
